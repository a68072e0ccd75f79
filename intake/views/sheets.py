"""The sheets of an entry: 入所健康状况检查表."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.rules import completion
from intake.selectors import sheets
from intake.selectors.completion import completion_obstacles
from intake.sheet_forms import HealthSheetForm
from intake.views.arrivals import posted
from rehab import clock
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.MEDICAL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def health_sheet_create(request: Any, case_number: str) -> HttpResponse:
    """登记入所健康检查, with the injuries on a figure of the body."""
    case = case_in_scope(request, case_number)
    now = clock.now()
    form = HealthSheetForm(
        posted(request),
        request.FILES or None,
        sex=case.person.sex,
        initial={
            "checked_at": now.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
            "conclusion": "可以执行强制隔离戒毒",
        },
        drafts=request.drafts,
    )

    if form.is_valid():
        try:
            actions.record_health_sheet(
                case=case, sheet=form.sheet, checked_at=form.cleaned_data["checked_at"],
                by=request.user, at=now,
            )  # fmt: skip
            messages.success(request, f"{case.person.name}：检查表已登记，请打印后由双方签名")
            return see(request, "intake:completion-record", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    admission = sheets.admission_of(case)
    return render(
        request,
        template_for(request, "intake/health_sheet_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "admission": admission,
            "papers": sheets.announced_of(admission),
            "obstacles": completion_obstacles(
                case, completion.duty("health_check"), by=request.user, done_at=now, at=now
            ),
        },
        status=422 if form.errors else 200,
    )


def case_in_scope(request: Any, case_number: str) -> Case:
    """The case with everything its sheets name, or 404."""
    seen = Case.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("person", "facility"), number=case_number)
