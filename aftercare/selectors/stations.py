"""照管站 as an administrator sees them: how many each looks after, never whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from rehab import scope
from rehab.models import Case, Division, Event, Station, Subject, User
from rehab.refusal import Obstacle
from rehab.rules import places as rules
from rehab.selectors import houses

LEVEL = Station.Level
ABOVE = {LEVEL.WORK: LEVEL.GUIDANCE, LEVEL.SERVICE: LEVEL.WORK}
FOUND_AT_MOST = 10


@dataclass(frozen=True)
class StationLine:
    """A station on the list, with how many it looks after and how many serve there."""

    station: Station
    cases: int
    workers: int


def _looked_after(on: date) -> Q:
    return Q(station_sees_until__isnull=True) | Q(station_sees_until__gte=on)


def stations_called(user: User, *, words: str = "", level: str = "") -> QuerySet[Station]:
    """The stations of the user's province by words of name or division, in the order of divisions."""
    found = houses.stations(user).order_by("division__code", "level", "name")
    if level:
        found = found.filter(level=level)
    if words := words.strip():
        named = Q(name__contains=words) | Q(division__name__contains=words)
        found = found.filter(named | Q(division__code__startswith=words))
    return found


def station_lines(stations: Sequence[Station], *, on: date) -> list[StationLine]:
    """Stations with how many each looks after on a day; two queries."""
    keys = [station.pk for station in stations]
    with scope.within(scope.system("houses")):
        cases = _counted(Case.objects.filter(_looked_after(on), station__in=keys), "station")
    workers = _counted(User.objects.filter(posting__station__in=keys), "posting__station")
    return [
        StationLine(station, cases.get(station.pk, 0), workers.get(station.pk, 0))
        for station in stations
    ]


def _counted(rows: Any, path: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(path).annotate(Count("pk")))


def station_opening_obstacles(
    *, name: str, level: Station.Level, division: Division, parent: Station | None
) -> tuple[Obstacle, ...]:
    """Why a station may not be opened so."""
    city = division.level == Division.Level.PREFECTURE
    return rules.station_opening_obstacles(
        level_fits=city == (level == LEVEL.GUIDANCE) and division.level != Division.Level.PROVINCE,
        needs_parent=level == LEVEL.SERVICE and parent is None,
        parent_fits=parent is None or _stands_above(parent, level, division),
        known=Station.objects.filter(division=division, name=name).exists(),
    )


def _stands_above(parent: Station, level: Station.Level, division: Division) -> bool:
    if parent.closed_at is not None or ABOVE.get(level) != parent.level:
        return False
    return parent.division_id in (division.pk, division.parent_id)


def station_closing_obstacles(station: Station, *, on: date) -> tuple[Obstacle, ...]:
    """Who and what still hangs on a station on a day."""
    with scope.within(scope.system("houses")):
        cases = Case.objects.filter(_looked_after(on), station=station).count()
    posted = User.objects.filter(posting__station=station).order_by("display_name")
    children = station.children.filter(closed_at__isnull=True).order_by("name")
    return rules.station_closing_obstacles(
        closed=station.closed_at is not None,
        cases=cases,
        posted=list(posted.values_list("display_name", flat=True)),
        children=list(children.values_list("name", flat=True)),
    )


def divisions_called(words: str) -> list[Division]:
    """Cities and counties of that code or name; one more than can be offered when there are too many."""
    found = Division.objects.exclude(level=Division.Level.PROVINCE).select_related("parent")
    words = words.strip()
    exact = list(found.filter(Q(code=words) | Q(name=words)).order_by("code")[: FOUND_AT_MOST + 1])
    return exact or list(found.filter(name__contains=words).order_by("code")[: FOUND_AT_MOST + 1])


def history_of(station: Station) -> Any:
    """What was done to a station, the latest first."""
    return (
        Event.objects.filter(subject_type=Subject.STATION, subject_id=station.pk)
        .select_related("by")
        .order_by("-happened_at")
    )
