"""点名: who of a 大队 lies in which bed, who is out and why, who is on the way, who leaves today.

Three queries for any number of people. The heads by name come from the files, the balance from the beds
lain in: that the two agree is what an officer reads as 平账.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Upper

from rehab.models import Absence, Case, Placement, Unit, User
from rehab.rules.days import day_of, start_of
from rehab.states import IN_CUSTODY, AbsenceKind, CaseStatus, Reach
from zones.models import ZoneMove
from zones.states import MoveStatus


@dataclass(frozen=True)
class Away:
    """At a hospital or a court: since when, and when he is expected."""

    kind: AbsenceKind
    left_at: datetime
    expected_on: date | None

    @property
    def label(self) -> str:
        return self.kind.label


@dataclass(frozen=True)
class Head:
    """Somebody who lies in a bed of the 大队, and what is up with him today."""

    case: Case
    room: str
    bed: str
    move: ZoneMove | None = None  # out of the 大队, proposed or on the way
    leaves_today: bool = False
    away: Away | None = None  # the bed stays his


@dataclass(frozen=True)
class Out:
    """Somebody of the 大队 who lies in no bed of it: since when; the case says why."""

    case: Case
    since: datetime | None


@dataclass(frozen=True)
class RoomHeads:
    name: str
    heads: tuple[Head, ...]


@dataclass(frozen=True)
class Balance:
    """The heads of a span: opening + arrived - left = closing. Who changes beds inside does neither."""

    opening: int = 0
    arrived: int = 0
    left: int = 0
    closing: int = 0

    @property
    def adds_up(self) -> bool:
        return self.opening + self.arrived - self.left == self.closing


@dataclass(frozen=True)
class RollCall:
    """点名册 of a 大队 as it stands at a moment, with the balance since the day began."""

    at: datetime
    heads: tuple[Head, ...] = ()
    out: tuple[Out, ...] = ()
    coming: tuple[ZoneMove, ...] = ()  # on the way here: the sending 大队 still answers for them
    balance: Balance = field(default_factory=Balance)

    @property
    def rooms(self) -> tuple[RoomHeads, ...]:
        """Those who lie here by room; one in transit stands in his until he is received."""
        by_room: dict[str, list[Head]] = {}
        for head in self.heads:
            by_room.setdefault(head.room, []).append(head)
        return tuple(RoomHeads(name, tuple(heads)) for name, heads in by_room.items())

    @property
    def leaving(self) -> tuple[Head, ...]:
        """On the way to the next zone; answered for here until the other side signs."""
        return tuple(one for one in self.heads if _stands(one.move, MoveStatus.IN_TRANSIT))

    @property
    def proposed(self) -> tuple[Head, ...]:
        return tuple(one for one in self.heads if _stands(one.move, MoveStatus.PROPOSED))

    @property
    def going(self) -> tuple[Head, ...]:
        return (*self.leaving, *self.proposed)

    @property
    def released_today(self) -> tuple[Case, ...]:
        """Whose term ends today or is over, wherever they are."""
        due = day_of(self.at)
        inside = [one.case for one in self.heads if one.leaves_today]
        outside = [one.case for one in self.out if _ends_by(one.case, due)]
        return (*inside, *outside)

    @property
    def exceptions(self) -> bool:
        """Whether anybody is not simply in his bed; who must leave stands above, on the home page itself."""
        return bool(self.out or self.away or self.going or self.coming)

    @property
    def present(self) -> int:
        return sum(
            one.away is None and not _stands(one.move, MoveStatus.IN_TRANSIT) for one in self.heads
        )

    @property
    def away(self) -> tuple[Head, ...]:
        """At a hospital or a court for some hours or days, while their beds stay theirs."""
        return tuple(one for one in self.heads if one.away is not None)

    @property
    def people(self) -> int:
        """Everybody whose term runs and for whom the 大队 answers; who escaped is listed, not counted."""
        return len(self.heads) + sum(one.case.status in IN_CUSTODY for one in self.out)

    @property
    def out_by_reason(self) -> tuple[tuple[str, int], ...]:
        counted = Counter(CaseStatus(one.case.status).label for one in self.out)
        counted.update(one.away.label for one in self.away if one.away)
        return tuple(sorted(counted.items()))

    @property
    def outside(self) -> int:
        return len(self.out) + len(self.away)

    @property
    def balanced(self) -> bool:
        """Whether the day adds up and everybody in a bed is known by name."""
        return self.balance.adds_up and self.balance.closing == len(self.heads)


def roll_units(user: User) -> QuerySet[Unit]:
    """The 大队 whose roll a user may read: his own, or those of his facility."""
    units = Unit.objects.open().select_related("zone").order_by("zone__stage", "name")
    if user.reach == Reach.UNIT and user.unit is not None:
        return units.filter(pk=user.unit.pk)
    return units.filter(facility=user.facility, zone__isnull=False, parent__isnull=True)


def roll_call(user: User, unit: Unit, *, at: datetime) -> RollCall:
    """The roll of one 大队, its 中队 included, of those whom the user may see; `at` is now."""
    units = Q(unit=unit) | Q(unit__parent=unit)
    stayed = Placement.objects.filter(case=OuterRef("pk")).order_by("-period__startswith")
    files = list(
        Case.objects.visible_to(user)
        .filter(units)
        .unfinished()
        .exclude(status=CaseStatus.IN_TRANSIT)  # on the list of the road, and on no roll
        .annotate(left_at=Subquery(stayed.values(end=Upper("period"))[:1]), **_out())
        .select_related("person")
        .order_by("number")
    )
    stays = _stays(unit, since=start_of(day_of(at)), at=at)
    moves = _moves(user, unit)
    return RollCall(
        at,
        heads=_heads(files, stays, moves, at=at),
        out=tuple(
            Out(case, case.left_at) for case in files if case.status != CaseStatus.IN_FACILITY
        ),
        coming=tuple(move for move in moves if _comes(move, unit)),
        balance=_balance(stays, since=start_of(day_of(at)), at=at),
    )


def _stays(unit: Unit, *, since: datetime, at: datetime) -> list[Any]:
    """Every stay in a bed of the 大队 that touches the span; a bed that is only held counts for nobody."""
    return list(
        Placement.objects.filter(Q(bed__room__unit=unit) | Q(bed__room__unit__parent=unit))
        .filter(
            Q(period__endswith__isnull=True) | Q(period__endswith__gt=since),
            period__startswith__lte=at,
            held=False,
        )
        .order_by("bed__room__name", "bed__label", "period__startswith")
        .values_list("case_id", "period", "bed__room__name", "bed__label")
    )


def _moves(user: User, unit: Unit) -> list[ZoneMove]:
    """Moves under way out of the 大队 or into it."""
    touching = Q(from_unit=unit) | Q(from_unit__parent=unit) | Q(to_unit=unit)
    return list(
        ZoneMove.objects.visible_to(user)
        .open()
        .filter(touching | Q(to_unit__parent=unit))
        .select_related("case__person", "from_unit__zone", "to_unit__zone")
        .defer("reason")
        .order_by("case__number")
    )


def _out() -> dict[str, Subquery]:
    """Why somebody is out, since when and how long; not where, which the roll need not know."""
    out = Absence.objects.open().filter(case=OuterRef("pk"))
    columns = ("kind", "left_at", "expected_on")
    return {f"out_{name}": Subquery(out.values(name)[:1]) for name in columns}


def _away(case: Case) -> Away | None:
    row: Any = case
    if row.out_kind is None:
        return None
    return Away(AbsenceKind(row.out_kind), row.out_left_at, row.out_expected_on)


def _heads(
    files: Iterable[Case], stays: Iterable[Any], moves: Iterable[ZoneMove], *, at: datetime
) -> tuple[Head, ...]:
    by_case = {case.pk: case for case in files if case.status == CaseStatus.IN_FACILITY}
    going: dict[UUID, ZoneMove] = {move.case_id: move for move in moves}
    return tuple(
        Head(case, room, bed, going.get(key), _ends_by(case, day_of(at)), _away(case))
        for key, period, room, bed in stays
        if _lies(period, at) and (case := by_case.get(key)) is not None
    )


def _balance(stays: Iterable[Any], *, since: datetime, at: datetime) -> Balance:
    net: Counter[tuple[UUID, datetime]] = Counter()
    opening = closing = 0
    for case, period, _, _ in stays:
        opening += _lies(period, since)
        closing += _lies(period, at)
        if period.lower > since:
            net[case, period.lower] += 1
        if period.upper is not None and period.upper <= at:
            net[case, period.upper] -= 1
    arrived = sum(change for change in net.values() if change > 0)
    left = -sum(change for change in net.values() if change < 0)
    return Balance(opening, arrived, left, closing)


def _lies(period: Any, moment: datetime) -> bool:
    return bool(period.lower <= moment and (period.upper is None or period.upper > moment))


def _ends_by(case: Case, day: date) -> bool:
    return case.alarm_on <= day


def _stands(move: ZoneMove | None, status: MoveStatus) -> bool:
    return move is not None and move.status == status


def _comes(move: ZoneMove, unit: Unit) -> bool:
    return _stands(move, MoveStatus.IN_TRANSIT) and unit.pk in (
        move.to_unit_id,
        move.to_unit.parent_id,
    )
