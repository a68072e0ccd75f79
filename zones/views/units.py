"""机构床位: 大队 and 中队, rooms and beds, as the system administrator opens and closes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.actions import places
from rehab.models import Unit
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.selectors import houses
from rehab.sending import form_page
from rehab.web import see, template_for
from zones import actions, selectors
from zones.place_forms import (
    BedCloseForm,
    BedReopenForm,
    BedsForm,
    PlaceFilterForm,
    RoomsForm,
    SquadForm,
    UnitCloseForm,
    UnitForm,
)
from zones.views import posted


def _unit(request: Any, pk: Any) -> Unit:
    return get_object_or_404(houses.units(request.user), pk=pk)


@requires(Permission.PLACE_MANAGE)
@require_safe
def unit_list(request: Any) -> HttpResponse:
    """机构床位 of one house: its zones, 大队, 中队, and how their beds are used."""
    facilities = list(houses.facilities(request.user))
    filters = PlaceFilterForm(request.GET, facilities=facilities)
    code = filters.cleaned_data["facility"] if filters.is_valid() else ""
    chosen = [one for one in facilities if one.code == code]
    facility = next(iter(chosen or facilities), None)
    return render(
        request,
        "zones/unit_list.html",
        {
            "filters": filters,
            "facility": facility,
            "lines": houses.unit_lines(facility) if facility else [],
        },
    )


@requires(Permission.PLACE_MANAGE)
@require_safe
def unit_detail(request: Any, pk: Any) -> HttpResponse:
    """One 大队 or 中队: rooms and beds, who is posted there, what was done to it."""
    unit = _unit(request, pk)
    return render(
        request,
        "zones/unit_detail.html",
        {
            "unit": unit,
            "rooms": selectors.rooms_of(unit),
            "officers": selectors.officers_of(unit),
            "events": selectors.history_of(unit),
            "squads": unit.squads.open().order_by("name"),
            "may_post": request.user.may(Permission.ACCOUNT_MANAGE),
        },
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def unit_create(request: Any) -> HttpResponse:
    """开设大队, with rooms and beds."""
    facilities = houses.facilities(request.user)
    asked = request.GET.get("facility")
    initial = {"facility": next((one for one in facilities if one.code == asked), None)}
    form = UnitForm(posted(request), facilities=facilities, initial=initial, drafts=request.drafts)

    if form.is_valid():
        try:
            unit = places.open_unit(
                facility=form.cleaned_data["facility"],
                plan=form.plan,
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, f"已开设{unit.name}")
            return see(request, "zones:unit-detail", unit.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/unit_create.html", fragment="form"),
        {"form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def squad_create(request: Any, pk: Any) -> HttpResponse:
    """开设中队 under a 大队."""
    brigade = _unit(request, pk)
    form = SquadForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            squad = places.open_squad(
                brigade=brigade, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"已在{brigade.name}开设{squad.name}")
            return see(request, "zones:unit-detail", brigade.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/squad_create.html", fragment="form"),
        {"unit": brigade, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def unit_close(request: Any, pk: Any) -> HttpResponse:
    """撤销大队、中队, when it is empty; else who and what still stands there."""
    unit = _unit(request, pk)
    form = UnitCloseForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            actions.close_unit(unit=unit, by=request.user, at=clock.now())
            messages.success(request, f"{unit.name}已撤销，床位同时停用")
            return see(request, "zones:unit-detail", unit.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/unit_close.html", fragment="form"),
        {
            "unit": unit,
            "form": form,
            "obstacles": selectors.closing_obstacles(unit),
            "officers": selectors.officers_of(unit)
            if request.user.may(Permission.ACCOUNT_MANAGE)
            else [],
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def room_create(request: Any, pk: Any) -> HttpResponse:
    """增设房间 with their beds."""
    unit = _unit(request, pk)
    form = RoomsForm(
        posted(request),
        drafts=request.drafts,
        taken_names=unit.rooms.values_list("name", flat=True),
    )

    if form.is_valid():
        try:
            places.add_rooms(unit=unit, rooms=form.rooms, by=request.user, at=clock.now())
            messages.success(request, f"{unit.name}已增设房间 {len(form.rooms)} 间")
            return see(request, "zones:unit-detail", unit.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/room_create.html", fragment="form"),
        {"unit": unit, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def bed_create(request: Any, pk: Any) -> HttpResponse:
    """增设床位 in one room."""
    room = get_object_or_404(selectors.rooms_looked_after(request.user), pk=pk)
    form = BedsForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            beds = places.add_beds(room=room, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"{room} 已增设床位 {len(beds)} 张")
            return see(request, "zones:unit-detail", room.unit.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/bed_create.html", fragment="form"),
        {"room": room, "unit": room.unit, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def bed_close(request: Any, pk: Any) -> HttpResponse:
    """停用床位, several at once."""
    unit = _unit(request, pk)
    form = BedCloseForm(
        posted(request), beds=selectors.beds_of(unit, closed=False), drafts=request.drafts
    )

    if form.is_valid():
        try:
            beds = places.close_beds(
                unit=unit, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"{unit.name}已停用床位 {len(beds)} 张")
            return see(request, "zones:unit-detail", unit.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/bed_close.html", fragment="form"),
        {"unit": unit, "form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.PLACE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def bed_reopen(request: Any, pk: Any) -> HttpResponse:
    """恢复使用 beds that were out of use."""
    unit = _unit(request, pk)
    form = BedReopenForm(
        posted(request), beds=selectors.beds_of(unit, closed=True), drafts=request.drafts
    )

    if form.is_valid():
        try:
            beds = places.reopen_beds(
                unit=unit, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"{unit.name}已恢复床位 {len(beds)} 张")
            return see(request, "zones:unit-detail", unit.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/bed_reopen.html", fragment="form"),
        {
            "unit": unit,
            "form": form,
            "obstacles": ()
            if selectors.beds_of(unit, closed=True).exists()
            else (Obstacle("没有停用的床位"),),
        },
        status=422 if form.errors else 200,
    )
