"""Reads of the rooms: who may move on and why not, who may sign, where everybody is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from centers import selectors as centers
from centers.states import AssessmentKind
from rehab import clock
from rehab.db.prepared import Among, Prepared
from rehab.models import Bureau, Case, Placement, Unit, User
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.rules.conditions import Condition
from rehab.rules.persons import of_age_on
from rehab.states import CaseStatus, Stage
from zones import rules
from zones.models import FacilityTransfer, StageRule, ZoneMove
from zones.rules import MoveFacts, Signing, StageDays
from zones.states import EDGES, MoveStatus

AMONG_MINORS = Exists(
    Placement.objects.filter(
        case=OuterRef("pk"), held=False, period__endswith__isnull=True, bed__room__for_minors=True
    )
)


def move_facts(
    cases: Sequence[Case], *, under_way: Mapping[UUID, str] | None = None
) -> dict[UUID, MoveFacts]:
    """What decides the next move of each case; a constant number of queries for any cases.

    `under_way` gives the states of open moves to a caller who has read them.
    """
    rows = _of_cases(case.pk for case in cases)
    by_province = _rules_of({row.facility__province_id for row in rows})
    if under_way is None:
        moves = ZoneMove.objects.open().filter(case__in=[row.pk for row in rows])
        under_way = dict(moves.values_list("case_id", "status"))
    found = {}
    wanted: dict[UUID, AssessmentKind] = {}
    for row in rows:
        entered_on = clock.day_of(row.zone_entered_at) if row.zone_entered_at else None
        ours = by_province[row.facility__province_id]
        rule = rule_for(ours[row.zone__stage], entered_on)
        last = rule_for(ours[Stage.REENTRY], entered_on)
        if rule and rule.needs_assessment and row.status == CaseStatus.IN_FACILITY:
            wanted[row.pk] = AssessmentKind(rule.needs_assessment)
        stage = Stage(row.zone__stage) if row.zone__stage else None
        found[row.pk] = MoveFacts(
            status_label=CaseStatus(row.status).label,
            in_facility=row.status == CaseStatus.IN_FACILITY,
            stage=stage.value if stage else "",
            stage_label=stage.label if stage else "",
            next_label=stage.next.zone_label if stage and stage.next else "",
            entered_on=entered_on,
            ends_on=row.ends_on,
            days=_days(rule),
            reentry_days=_days(last),
            assessment=AssessmentKind(rule.needs_assessment).label
            if rule and rule.needs_assessment
            else "",
            passed=False,
            parts=(),
            open_move=MoveStatus(under_way[row.pk]).label if row.pk in under_way else "",
            of_age_on=of_age_on(row.person__birth_date) if row.among_minors else None,
            transferred=row.transferred,
        )
    for key, ready in centers.readiness(wanted).items():
        found[key] = replace(found[key], passed=ready.passed, parts=ready.conditions)
    return found


@Prepared
def _of_cases() -> Any:
    return (
        Case.objects.filter(Among("pk"))
        .annotate(
            among_minors=AMONG_MINORS,
            transferred=Exists(FacilityTransfer.objects.filter(case=OuterRef("pk"))),
        )
        .values_list(
            "pk", "status", "zone__stage", "zone_entered_at", "ends_on", "facility__province_id",
            "person__birth_date", "among_minors", "transferred", named=True,
        )
    )  # fmt: skip


def _rules_of(provinces: set[UUID]) -> dict[UUID, dict[str | None, list[StageRule]]]:
    """Every rule of these provinces by province and stage, oldest first."""
    found: dict[UUID, dict[str | None, list[StageRule]]] = defaultdict(lambda: defaultdict(list))
    for rule in _rules(provinces):
        found[rule.province_id][rule.stage].append(rule)
    return found


@Prepared
def _rules() -> Any:
    return StageRule.objects.filter(Among("province")).order_by("effective_from")


def rule_for(of_stage: Sequence[StageRule], entered_on: date | None) -> StageRule | None:
    """The rule in force when the zone was entered, or, where none was yet, the first that came after."""
    if not of_stage or entered_on is None:
        return None
    in_force = [rule for rule in of_stage if rule.effective_from <= entered_on]
    return in_force[-1] if in_force else of_stage[0]


def stage_rule_obstacles(
    province: Bureau, stage: Stage, effective_from: date, *, minimum: int, target: int, maximum: int
) -> tuple[Obstacle, ...]:
    """Why a province may not set this rule for a stage from this day on."""
    known = StageRule.objects.filter(
        province=province, stage=stage, effective_from=effective_from
    ).exists()
    return rules.stage_rule_obstacles(minimum=minimum, target=target, maximum=maximum, known=known)


def _days(rule: StageRule | None) -> StageDays | None:
    if rule is None:
        return None
    return StageDays(rule.minimum_days, rule.target_days, rule.maximum_days)


def move_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Why a person may not be proposed for the next zone. Shared by the page and the action."""
    return rules.move_obstacles(move_facts([case])[case.pk], on=on)


