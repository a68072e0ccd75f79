"""What an administrator looks after: the houses, their units and rooms, the accounts posted there.

He sees no case. How many people stand in the way of an act is counted under a named system scope,
and a number is all that leaves it.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from rehab import scope
from rehab.models import Bed, Case, Facility, Placement, Posting, Station, Unit, User
from rehab.models.organisation import StationQuerySet, UnitQuerySet
from rehab.rules.places import Standing
from rehab.states import IN_CUSTODY, CaseStatus


def facilities(user: User) -> QuerySet[Facility]:
    """The houses an administrator looks after."""
    return Facility.objects.looked_after_by(user).order_by("code")


def units(user: User) -> UnitQuerySet:
    """Their 大队 and 中队, closed ones too."""
    return Unit.objects.filter(facility__in=Facility.objects.looked_after_by(user)).select_related(
        "facility", "zone", "parent__zone"
    )


def stations(user: User) -> StationQuerySet:
    """The 照管站 of a bureau's province; a facility has none."""
    if user.bureau is None:
        return Station.objects.none()
    return Station.objects.filter(
        Q(province=user.bureau) | Q(province__parent=user.bureau)
    ).select_related("division", "parent")


def accounts(user: User) -> QuerySet[User]:
    """Those whose present or, failing that, last posting is in a place that the administrator looks after."""
    latest = Posting.objects.filter(user=OuterRef("pk")).order_by("-started_at", "-pk")
    places = Q(facility__in=Facility.objects.looked_after_by(user)) | Q(station__in=stations(user))
    if user.bureau is not None:
        places |= Q(bureau=user.bureau) | Q(bureau__parent=user.bureau)
    within = Posting.objects.filter(places)
    return (
        User.objects.with_posting()
        .annotate(latest=Subquery(latest.values("pk")[:1]))
        .filter(latest__in=within.values("pk"))
        .order_by("display_name", "username")
    )


def people_in(units: "QuerySet[Unit] | list[Unit]") -> dict[UUID, int]:
    """How many lie in the beds of each unit now, held beds included."""
    rows = (
        Placement.objects.filter(bed__room__unit__in=units, period__endswith__isnull=True)
        .values_list("bed__room__unit")
        .annotate(Count("pk"))
        .order_by()
    )
    with scope.within(scope.system("houses")):
        return dict(rows)


def taken(beds: "QuerySet[Bed] | list[Bed]") -> set[UUID]:
    """Keys of those beds in which somebody lies, or which are held for somebody."""
    rows = Placement.objects.filter(bed__in=beds, period__endswith__isnull=True)
    with scope.within(scope.system("houses")):
        return set(rows.values_list("bed", flat=True))


def standing(unit: Unit) -> Standing:
    """Who and what still stands in a 大队 with its 中队, or in a 中队."""
    of_unit = Unit.objects.filter(Q(pk=unit.pk) | Q(parent=unit.pk))
    lived_in = Q(unit__in=of_unit, status__in=IN_CUSTODY)
    coming = Q(receiving_unit__in=of_unit)
    inside = Q(status=CaseStatus.IN_FACILITY)
    with scope.within(scope.system("houses")):
        cases = Case.objects.filter(lived_in | coming).aggregate(
            people=Count("pk", filter=lived_in & inside),
            away=Count("pk", filter=lived_in & ~inside),
            on_the_way=Count("pk", filter=coming),
        )
    posted = User.objects.filter(posting__unit__in=of_unit).order_by("display_name")
    squads = unit.squads.filter(closed_at__isnull=True).order_by("name")
    return Standing(
        **cases,
        posted=tuple(posted.values_list("display_name", flat=True)),
        squads=tuple(squads.values_list("name", flat=True)),
    )


@dataclass(frozen=True)
class UnitLine:
    """One 大队 or 中队 on the list: its beds, how many are lain in or held, its officers."""

    unit: Unit
    beds: int
    taken: int
    closed: int
    officers: int

    @property
    def free(self) -> int:
        return self.beds - self.taken


def unit_lines(facility: Facility) -> list[UnitLine]:
    """Every open unit of a facility in the order of zones; three queries."""
    found: Any = (
        Unit.objects.open()
        .filter(facility=facility)
        .select_related("zone", "parent__zone")
        .annotate(
            beds=Count("rooms__beds", filter=Q(rooms__beds__closed_at__isnull=True), distinct=True),
            shut=Count(
                "rooms__beds", filter=Q(rooms__beds__closed_at__isnull=False), distinct=True
            ),
        )
    )
    rows = list(found)
    lying = people_in(rows)
    officers = dict(
        User.objects.filter(posting__unit__in=rows)
        .values_list("posting__unit")
        .annotate(Count("pk"))
        .order_by()
    )
    return [
        UnitLine(
            unit,
            beds=unit.beds,
            taken=lying.get(unit.pk, 0),
            closed=unit.shut,
            officers=officers.get(unit.pk, 0),
        )
        for unit in sorted(rows, key=_in_order)
    ]


def _in_order(unit: Unit) -> tuple[str, str, bool, str]:
    """By zone, then a 大队 before its 中队."""
    brigade = unit.parent or unit
    stage = brigade.zone.stage if brigade.zone else ""
    return (stage, brigade.name, unit.parent_id is not None, unit.name)
