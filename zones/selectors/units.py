"""Why a 大队 may not be closed, seen from the rooms; and what its page shows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from rehab import scope
from rehab.models import Bed, Event, Room, Subject, Unit, User
from rehab.models.organisation import numbered
from rehab.refusal import Obstacle
from rehab.rules import places as rules
from rehab.selectors import houses
from zones.models import ZoneMove

SHOWN_EVENTS = 10


def closing_obstacles(unit: Unit) -> tuple[Obstacle, ...]:
    """Everything that still stands in a unit: people, officers, squads, and moves under way."""
    obstacles = rules.unit_closing_obstacles(
        houses.standing(unit), name=unit.name, closed=unit.closed_at is not None
    )
    with scope.within(scope.system("houses")):
        under_way = ZoneMove.objects.open().filter(Q(from_unit=unit) | Q(to_unit=unit)).count()
    if under_way:
        obstacles += (Obstacle(f"还有 {under_way} 件转入或转出{unit.name}的转区没有办结"),)
    return obstacles


@dataclass(frozen=True)
class BedLine:
    """A bed as an administrator sees it: lain in or not, in use or not; never who lies there."""

    bed: Bed
    taken: bool


@dataclass(frozen=True)
class RoomLine:
    room: Room
    beds: tuple[BedLine, ...]

    @property
    def free(self) -> int:
        return sum(1 for line in self.beds if not line.taken and line.bed.closed_at is None)


def rooms_of(unit: Unit) -> list[RoomLine]:
    """The rooms of a unit with their beds; three queries."""
    beds = Bed.objects.select_related("room").in_order()
    rooms = list(
        unit.rooms.order_by(*numbered("name")).prefetch_related(Prefetch("beds", queryset=beds))
    )
    taken = houses.taken([bed for room in rooms for bed in room.beds.all()])
    return [
        RoomLine(room, tuple(BedLine(bed, bed.pk in taken) for bed in room.beds.all()))
        for room in rooms
    ]


def rooms_looked_after(user: User) -> QuerySet[Room]:
    """The rooms of the units that an administrator looks after."""
    rooms: QuerySet[Room] = Room.objects.filter(unit__in=houses.units(user))
    return rooms.select_related("unit__facility")


def beds_of(unit: Unit, *, closed: bool) -> Any:
    """The beds of a unit that are in use, or those that are not, in the order of their numbers."""
    beds = Bed.objects.filter(room__unit=unit, closed_at__isnull=not closed)
    return beds.select_related("room").in_order()


def officers_of(unit: Unit) -> Any:
    """Who is posted to a unit or to a 中队 under it."""
    return (
        User.objects.with_posting()
        .filter(Q(posting__unit=unit) | Q(posting__unit__parent=unit))
        .order_by("posting__role", "display_name")
    )


def history_of(unit: Unit) -> Any:
    """What was done to a unit, the latest first."""
    return (
        Event.objects.filter(
            subject_type=Subject.FACILITY, facility=unit.facility_id, facts__unit=str(unit.pk)
        )
        .select_related("by")
        .order_by("-happened_at")[:SHOWN_EVENTS]
    )
