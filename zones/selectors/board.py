"""The page 分区流转: who is due to move on, what still holds them, and what waits for a signature.

It reads the ledger of deadlines, which every act keeps true, so that it costs four queries for any
number of people. What it shows as possible is judged again, on the facts, by the act itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import JSONObject, RowNumber

from rehab.clocks import EXPIRY
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline, Event, Notice, Placement, Room, Unit, User
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.rules.days import day_of, end_of
from rehab.rules.persons import is_minor
from rehab.selectors.apart import number_kept_apart
from rehab.states import CaseStatus, Reach, Stage
from zones import rules
from zones.clocks import APPROVAL, LONGEST, MOVE, RECEIPT
from zones.models import ZoneMove
from zones.selectors.moves import is_of, signing_obstacles
from zones.states import OPEN, MoveStatus

SLIPS_PER_LANE = 50
FEW_BEDS = 3
RECENT = timedelta(days=7)  # calendar days for which one's own proposals stay on the page


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


@dataclass(frozen=True)
class Line:
    """A move that waits for this officer, or that this officer watches."""

    move: ZoneMove
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True)
class Batch:
    """What one officer proposed together, and how far it has come."""

    number: str
    stage: Stage
    people: int
    progress: str
    open_moves: tuple[ZoneMove, ...]  # what he may still withdraw


@dataclass(frozen=True)
class Choice:
    """A 大队 that may receive, and its free beds."""

    unit: UUID
    name: str
    free_beds: int


@dataclass(frozen=True)
class Board:
    lanes: tuple[Lane, ...]
    to_approve: tuple[Line, ...]
    to_receive: tuple[Line, ...]
    under_way: tuple[Line, ...]
    batches: tuple[Batch, ...]
    choices: tuple[
        Choice, ...
    ]  # receiving 大队 for those this officer may propose, most beds first
    target: Stage | None


@dataclass
class Beds:
    """Free beds of a facility by 大队 and by whom they are for."""

    of_unit: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    fitting: dict[tuple[str, str, bool, bool], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    units: dict[UUID, tuple[str, str]] = field(default_factory=dict)  # name, stage

    def for_case(self, case: Case, stage: Stage, on: date) -> int:
        person = case.person
        minor = person.birth_date is not None and is_minor(person.birth_date, on)
        return self.fitting[stage, person.sex, minor, case.needs_isolation]


def living_with(user: User) -> Any:
    """The people whose moves this user looks at: his own 大队's, or all that he may see."""
    visible = Case.objects.visible_to(user)
    if user.reach == Reach.UNIT and user.unit is not None:
        visible = visible.filter(Q(unit=user.unit) | Q(unit__parent=user.unit))
    return visible.filter(status=CaseStatus.IN_FACILITY, zone__isnull=False)


def board(user: User, *, at: datetime, days: int, only: Stage | None = None) -> Board:
    """Everything on the page, in four queries."""
    on = day_of(at)
    cases = living_with(user)
    if only:
        cases = cases.filter(zone__stage=only)
    due = _due(end_of(on + timedelta(days=days)))
    beds = free_beds(user)
    slips = _slips(cases, due, beds, user=user, on=on)
    moves = _moves(user, since=at - RECENT, on=on)
    home = Stage(user.unit.zone.stage) if user.unit and user.unit.zone else None
    target = home.next if home and user.may(Permission.ZONE_MOVE_PROPOSE) else None
    return Board(
        lanes=_lanes(cases, due, slips, stages=[only] if only else list(Stage), home=home),
        to_approve=_to_approve(moves, user),
        to_receive=_to_receive(moves, user),
        under_way=() if user.reach == Reach.UNIT else tuple(map(Line, filter(_is_open, moves))),
        batches=_batches(moves, user),
        choices=_choices(beds, target),
        target=target,
    )


def _due(horizon: datetime) -> Q:
    """Open deadlines that put somebody on the board: his move, or, from the last zone, the end."""
    return Q(satisfied_at__isnull=True, due_at__lte=horizon) & (
        Q(clock=MOVE) | Q(clock=EXPIRY, case__zone__stage=Stage.REENTRY)
    )


def _lanes(
    cases: Any,
    due: Q,
    slips: dict[Stage, list[Slip]],
    *,
    stages: Sequence[Stage],
    home: Stage | None,
) -> tuple[Lane, ...]:
    near = Deadline.objects.filter(due, case=OuterRef("pk"))
    counted = (
        cases.order_by()
        .annotate(is_near=Exists(near))
        .values("zone__stage")
        .annotate(people=Count("pk"), near=Count("pk", filter=Q(is_near=True)))
        .values_list("zone__stage", "people", "near")
    )
    numbers = {Stage(stage): (people, near) for stage, people, near in counted}
    return tuple(
        Lane(
            stage,
            *numbers.get(stage, (0, 0)),
            slips=tuple(slips[stage]),
            elsewhere=home is not None and stage != home,
        )
        for stage in stages
    )


