"""What is due in the rooms: the move to the next zone, its assessment and records, its signatures; 转所."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from centers.states import Need
from rehab import statutes
from rehab.db.prepared import Among, Prepared
from rehab.models import Case
from rehab.rules.days import day_of, end_of, start_of
from rehab.rules.timing import Category, Clock, Expected
from zones import rules, selectors, transfer_clocks
from zones.models import ZoneMove
from zones.rules import MoveFacts, Schedule
from zones.states import OPEN, MoveStatus

MOVE = "zones.move"
LONGEST = "zones.longest"
STAGE_ASSESSMENT = "zones.stage_assessment"
APPROVAL = "zones.approval"
RECEIPT = "zones.receipt"
OF_AGE = "zones.of_age"

NEEDS = {  # what a stage assessment may lack: where it is recorded (身心康复 stands on two of them)
    Need.MEDICAL: "centers:detox-create",
    Need.EDUCATION: "centers:entry-education-create",
    Need.TRAINING: "centers:fitness-test-create",
    Need.SCREENING: "centers:screening-create",
    Need.DETOX: "centers:detox-create",
    Need.CONDUCT: "centers:conduct-create",
    Need.SOCIAL: "centers:social-create",
}


def need_clock(code: str) -> str:
    """The clock of one record that the stage assessment needs."""
    return f"zones.need.{code}"


CLOCKS = (
    Clock(MOVE, "转入下一区", Category.MOVE, "提请转区", "zones:proposal-create", lead_days=7),
    Clock(LONGEST, "在区最长期限", Category.MOVE, "查看转区", "zones:proposal-create", lead_days=7),
    Clock(APPROVAL, "转区待审批", Category.MOVE, "审批", "zones:proposal-create", lead_days=1),
    Clock(RECEIPT, "转区待交接", Category.MOVE, "查看交接", "zones:proposal-create", lead_days=1),
    Clock(
        OF_AGE, "满十八周岁，调整床位", Category.MOVE, "调整床位", "zones:bed-change", lead_days=7
    ),
    Clock(STAGE_ASSESSMENT, "阶段性评估", Category.ASSESSMENT, "评估", "centers:assessment-create"),
    *(
        Clock(
            need_clock(code), f"{code.label}（阶段性评估所需）", Category.CENTER, "办理", url_name
        )
        for code, url_name in NEEDS.items()
    ),
    *transfer_clocks.CLOCKS,
)


@dataclass(frozen=True)
class Signatures:
    """A move that stands, as far as it was signed."""

    key: str
    stage: str
    to_unit: UUID
    entered_at: datetime
    due_on: date
    status: str
    proposed_at: datetime
    approved_at: datetime | None
    received_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class ZoneFacts:
    move: MoveFacts
    moves: tuple[Signatures, ...]  # under way or received; those returned or withdrawn left no duty
    transfers: tuple[transfer_clocks.Way, ...] = ()


def facts(cases: Sequence[Case]) -> Mapping[UUID, ZoneFacts]:
    """A constant number of queries for any number of cases."""
    of_case: dict[UUID, list[Signatures]] = {case.pk: [] for case in cases}
    for move in _standing(of_case):
        of_case[move.case_id].append(
            Signatures(
                str(move.pk),
                move.stage,
                move.to_unit_id,
                move.entered_at,
                move.due_on,
                move.status,
                move.proposed_at,
                move.approved_at,
                move.received_at,
            )
        )
    under_way = {
        key: move.status for key, moves in of_case.items() for move in moves if move.is_open
    }
    of_move = selectors.move_facts(cases, under_way=under_way)
    ways = transfer_clocks.ways([key for key, move in of_move.items() if move.transferred])
    return {
        key: ZoneFacts(move, tuple(of_case[key]), ways.get(key, ()))
        for key, move in of_move.items()
    }


@Prepared
def _standing() -> Any:
    moves = ZoneMove.objects.filter(Among("case"), status__in=[*OPEN, MoveStatus.RECEIVED])
    return moves.order_by("proposed_at")


def expected(facts: ZoneFacts) -> tuple[Expected, ...]:
    """What the zone a person lives in calls for, and how each former move was done."""
    rows = [row for move in facts.moves for row in _of_move(move)]
    planned = rules.schedule(facts.move)
    if facts.move.in_facility and planned is not None:
        if not any(move.is_open for move in facts.moves):
            rows.append(_move_due(facts.move, planned))
        rows += _of_stage(facts.move, planned)
    if facts.move.of_age_on is not None:
        rows.append(_of_age(facts.move.of_age_on))
    rows += transfer_clocks.expected(facts.transfers)
    return tuple(rows)


def _of_move(move: Signatures) -> tuple[Expected, ...]:
    """The three signatures of a move: each owed by its own post, kept when it was given.

    The sending 大队 owes the first two, the receiving one the last.
    """
    proposal = Expected(
        MOVE,
        opened_at=move.entered_at,
        due_at=end_of(move.due_on),
        owed_by="zone_officer",
        cycle=move.stage,
        satisfied_at=move.proposed_at,
    )
    approval = Expected(
        APPROVAL,
        opened_at=move.proposed_at,
        due_at=end_of(day_of(move.proposed_at) + rules.APPROVED_WITHIN),
        owed_by="zone_leader",
        cycle=move.key,
        satisfied_at=move.approved_at,
    )
    if move.approved_at is None:
        return (proposal, approval)
    receipt = Expected(
        RECEIPT,
        opened_at=move.approved_at,
        due_at=end_of(day_of(move.approved_at)),
        owed_by="zone_officer",
        unit=move.to_unit,
        cycle=move.key,
        satisfied_at=move.received_at,
    )
    return (proposal, approval, receipt)


def _move_due(facts: MoveFacts, planned: Schedule) -> Expected:
    """The proposal that is due; it opens on the day from which it may be made."""
    return Expected(
        MOVE,
        opened_at=start_of(planned.opens_on),
        due_at=end_of(planned.due_on),
        owed_by="zone_officer",
        cycle=facts.stage,
    )


def _of_age(day: date) -> Expected:
    """Who lies among minors sleeps elsewhere from his eighteenth birthday on."""
    return Expected(
        OF_AGE,
        opened_at=start_of(day),
        due_at=end_of(day),
        owed_by="zone_officer",
        article=statutes.SEPARATION,
    )


def _of_stage(facts: MoveFacts, planned: Schedule) -> list[Expected]:
    """The longest stay, the stage assessment and its records, while they are outstanding.

    What is done is kept by the centre that did it.
    """
    opened = start_of(planned.entered_on)
    rows = [
        Expected(
            LONGEST,
            opened_at=opened,
            due_at=end_of(planned.latest_on),
            owed_by="zone_leader",
            cycle=facts.stage,
        )
    ]
    if facts.assessment and not facts.passed:
        rows.append(
            Expected(
                STAGE_ASSESSMENT,
                opened_at=opened,
                due_at=end_of(planned.assessment_due_on),
                owed_by="assessor",
                cycle=facts.stage,
            )
        )
        rows += [
            Expected(
                need_clock(part.code),
                opened_at=opened,
                due_at=end_of(planned.needs_due_on),
                owed_by=part.owner,
                cycle=facts.stage,
            )
            for part in facts.parts
            if not part.met and part.code in NEEDS
        ]
    return rows
