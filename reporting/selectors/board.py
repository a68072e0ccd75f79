"""运行看板: the figures of all within reach, by facility, and the picture of the zones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from rehab.models import Bureau, Case, Facility, User
from rehab.states import CaseStatus, Reach, Stage
from reporting import metrics
from reporting.metrics import METRICS, Metric

ZONE_COLOURS = ("#c2255c", "#e67700", "#2b8a3e", "#1864ab")  # as the zone tags


@dataclass(frozen=True)
class Cell:
    """A figure that opens its list."""

    metric: Metric
    count: int
    url: str


@dataclass(frozen=True)
class Line:
    """One facility's figures, its beds and how many lie in them."""

    facility: Facility
    cells: tuple[Cell, ...]
    beds: int
    held: int

    @property
    def full(self) -> bool:
        return self.beds > 0 and self.held >= self.beds


@dataclass(frozen=True)
class Province:
    """A province's tile on the nation's grid: real figures, or none."""

    bureau: Bureau
    facilities: int
    count: int
    url: str


@dataclass(frozen=True)
class Board:
    """Everything the dashboard shows."""

    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    zones: Mapping[UUID, Mapping[str, int]]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(cell.metric for cell in self.cells)

    @property
    def tiles(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.metric.redline)

    @property
    def redlines(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.metric.redline)


def facilities(user: User) -> QuerySet[Facility]:
    """The facilities a post counts."""
    every = Facility.objects.select_related("province").order_by("code")
    match user.reach:
        case Reach.NATION:
            return every
        case Reach.PROVINCE:
            return every.filter(Q(province=user.bureau) | Q(bureau=user.bureau))
        case _:
            return every.filter(pk__in=[user.facility.pk] if user.facility else [])


def board(user: User, *, at: datetime) -> Board:
    """Three queries: the counts of every metric, the facilities with their beds, who is in which zone."""
    shown, counted = metrics.shown_to(user), metrics.counts(user, at=at)
    in_use = Q(units__rooms__beds__closed_at__isnull=True)
    if user.unit:
        in_use &= Q(units=user.unit) | Q(units__parent=user.unit)
    places = facilities(user).annotate(beds=Count("units__rooms__beds", filter=in_use))
    zones = in_zones(user)
    return Board(
        cells=tuple(
            Cell(metric, sum(counted[metric.code].values()), address(metric)) for metric in shown
        ),
        lines=tuple(_line(facility, shown, counted, zones) for facility in places),
        zones=zones,
    )


def _line(
    facility: Any,
    shown: Sequence[Metric],
    counted: Mapping[str, Mapping[UUID, int]],
    zones: Mapping[UUID, Mapping[str, int]],
) -> Line:
    return Line(
        facility=facility,
        cells=tuple(
            Cell(
                metric,
                counted[metric.code].get(facility.pk, 0),
                address(metric, facility=facility.code),
            )
            for metric in shown
        ),
        beds=facility.beds,
        held=sum(zones.get(facility.pk, {}).values()),
    )


def address(metric: Metric, **where: str) -> str:
    """The list behind a figure, perhaps of one facility or province."""
    url = reverse("reporting:metric-detail", args=[metric.code])
    return f"{url}?{urlencode(where)}" if where else url


def in_zones(user: User) -> dict[UUID, dict[str, int]]:
    """People in the zones, by facility and stage."""
    rows = (
        Case.objects.visible_to(user)
        .filter(status=CaseStatus.IN_FACILITY, zone__isnull=False)
        .order_by()
        .values_list("facility", "zone__stage")
        .annotate(Count("pk"))
    )
    found: dict[UUID, dict[str, int]] = {}
    for facility, stage, number in rows:
        found.setdefault(facility, {})[stage] = number
    return found


def provinces(lines: Sequence[Line]) -> tuple[Province, ...]:
    """The provinces that have a facility here, each with its people in custody."""
    grouped: dict[Bureau, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.facility.province, []).append(line)
    return tuple(
        Province(
            bureau,
            len(held),
            sum(line.cells[0].count for line in held),
            address(METRICS[0], province=bureau.name),
        )
        for bureau, held in grouped.items()
    )


def chart(lines: Sequence[Line], zones: Mapping[UUID, Mapping[str, int]]) -> dict[str, Any]:
    """四区在区人数 as an option of ECharts: facilities stacked by zone, or one facility's four zones."""
    names = [line.facility.short_name for line in lines]
    numbers = [
        [zones.get(line.facility.pk, {}).get(stage.value, 0) for line in lines] for stage in Stage
    ]
    if len(lines) == 1:
        bars = [
            {"value": of_stage[0], "itemStyle": {"color": colour}}
            for of_stage, colour in zip(numbers, ZONE_COLOURS, strict=True)
        ]
        names = [stage.zone_label for stage in Stage]
        series = [
            {
                "type": "bar",
                "barMaxWidth": 56,
                "label": {"show": True, "position": "top"},
                "data": bars,
            }
        ]
    else:
        series = [
            {
                "name": stage.label,
                "type": "bar",
                "stack": "zones",
                "barMaxWidth": 36,
                "itemStyle": {"color": colour},
                "data": of_stage,
            }
            for stage, of_stage, colour in zip(Stage, numbers, ZONE_COLOURS, strict=True)
        ]
    return {
        "legend": {"top": 4, "itemWidth": 10, "itemHeight": 10},
        "grid": {"left": 44, "right": 12, "top": 34, "bottom": 26},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
