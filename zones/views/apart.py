"""分开管理: who is kept apart from this person, noted and ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.actions import apart as actions
from rehab.models import Case, KeepApart
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import apart as selectors
from rehab.sending import form_page
from rehab.web import see, template_for
from zones.apart_forms import KeepApartEndForm, KeepApartForm
from zones.views import posted

NOBODY = "本所没有编号为 {} 的人员，请核对“另一人编号”"


def _case(request: Any, case_number: str) -> Case:
    return get_object_or_404(
        Case.objects.visible_to(request.user).select_related("person", "zone", "unit", "facility"),
        number=case_number,
    )


@requires(Permission.KEEP_APART)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def apart_create(request: Any, case_number: str) -> HttpResponse:
    """登记分开管理, below what stands already."""
    case = _case(request, case_number)
    form = KeepApartForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        facts = dict(form.cleaned_data)
        number = facts.pop("number")
        other = selectors.partner(case, number)
        try:
            if other is None:
                form.add_error("number", NOBODY.format(number))
            else:
                actions.keep_apart(case=case, other=other, by=request.user, at=clock.now(), **facts)
                messages.success(request, f"{case.person}：已登记分开管理，已告知双方大队")
                return see(request, "zones:apart-create", case.number)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/apart_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "lines": selectors.lines_of(case, request.user, on=clock.today()),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.KEEP_APART)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def apart_end(request: Any, case_number: str) -> HttpResponse:
    """终止分开管理 of one record."""
    case = _case(request, case_number)
    lines = selectors.lines_of(case, request.user, on=clock.today())
    unended = {line.record.pk: line for line in lines if line.record.ended_at is None}
    form = KeepApartEndForm(
        posted(request),
        records=KeepApart.objects.visible_to(request.user).touching([case]).unended(),
        names=lambda record: unended.get(record.pk, ""),
        initial={"record": request.GET.get("record")},
        drafts=request.drafts,
    )

    if form.is_valid():
        try:
            actions.end_keeping_apart(by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"{case.person}：已终止分开管理，已告知双方大队")
            return see(request, "zones:apart-create", case.number)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/apart_end.html", fragment="form"),
        {"case": case, "form": form, "lines": list(unended.values())},
        status=422 if form.errors else 200,
    )
