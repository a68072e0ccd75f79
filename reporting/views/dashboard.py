"""运行看板：tiles, the list behind each, and its export."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rehab import clock
from rehab.models import Case, User
from rehab.permissions import Permission, requires
from rehab.states import Reach, Stage
from reporting import export, metrics, naming
from reporting.metrics import Metric
from reporting.selectors import board as selectors
from reporting.selectors.worklist import whose

PER_PAGE = 50


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
            "can_export": user.may(Permission.METRIC_EXPORT),
        },
    )


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def metric_detail(request: Any, code: str) -> HttpResponse:
    """The rows that a figure counts."""
    metric, where, at = _metric(code, request.user), _where(request), clock.now()
    page = Paginator(metric.listed(request.user, at=at, **where), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "reporting/metric_detail.html",
        {
            "metric": metric,
            "page": page,
            "lines": [_line(metric, row, request.user) for row in page.object_list],
            "query": urlencode(where),
            "at": at,
            "whose": " ".join(where.values()) or whose(request.user),
            "masked": not naming.sees_names(request.user),
            "can_export": request.user.may(Permission.METRIC_EXPORT),
        },
    )


@requires(Permission.METRIC_EXPORT)
@require_safe
def metric_export(request: Any, code: str) -> HttpResponse:
    """The rows that a figure counts, as a workbook."""
    metric, where, at = _metric(code, request.user), _where(request), clock.now()
    note = export.Note(
        title=metric.label,
        definition=metric.definition,
        unit=metric.unit,
        version=metric.version,
        as_of=at,
        by=str(request.user),
    )
    rows = metric.listed(request.user, at=at, **where)
    return export.workbook(note, metric.columns, rows, user=request.user)


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


def _line(metric: Metric, row, user) -> dict:
    case: Case = row.case if metric.case_path else row
    return {"case": case, "cells": [column.value(row, user) for column in metric.columns]}


def _zone_rows(board: selectors.Board) -> list[tuple[str, list[int]]]:
    """The chart as a table, for who cannot see it."""
    return [
        (line.facility.short_name, [board.zones.get(line.facility.pk, {}).get(s, 0) for s in Stage])
        for line in board.lines
    ]
