"""Of whom somebody is kept apart, and where those lie: asked before every bed, every move and every class."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from rehab.models import Bed, Case, KeepApart, Placement, Unit, User
from rehab.refusal import Caution, Obstacle
from rehab.rules import apart as rules

Spot = tuple[UUID, UUID]  # a room and its 大队


@dataclass
class Company:
    """Of whom each person is kept apart, and where those lie or have a bed held."""

    kept: dict[UUID, dict[UUID, str]] = field(default_factory=dict)  # case: others, and how far
    spots: dict[UUID, set[Spot]] = field(default_factory=lambda: defaultdict(set))

    def obstacles(self, case: Case, bed: Bed) -> tuple[Obstacle, ...]:
        """Why he may not lie in a bed; `bed` with its room and 大队."""
        room = bed.room
        others = self.kept.get(case.pk, {})
        sharing = [other for other in others if (room.pk, room.unit_id) in self.spots[other]]
        return rules.company_obstacles(
            in_room=len(sharing),
            room=room.name,
            in_unit=len(set(self._within(case, room.unit_id)) - set(sharing)),
            unit=room.unit.name,
        )

    def between(self, case: Case, other: Case, bed: Bed) -> tuple[Obstacle, ...]:
        """What one of those he is kept apart from has to do with it that he may not stay in his bed."""
        distance = self.kept[case.pk][other.pk]
        return Company({case.pk: {other.pk: distance}}, self.spots).obstacles(case, bed)

    def unit_obstacles(self, case: Case, unit: Unit) -> tuple[Obstacle, ...]:
        """Why he may not be sent to a 大队 at all."""
        return rules.company_obstacles(
            in_room=0, room="", in_unit=len(self._within(case, unit.pk)), unit=unit.name
        )

    def rooms_near(self, case: Case) -> set[UUID]:
        """The rooms in which those lie whom he is kept apart from."""
        return {room for other in self.kept.get(case.pk, {}) for room, _ in self.spots[other]}

    def units_near(self, case: Case) -> set[UUID]:
        """The 大队 in which those lie with whom he may not share one."""
        return {
            unit
            for other, distance in self.kept.get(case.pk, {}).items()
            if distance == KeepApart.Distance.UNIT
            for _, unit in self.spots[other]
        }

    def settle(self, case: Case, bed: Bed) -> None:
        """He lies there from now on: whoever comes after him in the same act finds him there."""
        self.spots[case.pk].add((bed.room_id, bed.room.unit_id))

    def _within(self, case: Case, unit: UUID) -> list[UUID]:
        return [
            other
            for other, distance in self.kept.get(case.pk, {}).items()
            if distance == KeepApart.Distance.UNIT
            and any(of_unit == unit for _, of_unit in self.spots[other])
        ]


def company_of(
    cases: Sequence[Case], *, on: date, records: Iterable[KeepApart] | None = None
) -> Company:
    """For several people: a query, and another one where there is anybody to keep apart from.

    `records` are those in force, from a caller who has read and locked them.
    """
    if records is None:
        records = KeepApart.objects.in_force(on=on).touching(cases)
    kept: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for one in records:
        kept[one.first_id][one.second_id] = one.distance
        kept[one.second_id][one.first_id] = one.distance
    company = Company(dict(kept))
    if kept:
        lying = Placement.objects.filter(case__in=list(kept), period__endswith__isnull=True)
        for case, room, unit in lying.values_list("case", "bed__room", "bed__room__unit"):
            company.spots[case].add((room, unit))
    return company


def number_kept_apart(case: str, *, on: date) -> Any:
    """From how many somebody is kept apart, beside rows whose column `case` names him; not who, nor why."""
    of_him = KeepApart.objects.in_force(on=on).filter(
        Q(first=OuterRef(case)) | Q(second=OuterRef(case))
    )
    every = of_him.order_by().annotate(all=Value(1)).values("all")  # of whichever facility
    return Coalesce(Subquery(every.annotate(found=Count("pk")).values("found")), 0)


def class_cautions(case: Case, classmates: Sequence[Case], *, on: date) -> tuple[Caution, ...]:
    """What is to be answered before a person joins a class with these."""
    among = KeepApart.objects.in_force(on=on).touching([case])
    return rules.class_cautions(kept_apart=among.touching(classmates).count())


@dataclass(frozen=True)
class Line:
    """One record as the file of one of the two shows it; the other is named to who sees him."""

    record: KeepApart
    other: Case
    named: bool
    in_force: bool
    together: tuple[Obstacle, ...]  # why the two may not stay where they lie now

    def __str__(self) -> str:
        if self.named:
            return f"{self.other.person}（{self.other}）"
        return f"{self.other.unit or '本所'}的一名人员"


def lines_of(case: Case, user: User, *, on: date) -> list[Line]:
    """Every record about a person, those in force first; a constant number of queries."""
    records = list(
        KeepApart.objects.visible_to(user)
        .touching([case])
        .select_related(
            "first__person", "first__unit", "second__person", "second__unit", "noted_by", "ended_by"
        )
        .order_by(F("ended_at").desc(nulls_first=True), "-noted_at")
    )
    in_force = [one for one in records if one.in_force(on=on)]
    company = company_of([case], on=on, records=in_force)
    beds = Placement.objects.filter(case=case, held=False, period__endswith__isnull=True)
    bed = next((one.bed for one in beds.select_related("bed__room__unit")), None)
    others = [one.other_than(case) for one in records]
    seen = set(
        Case.objects.visible_to(user)
        .filter(pk__in=[one.pk for one in others])
        .values_list("pk", flat=True)
    )
    return [
        Line(
            record,
            other,
            named=other.pk in seen,
            in_force=record in in_force,
            together=company.between(case, other, bed) if bed and record in in_force else (),
        )
        for record, other in zip(records, others, strict=True)
    ]


def partner(case: Case, number: str) -> Case | None:
    """Somebody of the same facility by number: his 大队 may be another than the officer's."""
    return (
        Case.objects.filter(facility=case.facility_id, number=number)
        .select_related("person")
        .first()
    )


def noting_obstacles(
    case: Case, other: Case, *, until: date | None, on: date
) -> tuple[Obstacle, ...]:
    """Why these two may not be noted as kept apart now."""
    both = KeepApart.objects.unended().touching([case]).touching([other])
    himself = case.pk == other.pk
    return rules.noting_obstacles(
        himself=himself,
        inside=case.facility_id == other.facility_id and not (case.ended_at or other.ended_at),
        known=not himself and both.exists(),
        until=until,
        on=on,
    )
