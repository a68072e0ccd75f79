"""随身物品: registered on the day of entry, looked at, handed back on the last day."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.belonging_forms import BelongingsForm
from intake.rules import completion
from intake.selectors import sheets
from intake.selectors.completion import completion_obstacles
from intake.views.arrivals import posted
from intake.views.sheets import case_in_scope
from rehab import clock
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.photos import media_type
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.ARRIVAL_DECIDE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def belongings_create(request: Any, case_number: str) -> HttpResponse:
    """物品检查登记, with the receipt for their owner."""
    case = case_in_scope(request, case_number)
    now = clock.now()
    initial = {"registered_at": now.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")}
    form = BelongingsForm(
        posted(request), request.FILES or None, initial=initial, drafts=request.drafts
    )

    if form.is_valid():
        try:
            actions.register_belongings(
                case=case, register=form.register, by=request.user, at=now,
                registered_at=form.cleaned_data["registered_at"],
            )  # fmt: skip
            messages.success(request, f"{case.person.name}：物品已登记，请打印清单交本人签名")
            return see(request, "intake:belongings-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "intake/belongings_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "obstacles": completion_obstacles(
                case, completion.duty("belongings"), by=request.user, done_at=now, at=now
            ),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.DOCUMENT_VIEW)
@require_GET
@form_page
def belongings_detail(request: Any, case_number: str) -> HttpResponse:
    """What was brought, what became of it, and what is still to be handed back."""
    case = case_in_scope(request, case_number)
    versions = sheets.registers_of(case)
    asked = request.GET.get("version", "")
    chosen = next((one for one in versions if str(one.version) == asked), None)
    standing = next(iter(versions), None)
    register = chosen or standing
    return render(
        request,
        "intake/belongings_detail.html",
        {
            "case": case,
            "register": register,
            "versions": versions,
            "stands": register == standing,
            "items": sheets.belongings_of(register),
            "obstacles": sheets.hand_back_obstacles(register),
            "can_hand_back": request.user.may(Permission.RELEASE_CARRY_OUT),
            "can_register": request.user.may(Permission.ARRIVAL_DECIDE),
        },
    )


@requires(Permission.RELEASE_CARRY_OUT)
@require_POST
@form_page
def belongings_return(request: Any, case_number: str) -> HttpResponse:
    """发还代管物品."""
    case = case_in_scope(request, case_number)
    try:
        actions.hand_back_belongings(case=case, by=request.user, at=clock.now())
    except Refused as refused:
        return render(
            request,
            "errors/refused.html",
            {
                "obstacles": refused.obstacles,
                "heading": "没有发还",
                "back": reverse("intake:belongings-detail", args=[case.number]),
            },
            status=422,
        )
    messages.success(request, f"{case.person.name}：代管物品已全部发还，请本人在清单上签名")
    return see(request, "intake:belongings-detail", case.number)


@requires(Permission.DOCUMENT_VIEW)
@require_GET
def photo_detail(request: Any, pk: Any) -> HttpResponse:
    """The photo of one item."""
    photo: Any = get_object_or_404(sheets.photographed(request.user), pk=pk).photo
    return HttpResponse(
        photo,
        content_type=media_type(photo),
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )
