"""所外就医: away; back he comes by 回所登记 at the gate, as everybody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.actions.cases import edge_obstacles
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import CaseStatus
from rehab.web import see, template_for
from zones import actions, selectors
from zones.forms import LeaveForm
from zones.views import posted


def _case(request: Any, case_number: str) -> Case:
    return get_object_or_404(
        Case.objects.visible_to(request.user).select_related("person", "zone", "unit", "facility"),
        number=case_number,
    )


@requires(Permission.LEAVE_GRANT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def leave_create(request: Any, case_number: str) -> HttpResponse:
    """批准所外就医."""
    case = _case(request, case_number)
    form = LeaveForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            actions.grant_leave(case=case, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(
                request, f"{case.person}：已办理所外就医，床位已腾出，证明已编号，请在“文书”打印"
            )
            return see(request, case)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/leave_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "obstacles": edge_obstacles(case, CaseStatus.MEDICAL_LEAVE),
            "move": selectors.open_move(case),
        },
        status=422 if form.errors else 200,
    )
