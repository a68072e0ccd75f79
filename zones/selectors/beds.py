"""Beds of the rooms: which fit whom, which is held, and why one may not be had."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from rehab import statutes
from rehab.models import Bed, Case, Placement, Room, Unit, User
from rehab.models.organisation import numbered
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.rules.persons import is_minor
from rehab.selectors import apart_obstacles
from rehab.selectors.apart import company_of
from rehab.states import CaseStatus, Stage
from zones import rules
from zones.models import ZoneMove
from zones.rules import BedChange
from zones.states import BedGround


def held_beds(cases: Sequence[Case]) -> dict[UUID, Bed]:
    """The bed that is held for each who is on the way."""
    rows = Placement.objects.filter(case__in=cases, held=True, period__endswith__isnull=True)
    return {one.case_id: one.bed for one in rows.select_related("bed__room__unit")}


def held_bed_obstacles(cases: Sequence[Case], *, on: date) -> dict[UUID, tuple[Obstacle, ...]]:
    """Why the beds that were held may not be taken: the person is no longer of those who fit there."""
    held, company = held_beds(cases), company_of(cases, on=on)
    return {
        case.pk: company.obstacles(case, held[case.pk])
        if _fits(case, held.get(case.pk), on)
        else (NO_LONGER_FITS,)
        for case in cases
    }


NO_LONGER_FITS = Obstacle("预留的床位已不适合此人（性别、年龄、隔离分开），请退回后重新审批")


def _fits(case: Case, bed: Bed | None, on: date) -> bool:
    return bed is not None and not apart_obstacles(case, bed, on=on)


def receiving_units(case: Case, *, on: date) -> QuerySet[Unit]:
    """The 大队 of the next zone, those with the most free beds for this person first (`free_beds`)."""
    if case.zone is None or (following := Stage(case.zone.stage).next) is None:
        return Unit.objects.none()
    taken = Placement.objects.filter(bed=OuterRef("rooms__beds"), period__endswith__isnull=True)
    fit = Q(
        ~Exists(taken),
        rooms__beds__closed_at__isnull=True,
        rooms__sex=case.person.sex,
        rooms__for_minors=_is_minor(case, on),
        rooms__isolation=case.needs_isolation,
    )
    return (
        Unit.objects.open()
        .filter(facility=case.facility_id, zone__stage=following)
        .annotate(free_beds=Count("rooms__beds", filter=fit))
        .select_related("zone")
        .order_by("-free_beds", "name")
    )


def _is_minor(case: Case, on: date) -> bool:
    return case.person.birth_date is not None and is_minor(case.person.birth_date, on)


def first_beds(moves: Sequence[ZoneMove], *, on: date) -> dict[UUID, Bed]:
    """For each person the first free bed of the receiving 大队 that fits, those before him having theirs.

    By case; whoever finds none is left out. `move.case` with its person.
    """
    units = {move.to_unit_id for move in moves}
    beds = Bed.objects.free().filter(room__unit__in=units).select_related("room__unit")
    free, company = list(beds.in_order()), company_of([move.case for move in moves], on=on)
    found: dict[UUID, Bed] = {}
    for move in moves:
        fit = (
            bed
            for bed in free
            if bed.room.unit_id == move.to_unit_id
            and _fits(move.case, bed, on)
            and not company.obstacles(move.case, bed)
        )
        if bed := next(fit, None):
            found[move.case_id] = bed
            free.remove(bed)
            company.settle(move.case, bed)
    return found


def beds_for(case: Case, unit: Unit, *, on: date) -> QuerySet[Bed]:
    """Free beds of a 大队 that fit this person, in the order of rooms."""
    fit = Bed.objects.free().fit_for(
        sex=case.person.sex, minor=_is_minor(case, on), isolation=case.needs_isolation
    )
    near = company_of([case], on=on).rooms_near(case)
    found = fit.filter(room__unit=unit).exclude(room__in=near)
    return found.select_related("room__unit").in_order()


def no_bed_obstacles(move: ZoneMove) -> tuple[Obstacle, ...]:
    """What an officer reads when the receiving 大队 has no bed for this person."""
    return (
        Obstacle(
            f"{move.to_unit.name}没有适合此人的空床（性别、年龄、隔离、分开管理）",
            statutes.SEPARATION,
        ),
    )


def bed_choice_obstacles(move: ZoneMove, bed: Bed) -> tuple[Obstacle, ...]:
    """Why a bed may not be held for a move: it stands in another 大队."""
    if bed.room.unit_id == move.to_unit_id:
        return ()
    return (Obstacle(f"床位 {bed} 不在{move.to_unit.name}，请另选床位"),)


def bed_change_obstacles(
    case: Case, bed: Bed, *, ground: BedGround, reason: str, by: User
) -> tuple[Obstacle, ...]:
    """Why a person may not get another bed so; whether the bed fits him is judged when he lies down in it."""
    unit = bed.room.unit
    return rules.bed_change_obstacles(
        BedChange(
            in_facility=case.status == CaseStatus.IN_FACILITY,
            status_label=case.get_status_display(),
            on_the_way=case.receiving_unit is not None,
            in_zone=unit.zone_id == case.zone_id and unit.facility_id == case.facility_id,
            other_unit=unit.name if unit.pk != case.unit_id else "",
            by_leader=by.may(Permission.ZONE_MOVE_APPROVE) or by.may(Permission.LEAVE_GRANT),
            isolated=case.needs_isolation,
            isolation=ground.isolation,
            reason=reason,
        ),
        bed=str(bed),
        zone=str(case.zone),
    )


def other_beds(case: Case, *, on: date) -> QuerySet[Bed]:
    """Free beds of his zone for his sex and age, isolated or not; his own 大队 first, and what fits him now.

    Rooms of those he is kept apart from are left out.
    """
    near = company_of([case], on=on).rooms_near(case)
    return (
        Bed.objects.free()
        .filter(
            room__unit__zone=case.zone_id,
            room__sex=case.person.sex,
            room__for_minors=_is_minor(case, on),
        )
        .exclude(room__in=near)
        .annotate(
            elsewhere=~Q(room__unit=case.unit_id), unlike=~Q(room__isolation=case.needs_isolation)
        )
        .select_related("room__unit__zone")
        .order_by(
            "elsewhere", "unlike", "room__unit__name", *numbered("room__name"), *numbered("label")
        )
    )


def no_other_bed_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """What an officer reads when his zone has no other bed for this person."""
    return (
        Obstacle(
            f"{case.zone}没有可供此人改住的空床（性别、年龄、分开管理），请先开设或者腾出床位",
            statutes.SEPARATION,
        ),
    )


def return_bed_obstacles(case: Case, bed: Bed) -> tuple[Obstacle, ...]:
    """Why somebody back from leave may not have this bed: he returns to the zone that he left."""
    if bed.room.unit.facility_id == case.facility_id and bed.room.unit.zone_id == case.zone_id:
        return ()
    return (Obstacle(f"床位 {bed} 不在{case.zone}，返回后仍住原区，转区另行提请"),)


def return_beds(case: Case, *, on: date) -> QuerySet[Bed]:
    """Free beds for somebody back from leave: in the zone that he left, his former 大队 first; none near those
    whom he is kept apart from.
    """
    company = company_of([case], on=on)
    fit = Bed.objects.free().fit_for(
        sex=case.person.sex, minor=_is_minor(case, on), isolation=case.needs_isolation
    )
    return (
        fit.filter(room__unit__zone=case.zone_id)
        .exclude(room__in=company.rooms_near(case))
        .exclude(room__unit__in=company.units_near(case))
        .annotate(elsewhere=~Q(room__unit=case.unit_id))
        .select_related("room__unit__zone")
        .order_by("elsewhere", "room__unit__name", *numbered("room__name"), *numbered("label"))
    )


def return_rooms(case: Case, *, on: date) -> QuerySet[Room]:
    """Rooms of the zone that he left where a bed may be added for him, none of them wholly out of use; his
    former 大队 first.
    """
    company = company_of([case], on=on)
    used = Bed.objects.in_use().filter(room=OuterRef("pk"), extra=False)
    return (
        Room.objects.filter(
            Exists(used),
            unit__zone=case.zone_id,
            unit__facility=case.facility_id,
            unit__closed_at__isnull=True,
            sex=case.person.sex,
            for_minors=_is_minor(case, on),
            isolation=case.needs_isolation,
        )
        .exclude(pk__in=company.rooms_near(case))
        .exclude(unit__in=company.units_near(case))
        .annotate(elsewhere=~Q(unit=case.unit_id))
        .select_related("unit__facility")
        .order_by("elsewhere", "unit__name", *numbered("name"))
    )


def extra_bed_obstacles(case: Case, room: Room, *, on: date) -> tuple[Obstacle, ...]:
    """Why no bed is added for him there: his zone has a free one, or the room is none for him."""
    if bed := return_beds(case, on=on).first():
        return (Obstacle(f"{case.zone}已有适合此人的空床 {bed}，请选择床位，不必加床"),)
    if not return_rooms(case, on=on).filter(pk=room.pk).exists():
        return (
            Obstacle(f"房间 {room} 不是{case.zone}适合此人的房间，请另选", statutes.SEPARATION),
        )
    return ()


def no_return_bed_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """What a leader reads when the zone that was left has no bed for this person."""
    return (
        Obstacle(
            f"{case.zone}没有适合此人的空床（性别、年龄、隔离、分开管理）", statutes.SEPARATION
        ),
    )
