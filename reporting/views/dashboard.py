"""运行看板：tiles, the list behind each, and its export."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rehab import clock, lists, naming
from rehab.models import User
from rehab.permissions import Permission, requires
from rehab.states import Reach, Stage
from reporting import metrics
from reporting.metrics import Metric
from reporting.selectors import board as selectors
from reporting.selectors.worklist import whose


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def dashboard(request: Any) -> HttpResponse:
    """The figures of everyone within reach, each opening its rows; by facility for a bureau."""
    user, at = request.user, clock.now()
    board = selectors.board(user, at=at)
    return render(
        request,
        "reporting/dashboard.html",
        {
            "board": board,
            "zone_rows": _zone_rows(board),
            "stages": tuple(Stage),
            "chart": selectors.chart(board.lines, board.zones),
            "provinces": selectors.provinces(board.lines) if user.reach == Reach.NATION else (),
            "whose": whose(user),
            "at": at,
            "compares": user.reach in (Reach.PROVINCE, Reach.NATION),
        },
    )


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def metric_detail(request: Any, code: str) -> HttpResponse:
    """The rows that a figure counts."""
    metric, where, at = _metric(code, request.user), _where(request), clock.now()
    return lists.answer(
        request,
        metric.listing,
        metric.listed(request.user, at=at, **where),
        template="reporting/metric_detail.html",
        about=" ".join(where.values()),
        context={
            "metric": metric,
            "at": at,
            "whose": " ".join(where.values()) or whose(request.user),
            "masked": not naming.sees_names(request.user),
        },
    )


def _where(request: Any) -> dict[str, str]:
    """The facility or province that the address asks for; nothing is the whole reach."""
    asked = {name: request.GET.get(name, "").replace("\0", "") for name in ("facility", "province")}
    return {name: value for name, value in asked.items() if value}


def _metric(code: str, user: User) -> Metric:
    """The figure of this code, if it is one of this user's dashboard."""
    metric = metrics.BY_CODE.get(code)
    if metric is None or user.reach not in metric.reaches:
        raise Http404("没有这个指标")
    return metric


def _zone_rows(board: selectors.Board) -> list[tuple[str, list[int]]]:
    """The chart as a table, for who cannot see it."""
    return [
        (line.facility.short_name, [board.zones.get(line.facility.pk, {}).get(s, 0) for s in Stage])
        for line in board.lines
    ]
