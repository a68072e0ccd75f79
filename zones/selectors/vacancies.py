"""What the board counts: who lives in each zone, and the free beds by 大队 and by whom they are for."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, UUIDField, Value

from rehab.models import Case, Facility, Placement, Room, User
from rehab.rules.persons import is_minor
from rehab.states import Stage


@dataclass(frozen=True)
class Choice:
    """A 大队 that may receive, and its free beds."""

    unit: UUID
    name: str
    free_beds: int


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


ROW = ("brigade", "called", "of_stage", "for_whom", "minors", "isolated", "number", "near")


def lanes_and_beds(
    user: User, cases: Any, is_near: Exists
) -> tuple[dict[Stage, tuple[int, int]], Beds]:
    """How many of `cases` live in each zone and how many of them are near, and, in the same query, the free
    beds of the user's own facility; none for those who stand above facilities.
    """
    rows = (
        cases.order_by()
        .annotate(is_near=is_near)
        .values(of_stage=F("zone__stage"))
        .annotate(
            brigade=Value(None, UUIDField()),
            called=Value(""),
            for_whom=Value(""),
            minors=Value(False),
            isolated=Value(False),
            number=Count("pk"),
            near=Count("pk", filter=Q(is_near=True)),
        )
        .values_list(*ROW, named=True)
    )
    if user.facility is not None:
        rows = rows.union(_rooms_of(user.facility), all=True)
    numbers, beds = {}, Beds()
    for row in rows:
        if row.brigade is None:
            numbers[Stage(row.of_stage)] = (row.number, row.near)
            continue
        beds.units[row.brigade] = (row.called, row.of_stage)
        beds.of_unit[row.brigade] += row.number
        beds.fitting[row.of_stage, row.for_whom, row.minors, row.isolated] += row.number
    return numbers, beds


def _rooms_of(facility: Facility) -> Any:
    taken = Placement.objects.filter(bed=OuterRef("beds"), period__endswith__isnull=True)
    free = Count("beds", filter=Q(~Exists(taken), beds__closed_at__isnull=True))
    rooms = Room.objects.filter(
        unit__facility=facility, unit__zone__isnull=False, unit__closed_at__isnull=True
    ).values(
        brigade=F("unit"),
        called=F("unit__name"),
        of_stage=F("unit__zone__stage"),
        for_whom=F("sex"),
        minors=F("for_minors"),
        isolated=F("isolation"),
    )
    return rooms.annotate(number=free, near=Value(0)).values_list(*ROW)


def choices(beds: Beds, target: Stage | None) -> tuple[Choice, ...]:
    fit = [
        Choice(unit, name, beds.of_unit[unit])
        for unit, (name, stage) in beds.units.items()
        if stage == target
    ]
    return tuple(sorted(fit, key=lambda choice: (-choice.free_beds, choice.name)))
