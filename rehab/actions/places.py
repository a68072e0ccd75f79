"""机构床位: opening and closing 大队 and 中队, rooms and beds. What is closed keeps its past."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from rehab.actions.setup import RoomPlan, UnitPlan, furnish
from rehab.ledgers import events
from rehab.models import Bed, Event, Facility, Room, Unit, User
from rehab.refusal import Obstacle, Refused
from rehab.rules import places as rules
from rehab.selectors import houses


@transaction.atomic
def open_unit(*, facility: Facility, plan: UnitPlan, by: User, at: datetime) -> Unit:
    """开设大队, with its rooms and beds, in the zone of a stage."""
    facility = _lock(facility)

    Refused.if_any(
        rules.unit_opening_obstacles(
            name=plan.name,
            known=_known(facility, plan.name),
            beds=[room.beds for room in plan.rooms],
        )
    )

    unit = Unit.objects.create(
        facility=facility, zone=facility.zones.get(stage=plan.stage), name=plan.name
    )
    furnish({unit: plan.rooms})

    events.record(
        facility,
        Event.Kind.UNIT_OPENED,
        by=by,
        at=at,
        unit=str(unit.pk),
        rooms=len(plan.rooms),
        beds=sum(room.beds for room in plan.rooms),
    )
    return unit


@transaction.atomic
def open_squad(*, brigade: Unit, name: str, by: User, at: datetime) -> Unit:
    """开设中队 under a 大队."""
    facility = _lock(brigade.facility)

    brigade = Unit.objects.get(pk=brigade.pk)
    obstacles = list(rules.unit_opening_obstacles(name=name, known=_known(facility, name), beds=()))
    if brigade.closed_at is not None or brigade.parent_id is not None:
        obstacles.append(Obstacle("中队设在现有的大队之下，请另选大队"))
    Refused.if_any(obstacles)

    squad = Unit.objects.create(facility=facility, parent=brigade, name=name)

    events.record(facility, Event.Kind.UNIT_OPENED, by=by, at=at, unit=str(squad.pk))
    return squad


@transaction.atomic
def close_unit(*, unit: Unit, by: User, at: datetime) -> Unit:
    """撤销大队、中队 once nobody and nothing stands in it; its beds go out of use with it."""
    facility = _lock(unit.facility)
    beds = list(
        Bed.objects.in_use().select_for_update().filter(room__unit=unit).order_by("pk")
    )  # whoever is placed there meanwhile has placed himself before, or finds the bed closed

    unit = Unit.objects.get(pk=unit.pk)
    Refused.if_any(
        rules.unit_closing_obstacles(
            houses.standing(unit), name=unit.name, closed=unit.closed_at is not None
        )
    )

    unit.closed_at = at
    unit.save(update_fields=["closed_at"])
    Bed.objects.filter(pk__in=[bed.pk for bed in beds]).update(
        closed_at=at, closed_for=f"{unit.name}撤销"
    )

    events.record(facility, Event.Kind.UNIT_CLOSED, by=by, at=at, unit=str(unit.pk), beds=len(beds))
    return unit


@transaction.atomic
def add_rooms(*, unit: Unit, rooms: Sequence[RoomPlan], by: User, at: datetime) -> Unit:
    """增设房间 with their beds in a 大队."""
    facility = _lock(unit.facility)

    unit = Unit.objects.get(pk=unit.pk)
    obstacles = list(
        rules.unit_opening_obstacles(
            name=unit.name, known=False, beds=[room.beds for room in rooms]
        )
    )
    names = [room.name for room in rooms]
    known = Room.objects.filter(unit=unit, name__in=names).order_by("name")
    if known:
        obstacles.append(Obstacle(f"{unit.name}已有房间 {'、'.join(map(str, known))}"))
    if not rooms:
        obstacles.append(Obstacle("还没有填写要增设的房间"))
    obstacles += (*_closed(unit), *_of_a_squad(unit))
    Refused.if_any(obstacles)

    furnish({unit: rooms})

    events.record(
        facility,
        Event.Kind.ROOMS_ADDED,
        by=by,
        at=at,
        unit=str(unit.pk),
        rooms=len(rooms),
        beds=sum(room.beds for room in rooms),
    )
    return unit


@transaction.atomic
def add_beds(*, room: Room, number: int, by: User, at: datetime) -> list[Bed]:
    """增设床位 in a room, numbered on from the highest."""
    facility = _lock(room.unit.facility)

    unit = Unit.objects.get(pk=room.unit_id)
    labels = [
        int(label) for label in room.beds.values_list("label", flat=True) if label.isdecimal()
    ]
    Refused.if_any(
        (
            *rules.unit_opening_obstacles(name=unit.name, known=False, beds=[number]),
            *_closed(unit),
            *_of_a_squad(unit),
        )
    )

    first = max(labels, default=0) + 1
    beds = Bed.objects.bulk_create(
        Bed(room=room, label=str(label)) for label in range(first, first + number)
    )

    events.record(facility, Event.Kind.BEDS_ADDED, by=by, at=at, unit=str(unit.pk), beds=len(beds))
    return beds


@transaction.atomic(savepoint=False)
def open_extra_bed(*, room: Room, by: User, at: datetime) -> Bed:
    """加床 in a room, for somebody who has no bed in his zone tonight; it goes out of use once it is free.

    Part of the act that needs it, which says for whom. One that was closed for a reason stays closed.
    """
    facility = _lock(room.unit.facility)

    Refused.if_any(_closed(Unit.objects.get(pk=room.unit_id)))

    beds = room.beds.filter(extra=True).order_by("label")
    bed = beds.filter(closed_for=rules.PUT_AWAY).select_for_update().first()
    if bed is None:
        bed = Bed.objects.create(room=room, label=f"加{beds.count() + 1}", extra=True)
    else:
        bed.closed_at, bed.closed_for = None, ""
        bed.save(update_fields=["closed_at", "closed_for"])

    where = {"unit": str(room.unit_id), "room": str(room.pk), "bed": str(bed.pk)}
    events.record(facility, Event.Kind.EXTRA_BED_OPENED, by=by, at=at, beds=1, **where)
    return bed


@transaction.atomic
def close_beds(
    *, unit: Unit, beds: Sequence[Bed], reason: str, by: User, at: datetime
) -> list[Bed]:
    """停用床位 of a unit that nobody lies in and that are held for nobody."""
    facility = _lock(unit.facility)

    found = _held_beds(unit, beds)
    lain_in = houses.taken(found)
    Refused.if_any(
        rules.beds_closing_obstacles(
            taken=[str(bed) for bed in found if bed.pk in lain_in],
            closed=[str(bed) for bed in found if bed.closed_at is not None],
            reason=reason,
        )
    )

    Bed.objects.filter(pk__in=[bed.pk for bed in found]).update(
        closed_at=at, closed_for=reason.strip()
    )

    _record_beds(facility, Event.Kind.BEDS_CLOSED, unit, found, by=by, at=at)
    return found


@transaction.atomic
def reopen_beds(*, unit: Unit, beds: Sequence[Bed], by: User, at: datetime) -> list[Bed]:
    """恢复使用 beds that were out of use."""
    facility = _lock(unit.facility)

    found = _held_beds(unit, beds)
    Refused.if_any(_closed(Unit.objects.get(pk=unit.pk)))

    Bed.objects.filter(pk__in=[bed.pk for bed in found]).update(closed_at=None, closed_for="")

    _record_beds(facility, Event.Kind.BEDS_REOPENED, unit, found, by=by, at=at)
    return found


def _lock(facility: Facility) -> Facility:
    """The facility's row: places of one house are opened and closed one after another."""
    return Facility.objects.select_for_update().get(pk=facility.pk)


