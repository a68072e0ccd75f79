"""A person beyond his case: what is known of him put right."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock, statutes
from rehab.actions import persons as actions
from rehab.changing import status_of
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for
from reporting.person_forms import CorrectionForm
from reporting.selectors import casefile

PARTICULARS = ("name", "sex", "birth_date", "ethnicity", "education")


@requires(Permission.PERSON_CORRECT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
@form_page
def correction_create(request: Any, number: str) -> HttpResponse:
    """更正信息, with a reason; what was and what is stay on the page 变更."""
    case = get_object_or_404(casefile.pages(request.user), number=number)
    now = {name: getattr(case.person, name) for name in PARTICULARS}
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        drafts=request.drafts,
        now=now | {"precautions": case.precautions or ""},
        case=case,
    )

    if form.is_valid():
        try:
            actions.correct_particulars(
                case=case,
                corrected=form.corrected,
                reason=form.cleaned_data["reason"],
                bed=form.cleaned_data["bed"],
                by=request.user,
                at=clock.now(),
            )
            if form.left_as_found:
                messages.warning(request, form.left_as_found_words)
            messages.success(request, "已更正，变更前后都已留存")
            return see(request, f"{case.get_absolute_url()}?tab=changes")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "reporting/correction_create.html", fragment="form"),
        {"case": case, "form": form, "article": statutes.INFORMATION_CORRECTED},
        status=status_of(form),
    )
