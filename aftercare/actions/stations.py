"""照管站: set up on the three levels, and closed once it looks after nobody."""

from datetime import datetime

from django.db import transaction

from aftercare import selectors
from rehab import clock
from rehab.actions import setup
from rehab.ledgers import events
from rehab.models import Bureau, Division, Event, Station, User
from rehab.refusal import Refused


@transaction.atomic
def open_station(
    *,
    name: str,
    level: Station.Level,
    division: Division,
    parent: Station | None,
    province: Bureau,
    phone: str,
    by: User,
    at: datetime,
) -> Station:
    """设立照管站 on a division: 指导站 on a city, 工作站 and 服务站 on a county."""
    Bureau.objects.select_for_update(of=("self",)).get(pk=province.pk)

    if parent is not None:
        parent = Station.objects.get(pk=parent.pk)
    Refused.if_any(
        selectors.station_opening_obstacles(
            name=name, level=level, division=division, parent=parent
        )
    )

    station = setup.open_station(
        name=name, level=level, division=division, province=province, parent=parent, phone=phone
    )

    events.record(station, Event.Kind.STATION_OPENED, by=by, at=at)
    return station


@transaction.atomic
def close_station(*, station: Station, by: User, at: datetime) -> Station:
    """撤销照管站 that looks after nobody and in which nobody serves."""
    Bureau.objects.select_for_update(of=("self",)).get(pk=station.province_id)

    station = Station.objects.select_for_update(of=("self",)).get(pk=station.pk)
    Refused.if_any(selectors.station_closing_obstacles(station, on=clock.day_of(at)))

    station.closed_at = at
    station.save(update_fields=["closed_at"])

    events.record(station, Event.Kind.STATION_CLOSED, by=by, at=at)
    return station