def approval_obstacles(cases: Sequence[Case], *, on: date) -> dict[UUID, tuple[Obstacle, ...]]:
    """Why what was proposed may no longer be approved: conditions that held then and do not now."""
    facts = move_facts(cases, under_way={})
    return {key: rules.move_obstacles(one, on=on) for key, one in facts.items()}


def move_conditions(cases: Sequence[Case], on: date) -> dict[UUID, tuple[Condition, ...]]:
    """What lets each person move on, met or not, and whose task it is; a constant number of queries."""
    return {key: rules.move_conditions(facts, on=on) for key, facts in move_facts(cases).items()}


def target_obstacles(case: Case, to_unit: Unit) -> tuple[Obstacle, ...]:
    """Why a 大队 may not be the one to receive this person; `case` with its zone, `to_unit` with its."""
    if case.zone is None or (following := Stage(case.zone.stage).next) is None:
        return ()  # the other reasons say it
    zone = to_unit.zone
    if zone is None or to_unit.facility_id != case.facility_id or zone.stage != following:
        return (Obstacle(f"{to_unit.name}不在{following.zone_label}，请另选接收大队"),)
    if to_unit.closed_at is not None:
        return (Obstacle(f"{to_unit.name}已经撤销，请另选接收大队"),)
    return ()


def is_of(user: User, unit: Unit) -> bool:
    """Whether a user works for a 大队: posted to it or to a 中队 under it."""
    return user.unit is not None and user.unit.pk in (unit.pk, unit.parent_id)


def proposer_obstacles(case: Case, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not propose this person: the sending signature is his own 大队's."""
    if case.unit is None or is_of(by, case.unit):
        return ()
    return (Obstacle(f"此人在{case.unit.name}，由该大队民警提请"),)


def signing_obstacles(
    move: ZoneMove, to: MoveStatus, *, act: str, by: User
) -> tuple[Obstacle, ...]:
    """Why this officer may not approve (sending 大队) or receive (receiving 大队) a move now."""
    unit = move.from_unit if to == MoveStatus.IN_TRANSIT else move.to_unit
    return rules.signing_obstacles(
        Signing(
            act=act,
            legal=(MoveStatus(move.status), to) in EDGES,
            state_label=move.get_status_display(),
            unit_name=unit.name,
            of_that_unit=is_of(by, unit),
            signed_as=_signed_as(move, by),
        )
    )


def return_obstacles(move: ZoneMove, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not return a move: its leader may, and once in transit the receivers."""
    received_here = move.status == MoveStatus.IN_TRANSIT and is_of(by, move.to_unit)
    leads = by.may(Permission.ZONE_MOVE_APPROVE) and is_of(by, move.from_unit)
    return rules.signing_obstacles(
        Signing(
            act="退回",
            legal=(MoveStatus(move.status), MoveStatus.RETURNED) in EDGES,
            state_label=move.get_status_display(),
            unit_name=f"{move.from_unit.name}的大队长或者待交接时的接收大队",
            of_that_unit=received_here or leads,
        )
    )


def _signed_as(move: ZoneMove, by: User) -> str:
    if move.proposed_by_id == by.pk:
        return "提请"
    return "审批" if move.approved_by_id == by.pk else ""


def withdrawal_obstacles(move: ZoneMove, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not withdraw a move: only who proposed it may, while it is not received."""
    legal = (MoveStatus(move.status), MoveStatus.WITHDRAWN) in EDGES
    obstacles = rules.signing_obstacles(
        Signing("撤回", legal, move.get_status_display(), move.from_unit.name, of_that_unit=True)
    )
    if not obstacles and move.proposed_by_id != by.pk:
        obstacles = (Obstacle("此件转区由提请人撤回；您可以退回"),)
    return obstacles


def open_move(case: Case) -> ZoneMove | None:
    """The move under way for a case, with its units and signatures."""
    return (
        ZoneMove.objects.open()
        .filter(case=case)
        .select_related("from_unit__zone", "to_unit__zone", "proposed_by", "approved_by")
        .first()
    )


def planned(case: Case) -> rules.Schedule | None:
    """From when, by when and at the latest by when a person should move on."""
    return rules.schedule(move_facts([case])[case.pk])


def acts_open_to(user: User, move: ZoneMove) -> dict[str, bool]:
    """Which signatures this officer may put to a move now; empty when it waits for somebody else."""
    approving, receiving = MoveStatus.IN_TRANSIT, MoveStatus.RECEIVED
    open_acts = {
        "approve": user.may(Permission.ZONE_MOVE_APPROVE)
        and not signing_obstacles(move, approving, act="审批", by=user),
        "receive": user.may(Permission.ZONE_MOVE_RECEIVE)
        and not signing_obstacles(move, receiving, act="签收", by=user),
        "give_back": not return_obstacles(move, by=user),
        "withdraw": not withdrawal_obstacles(move, by=user),
    }
    return {name: True for name, is_open in open_acts.items() if is_open}
