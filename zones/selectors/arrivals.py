"""Where who comes from the road may lie: beds, rooms for one more, and whom he is kept apart from there."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from rehab import statutes
from rehab.models import Bed, Case, Facility, KeepApart, Room, User
from rehab.models.organisation import numbered
from rehab.refusal import Obstacle
from rehab.rules.persons import is_minor
from zones.models import FacilityTransfer
from zones.selectors.transfers import arrives_at


def arrival_beds(transfer: FacilityTransfer, facility: Facility, *, on: date) -> QuerySet[Bed]:
    """Free beds for who arrives, in the zone of the stage that he left."""
    case = transfer.case
    fit = Bed.objects.free().fit_for(
        sex=case.person.sex, minor=_is_minor(case, on), isolation=case.needs_isolation
    )
    return (
        fit.filter(room__unit__facility=facility, room__unit__zone__stage=transfer.stage)
        .select_related("room__unit__zone")
        .order_by("room__unit__name", *numbered("room__name"), *numbered("label"))
    )


def arrival_rooms(transfer: FacilityTransfer, facility: Facility, *, on: date) -> QuerySet[Room]:
    """Rooms of that zone where a bed may be added for him, none of them wholly out of use."""
    case = transfer.case
    used = Bed.objects.in_use().filter(room=OuterRef("pk"), extra=False)
    return (
        Room.objects.filter(
            Exists(used),
            unit__facility=facility,
            unit__zone__stage=transfer.stage,
            unit__closed_at__isnull=True,
            sex=case.person.sex,
            for_minors=_is_minor(case, on),
            isolation=case.needs_isolation,
        )
        .select_related("unit__facility")
        .order_by("unit__name", *numbered("name"))
    )


def _is_minor(case: Case, on: date) -> bool:
    return case.person.birth_date is not None and is_minor(case.person.birth_date, on)


def arrival_room_obstacles(
    transfer: FacilityTransfer, room: Room, *, by: User, on: date
) -> tuple[Obstacle, ...]:
    """Why no bed is added for him there: the zone has a free one, or the room is none for him."""
    facility = arrives_at(transfer, by)
    if bed := arrival_beds(transfer, facility, on=on).first():
        return (Obstacle(f"已有适合此人的空床 {bed}，请选择床位，不必加床"),)
    if not arrival_rooms(transfer, facility, on=on).filter(pk=room.pk).exists():
        return (Obstacle(f"房间 {room} 不适合此人，请另选", statutes.SEPARATION),)
    return ()


def arrival_bed_obstacles(
    transfer: FacilityTransfer, facility: Facility, bed: Bed
) -> tuple[Obstacle, ...]:
    """Why who arrives may not have this bed: it stands in another facility, or in another zone than he left."""
    unit = bed.room.unit
    zone = unit.zone
    if unit.facility_id == facility.pk and zone is not None and zone.stage == transfer.stage:
        return ()
    label = transfer.get_stage_display()
    return (Obstacle(f"床位 {bed} 不在{facility.short_name}的{label}区，转所不改变所在的期"),)


def no_arrival_bed_obstacles(
    transfer: FacilityTransfer, facility: Facility
) -> tuple[Obstacle, ...]:
    """What an officer reads when the zone has no bed for who arrives."""
    label = transfer.get_stage_display()
    said = f"{facility.short_name}的{label}区没有适合此人的空床（性别、年龄、隔离），请先腾出或者开设床位"
    return (Obstacle(said, statutes.SEPARATION),)


def kept_apart(case: Case, facility: Facility) -> list[KeepApart]:
    """Records that bind again where he arrives: the other of the two is carried on there."""
    other_is_there = Q(first=case, second__facility=facility) | Q(
        second=case, first__facility=facility
    )
    unended = KeepApart.objects.unended().filter(other_is_there).exclude(facility=facility)
    return list(unended.select_for_update(of=("self",)).order_by("pk"))
