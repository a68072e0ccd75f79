"""Setting up an installation: bureaus, facilities with their zones and beds, stations, accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rehab.actions.postings import post
from rehab.models import Bed, Bureau, Division, Facility, Role, Room, Station, Unit, User, Zone
from rehab.states import Sex, Stage


@dataclass(frozen=True)
class RoomPlan:
    """A room to build, and how many beds stand in it."""

    name: str
    sex: Sex
    beds: int
    for_minors: bool = False
    isolation: bool = False


@dataclass(frozen=True)
class UnitPlan:
    """A 大队 to build in the zone of a stage."""

    name: str
    stage: Stage
    rooms: Sequence[RoomPlan]


def found_bureau(*, name: str, level: Bureau.Level, parent: Bureau | None = None) -> Bureau:
    """设局."""
    return Bureau.objects.create(name=name, level=level, parent=parent)


@transaction.atomic
def found_facility(
    *,
    code: str,
    name: str,
    short_name: str,
    bureau: Bureau,
    duty_phone: str,
    units: Sequence[UnitPlan],
) -> Facility:
    """建所: the facility with its four zones, and the 大队, rooms and beds of the plan."""
    province = bureau if bureau.level == Bureau.Level.PROVINCE else bureau.parent
    if province is None:
        raise ValueError("a facility belongs to a bureau of a province or of a city in one")
    facility = Facility.objects.create(
        code=code, name=name, short_name=short_name, bureau=bureau, province=province,
        duty_phone=duty_phone,
    )  # fmt: skip
    zones = {stage: Zone(facility=facility, stage=stage, name=stage.zone_label) for stage in Stage}
    Zone.objects.bulk_create(zones.values())
    opened = [Unit(facility=facility, zone=zones[plan.stage], name=plan.name) for plan in units]
    Unit.objects.bulk_create(opened)
    furnish({unit: plan.rooms for unit, plan in zip(opened, units, strict=True)})
    return facility


def furnish(units: Mapping[Unit, Sequence[RoomPlan]]) -> None:
    """Build the rooms of a plan with their beds, numbered from 1. Part of founding and of opening."""
    built = [
        (
            Room(
                unit=unit, name=plan.name, sex=plan.sex,
                for_minors=plan.for_minors, isolation=plan.isolation,
            ),
            plan.beds,
        )
        for unit, plans in units.items()
        for plan in plans
    ]  # fmt: skip
    Room.objects.bulk_create(room for room, _ in built)
    Bed.objects.bulk_create(
        Bed(room=room, label=str(label)) for room, beds in built for label in range(1, beds + 1)
    )


def open_station(
    *, name: str, level: Station.Level, division: Division, province: Bureau,
    parent: Station | None = None, phone: str = "",
) -> Station:  # fmt: skip
    """设站: 指导站 under a city, 工作站 and 服务站 under a county."""
    city = division.level == Division.Level.PREFECTURE
    if city != (level == Station.Level.GUIDANCE):
        raise ValueError("a 指导站 stands under a city, every other station under a county")
    return Station.objects.create(
        name=name, level=level, division=division, province=province, parent=parent, phone=phone
    )


@transaction.atomic
def open_account(
    *,
    username: str,
    display_name: str,
    sex: Sex,
    role: str,
    place: Bureau | Facility | Unit | Station,
    password: str | None,
    at: datetime,
    police_number: str = "",
    email: str = "",
    is_demo: bool = False,
) -> User:
    """开户: an account with its first posting. Nobody can sign in to one without a password.

    `is_demo` marks an account of a demonstration.
    """
    user = User(
        username=username,
        display_name=display_name,
        sex=sex,
        police_number=police_number,
        email=email,
        is_demo=is_demo,
    )
    user.set_password(password)
    user.save(force_insert=True)
    post(user=user, role=Role.objects.get(pk=role), place=place, by=None, at=at)
    return User.objects.by_key(user.pk)
