"""回所体检: a physician looks at who came back injured, or before anybody had looked at him."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake.return_forms import ReturnCheckForm
from intake.views.arrivals import posted
from intake.views.sheets import case_in_scope
from rehab import clock
from rehab.actions.absences import record_return_check
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import absences
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.MEDICAL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def return_check(request: Any, case_number: str) -> HttpResponse:
    """What the gate wrote down of him, and what the physician found."""
    case = case_in_scope(request, case_number)
    absence = absences.unchecked(case)
    form = ReturnCheckForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            findings = form.cleaned_data["findings"]
            record_return_check(
                case=case,
                seen=request.POST.get("of", ""),
                findings=findings,
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, f"{case.person}：已登记回所体检")
            return see(request, case)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "intake/return_check.html", fragment="form"),
        {
            "case": case,
            "absence": absence,
            "seen": request.POST.get("of", absence.pk if absence else ""),
            "form": form,
            "obstacles": () if absence else absences.check_obstacles(None, "", seen=""),
        },
        status=422 if form.errors else 200,
    )
