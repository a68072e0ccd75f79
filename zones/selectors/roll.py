"""The roll: where everybody of a facility is at a moment, and how each zone's number came about."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from rehab.models import Case, Facility, Placement
from rehab.states import Stage
from zones.models import ZoneMove


@dataclass(frozen=True)
class ZoneLine:
    """A zone over a span of time: opening + arrived - left = closing. People in transit are in none."""

    stage: Stage
    opening: int
    arrived: int
    left: int
    closing: int


@dataclass(frozen=True)
class Whereabouts:
    """Everyone in custody of a facility at a moment, each in exactly one place."""

    zones: dict[Stage, int]
    in_transit: int
    away: int  # 所外就医, held elsewhere, on the road: the term runs, no bed is taken
    in_custody: int


@dataclass(frozen=True)
class Roll:
    """花名册结算: the zones over a span, and where everybody is at its end."""

    zones: tuple[ZoneLine, ...]
    closing: Whereabouts


def whereabouts(facility: Facility, at: datetime) -> Whereabouts:
    """Who is where at a moment: three counting queries."""
    lying = _by_stage(_lying(facility).filter(period__contains=at), "bed__room__unit__zone__stage")
    in_transit = _by_stage(_moves(facility).in_transit_at(at), "stage")
    in_custody = (
        Case.objects.filter(facility=facility, entered_at__lte=at)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        .count()
    )
    return Whereabouts(
        zones={stage: lying[stage] - in_transit[stage] for stage in Stage},
        in_transit=in_transit.total(),
        away=in_custody - lying.total(),
        in_custody=in_custody,
    )


def roll(facility: Facility, *, since: datetime, until: datetime) -> Roll:
    """The roll of a span; what happened at `since` itself belongs to the span before."""
    opening, closing = whereabouts(facility, since), whereabouts(facility, until)
    arrived, left = _passages(facility, since=since, until=until)
    return Roll(
        tuple(
            ZoneLine(stage, opening.zones[stage], arrived[stage], left[stage], closing.zones[stage])
            for stage in Stage
        ),
        closing,
    )


def _passages(
    facility: Facility, *, since: datetime, until: datetime
) -> tuple[Counter[Stage], Counter[Stage]]:
    """Who came into a zone and who left it within a span; a change of beds inside a zone is neither."""
    net: Counter[tuple[Any, Stage, datetime]] = Counter()
    beds = _lying(facility).values_list("case", "bed__room__unit__zone__stage", "period")
    for case, stage, period in beds.filter(_within("period__startswith", since, until)):
        net[case, Stage(stage), period.lower] += 1
    for case, stage, period in beds.filter(_within("period__endswith", since, until)):
        net[case, Stage(stage), period.upper] -= 1
    moves = _moves(facility)
    for move in moves.filter(_within("approved_at", since, until)):
        net[move.case_id, Stage(move.stage), move.approved_at] -= 1
    ended = _within("received_at", since, until) | _within("ended_at", since, until)
    for move in moves.filter(ended, approved_at__isnull=False):
        net[move.case_id, Stage(move.stage), move.received_at or move.ended_at] += 1

    arrived: Counter[Stage] = Counter()
    left: Counter[Stage] = Counter()
    for (_, stage, _), change in net.items():
        (arrived if change > 0 else left)[stage] += abs(change)
    return arrived, left


def _within(column: str, since: datetime, until: datetime) -> Q:
    return Q(**{f"{column}__gt": since, f"{column}__lte": until})


def _lying(facility: Facility) -> Any:
    """Beds lain in; a bed that is only held counts for nobody."""
    return Placement.objects.filter(case__facility=facility, held=False)


def _moves(facility: Facility) -> Any:
    return ZoneMove.objects.filter(case__facility=facility).defer("reason")


def _by_stage(rows: Any, column: str) -> Counter[Stage]:
    counted = rows.order_by().values_list(column).annotate(people=Count("pk"))
    return Counter({Stage(stage): people for stage, people in counted})
