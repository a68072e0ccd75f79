"""请其办理: one button on the board and on a person's way to the next zone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rehab import clock
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see
from zones import actions, rules
from zones.selectors.asks import askable


@requires(Permission.ZONE_MOVE_PROPOSE)
@require_POST
@form_page
def ask_create(request: Any, case_number: str) -> HttpResponse:
    """请其办理 one condition, or, where none is named, all that other posts still owe this person."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("person"), number=case_number
    )
    at = clock.now()
    named = request.POST.getlist("condition")
    codes = named or [one.code for one in askable(case, on=clock.day_of(at))]
    back = reverse("zones:proposal-create", args=[case.number])

    try:
        asked = actions.ask_for_conditions(case=case, codes=codes, by=request.user, at=at)
    except Refused as refused:
        return render(
            request,
            "errors/refused.html",
            {"obstacles": refused.obstacles, "heading": "请其办理", "back": back},
            status=422,
        )
    said = "、".join(f"{rules.owner_label(one.owner)}办理{one.label}" for one in asked)
    messages.success(request, f"{case.person}：已请{said}")
    return see(request, back if named else "zones:move-list")