def _held_beds(unit: Unit, beds: Sequence[Bed]) -> list[Bed]:
    """Those of the beds that stand in the unit, locked in the order of keys."""
    keys = [bed.pk for bed in beds]
    return list(
        Bed.objects.select_for_update(of=("self",))
        .select_related("room")
        .filter(pk__in=keys, room__unit=unit)
        .order_by("pk")
    )


def _known(facility: Facility, name: str) -> bool:
    return Unit.objects.open().filter(facility=facility, name=name).exists()


def _closed(unit: Unit) -> tuple[Obstacle, ...]:
    return (Obstacle(f"{unit.name}已经撤销"),) if unit.closed_at is not None else ()


def _of_a_squad(unit: Unit) -> tuple[Obstacle, ...]:
    """A 中队 lies in no zone, so nobody could be placed in a bed of its own."""
    if unit.parent is None:
        return ()
    return (Obstacle(f"{unit.name}不单设房间，人员住在所属大队，请在{unit.parent.name}增设"),)


def _record_beds(
    facility: Facility, kind: Event.Kind, unit: Unit, beds: list[Bed], *, by: User, at: datetime
) -> None:
    keys = [str(bed.pk) for bed in beds]
    events.record(facility, kind, by=by, at=at, unit=str(unit.pk), beds=keys)
