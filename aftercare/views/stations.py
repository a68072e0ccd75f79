"""照管站: the administrator's pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import selectors
from aftercare.actions import close_station, open_station
from aftercare.station_forms import StationCloseForm, StationForm
from rehab import clock
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.selectors import houses
from rehab.sending import form_page
from rehab.web import see, template_for

NO_PROVINCE = (Obstacle("照管站由省级局设立，您不在省级局任职"),)


@requires(Permission.PLACE_MANAGE)
@require_safe
def station_list(request: Any) -> HttpResponse:
    """Every 照管站 of the province."""
    return render(
        request,
        "aftercare/station_list.html",
        {"lines": selectors.station_lines(request.user, on=clock.today())},
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
