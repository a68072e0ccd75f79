"""照管站: the administrator's pages."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import selectors
from aftercare.actions import close_station, open_station
from aftercare.station_forms import StationCloseForm, StationFilterForm, StationForm
from rehab import clock, lists
from rehab.columns import Column, day
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.selectors import houses
from rehab.sending import form_page
from rehab.web import see, template_for

NO_PROVINCE = (Obstacle("照管站由省级局设立，您不在省级局任职"),)


STATIONS = Listing(
    title="照管站",
    unit="个",
    definition="本省的照管站；照管人数是当日仍由该站照管的人数",
    columns=(
        Column("行政区划", lambda one, user: str(one.station.division), 18, "place", ("division__code",)),
        Column("站名", lambda one, user: one.station.name, 24, "name", ("name",)),
        Column("级别", lambda one, user: one.station.get_level_display(), 10, "level", ("level",)),
        Column("上级站", lambda one, user: str(one.station.parent or ""), 24),
        Column("电话", lambda one, user: one.station.phone, 16),
        Column("照管", lambda one, user: str(one.cases), 8, number=True),
        Column("工作人员", lambda one, user: str(one.workers), 8, number=True),
        Column("撤销", lambda one, user: day(one.station.closed_at), 12, "closed", ("closed_at",), shown=False),
    ),
    row="aftercare/_station_row.html",
    acts=True,
    empty="没有符合条件的照管站",
)  # fmt: skip


@requires(Permission.PLACE_MANAGE)
@require_safe
def station_list(request: Any) -> HttpResponse:
    """Every 照管站 of the province."""
    filters = StationFilterForm(request.GET)
    given = filters.cleaned_data if filters.is_valid() else {}
    stations = selectors.stations_called(
        request.user, words=given.get("q", ""), level=given.get("level", "")
    )
    return lists.answer(
        request,
        STATIONS,
        stations,
        template="aftercare/station_list.html",
        filters=filters,
        dress=partial(selectors.station_lines, on=clock.today()),
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def station_create(request: Any) -> HttpResponse:
    """设立照管站."""
    province = request.user.bureau
    stations = houses.stations(request.user).open().exclude(level="service")
    form = StationForm(
        request.POST if request.method == "POST" else None,
        drafts=request.drafts,
        stations=stations.order_by("name"),
    )

    if form.is_valid():
        try:
            Refused.if_any(() if province else NO_PROVINCE)
            station = open_station(
                province=province, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"已设立{station}")
            return see(request, "aftercare:station-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "aftercare/station_create.html", fragment="form"),
        {"form": form, "obstacles": () if province else NO_PROVINCE},
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def station_close(request: Any, pk: Any) -> HttpResponse:
    """撤销照管站, when it looks after nobody."""
    station = get_object_or_404(houses.stations(request.user), pk=pk)
    form = StationCloseForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        try:
            close_station(station=station, by=request.user, at=clock.now())
            messages.success(request, f"{station}已撤销")
            return see(request, "aftercare:station-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "aftercare/station_close.html", fragment="form"),
        {
            "station": station,
            "form": form,
            "obstacles": selectors.station_closing_obstacles(station, on=clock.today()),
            "events": selectors.history_of(station),
        },
        status=422 if form.errors else 200,
    )
