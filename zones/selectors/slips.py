"""The slips of the page 分区流转: who is due to move on in each zone, and what still holds him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import JSONObject, RowNumber

from rehab.clocks import EXPIRY
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline, Event, Notice, User
from rehab.permissions import Permission
from rehab.rules.days import day_of
from rehab.states import CaseStatus, Reach, Stage
from zones import rules
from zones.clocks import APPROVAL, LONGEST, MOVE, OF_AGE, RECEIPT
from zones.selectors.moves import is_of
from zones.selectors.vacancies import Beds

SLIPS_PER_LANE = 50  # at first; the page shows so many more at a time
FEW_BEDS = 3


@dataclass(frozen=True)
class Mark:
    """One line under a name: met, unmet, or to be heeded."""

    text: str
    tone: str


@dataclass(frozen=True)
class Slip:
    """One person who is due: to the next zone, or, from the last one, to release."""

    case: Case
    due_at: datetime
    opens_on: date | None
    marks: tuple[Mark, ...]
    selectable: bool
    to_release: bool
    may_ask: bool = False  # another post owes something and was not asked today


@dataclass(frozen=True)
class Lane:
    """One zone: how many live there, how many are due, and the first of those."""

    stage: Stage
    people: int = 0
    near: int = 0
    slips: tuple[Slip, ...] = ()
    elsewhere: bool = False  # the user's 大队 lives in another zone

    @property
    def unlisted(self) -> int:
        return self.near - len(self.slips)

    @property
    def further(self) -> int:
        """How many the page shows beyond these when it is asked for more."""
        return min(self.unlisted, SLIPS_PER_LANE)

    @property
    def tickable(self) -> int:
        """How many of those shown may be ticked."""
        return sum(slip.selectable for slip in self.slips)


def living_with(user: User) -> Any:
    """The people whose moves this user looks at: his own 大队's, or all that he may see."""
    visible = Case.objects.visible_to(user)
    if user.reach == Reach.UNIT and user.unit is not None:
        visible = visible.filter(Q(unit=user.unit) | Q(unit__parent=user.unit))
    return visible.filter(status=CaseStatus.IN_FACILITY, zone__isnull=False)


def due_by(horizon: datetime) -> Q:
    """Open deadlines that put somebody on the board: his move, or, from the last zone, the end."""
    return Q(satisfied_at__isnull=True, due_at__lte=horizon) & (
        Q(clock=MOVE) | Q(clock=EXPIRY, case__zone__stage=Stage.REENTRY)
    )


def near(due: Q) -> Exists:
    """Whether somebody is on the board by such a deadline."""
    return Exists(Deadline.objects.filter(due, case=OuterRef("pk")))


def lanes_of(
    numbers: Mapping[Stage, tuple[int, int]],
    slips: Mapping[Stage, Sequence[Slip]],
    *,
    stages: Sequence[Stage],
    home: Stage | None,
) -> tuple[Lane, ...]:
    """The zones with how many live there, how many are near, and their slips."""
    return tuple(
        Lane(
            stage,
            *numbers.get(stage, (0, 0)),
            slips=tuple(slips[stage]),
            elsewhere=home is not None and stage != home,
        )
        for stage in stages
    )


def slips_of(
    cases: Any, due: Q, beds: Beds, *, user: User, on: date, shown: int
) -> dict[Stage, list[Slip]]:
    others = Deadline.objects.open().filter(case=OuterRef("case"))
    outstanding = others.filter(clock__startswith="zones.").exclude(
        clock__in=[MOVE, LONGEST, APPROVAL, RECEIPT, OF_AGE]
    )
    rows = (
        Deadline.objects.filter(due, case__in=cases)
        .annotate(
            outstanding=ArraySubquery(
                outstanding.order_by("due_at", "clock").values(
                    one=JSONObject(clock="clock", owed_by="owed_by")
                )
            ),
            asked=ArraySubquery(
                Notice.objects.filter(
                    case=OuterRef("case"),
                    clock=Event.Kind.CONDITION_ASKED,
                    cycle__endswith=f" {on:%Y-%m-%d}",
                ).values("cycle")
            ),
            longest=Subquery(others.filter(clock=LONGEST).values("due_at")[:1]),
            rank=Window(
                RowNumber(), partition_by=F("case__zone__stage"), order_by=["due_at", "case"]
            ),
        )
        .filter(rank__lte=shown)
        .select_related("case__person", "case__zone", "case__unit")
        .order_by("due_at", "case__number")
    )
    slips: dict[Stage, list[Slip]] = {stage: [] for stage in Stage}
    for row in rows:
        stage = Stage(row.case.zone.stage)
        slips[stage].append(_slip(row, stage, beds, user=user, on=on))
    return slips


def _slip(row: Any, stage: Stage, beds: Beds, *, user: User, on: date) -> Slip:
    case = row.case
    if stage.next is None:
        return Slip(case, row.due_at, None, (), selectable=False, to_release=True)
    opens_on = day_of(row.opened_at)
    missing = _missing(row.outstanding)
    own = user.may(Permission.ZONE_MOVE_PROPOSE) and is_of(user, case.unit)
    marks = list(missing) or [Mark("转区条件已具备", "met")]
    if row.longest and day_of(row.longest) < on:
        marks.append(Mark("已超过本区最长期限", "unmet"))
    if case.facility_id == (user.facility.pk if user.facility else None):
        marks.append(_bed_mark(beds.for_case(case, stage.next, on), stage.next))
    return Slip(
        case,
        row.due_at,
        opens_on if opens_on > on else None,
        tuple(marks),
        selectable=not missing and opens_on <= on and own,
        to_release=False,
        may_ask=own and _unasked(row),
    )


def _unasked(row: Any) -> bool:
    """Whether another post owes something by the ledger and was asked for nothing today."""
    return not row.asked and any(one["owed_by"] != "zone_officer" for one in row.outstanding)


def _missing(outstanding: Sequence[dict[str, str]]) -> tuple[Mark, ...]:
    """What the ledger still owes this stage, and who owes it."""
    known = deadlines.clocks()
    return tuple(
        Mark(
            f"{known[one['clock']].label.removesuffix('（阶段性评估所需）')}未完成"
            f"（{rules.owner_label(one['owed_by'])}）",
            "unmet",
        )
        for one in outstanding
    )


def _bed_mark(free: int, stage: Stage) -> Mark:
    if free == 0:
        return Mark(f"{stage.zone_label}暂无适合床位", "heed")
    if free <= FEW_BEDS:
        return Mark(f"{stage.zone_label}余床 {free}", "heed")
    return Mark("有适合床位", "met")