def _slips(cases: Any, due: Q, beds: Beds, *, user: User, on: date) -> dict[Stage, list[Slip]]:
    others = Deadline.objects.open().filter(case=OuterRef("case"))
    outstanding = others.filter(clock__startswith="zones.").exclude(
        clock__in=[MOVE, LONGEST, APPROVAL, RECEIPT]
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
        .filter(rank__lte=SLIPS_PER_LANE)
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


def free_beds(user: User) -> Beds:
    """Free beds of the user's own facility, in one query; none for those who stand above facilities."""
    beds = Beds()
    if user.facility is None:
        return beds
    taken = Placement.objects.filter(bed=OuterRef("beds"), period__endswith__isnull=True)
    free = Count("beds", filter=Q(~Exists(taken), beds__closed_at__isnull=True))
    columns = ("unit", "unit__name", "unit__zone__stage", "sex", "for_minors", "isolation")
    rows: Any = (
        Room.objects.filter(
            unit__facility=user.facility, unit__zone__isnull=False, unit__closed_at__isnull=True
        )
        .values(*columns)
        .annotate(free=free)
        .values_list(*columns, "free", named=True)
    )
    for row in rows:
        beds.units[row.unit] = (row.unit__name, row.unit__zone__stage)
        beds.of_unit[row.unit] += row.free
        kind = (row.unit__zone__stage, row.sex, row.for_minors, row.isolation)
        beds.fitting[kind] += row.free
    return beds


def _choices(beds: Beds, target: Stage | None) -> tuple[Choice, ...]:
    fit = [
        Choice(unit, name, beds.of_unit[unit])
        for unit, (name, stage) in beds.units.items()
        if stage == target
    ]
    return tuple(sorted(fit, key=lambda choice: (-choice.free_beds, choice.name)))


def _moves(user: User, *, since: datetime, on: date) -> list[ZoneMove]:
    """Open moves of those he may see, and his own recent proposals, in one query."""
    own = Q(proposed_by=user, proposed_at__gte=since)
    seen = Q(status__in=OPEN, case__in=Case.objects.visible_to(user))
    return list(
        ZoneMove.objects.filter(own | seen)
        .select_related(
            "case__person", "from_unit__zone", "to_unit__zone", "proposed_by", "approved_by"
        )
        .annotate(kept_apart=number_kept_apart("case", on=on))
        .defer("reason")
        .order_by("batch", "case__number")
    )


def _is_open(move: ZoneMove) -> bool:
    return move.status in OPEN


def _to_approve(moves: Iterable[ZoneMove], user: User) -> tuple[Line, ...]:
    if not user.may(Permission.ZONE_MOVE_APPROVE):
        return ()
    return tuple(
        Line(move, signing_obstacles(move, MoveStatus.IN_TRANSIT, act="审批", by=user))
        for move in moves
        if move.status == MoveStatus.PROPOSED and is_of(user, move.from_unit)
    )


def _to_receive(moves: Iterable[ZoneMove], user: User) -> tuple[Line, ...]:
    if not user.may(Permission.ZONE_MOVE_RECEIVE):
        return ()
    return tuple(
        Line(move, signing_obstacles(move, MoveStatus.RECEIVED, act="签收", by=user))
        for move in moves
        if move.status == MoveStatus.IN_TRANSIT and is_of(user, move.to_unit)
    )


def _batches(moves: Iterable[ZoneMove], user: User) -> tuple[Batch, ...]:
    """His own proposals by batch, the newest first."""
    own: dict[tuple[str, str], list[ZoneMove]] = defaultdict(list)
    for move in moves:
        if move.proposed_by_id == user.pk:
            own[move.batch, move.stage].append(move)
    return tuple(
        Batch(
            number,
            Stage(stage),
            len(together),
            _progress(together),
            tuple(filter(_is_open, together)),
        )
        for (number, stage), together in sorted(own.items(), reverse=True)
    )


def _progress(moves: Sequence[ZoneMove]) -> str:
    words = {MoveStatus.PROPOSED: "待大队长审批", MoveStatus.IN_TRANSIT: "已批准 · 待交接"}
    said = [
        (words.get(status, status.label), count)
        for status in MoveStatus
        if (count := sum(move.status == status for move in moves))
    ]
    if len(said) == 1:
        return said[0][0]
    return "，".join(f"{word} {count} 人" for word, count in said)


def units_of_choice(user: User) -> Any:
    """The 大队 to which this officer may propose people."""
    if user.unit is None or user.unit.zone is None:
        return Unit.objects.none()
    following = Stage(user.unit.zone.stage).next
    return (
        Unit.objects.open()
        .filter(facility=user.facility, zone__stage=following)
        .select_related("zone")
    )
