"""入所事项: what is still owed after entry, each with its due time and the form that closes it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.completion_forms import (
    AdmissionPapersForm,
    CompletionForm,
    FamilyNoticeForm,
    RightsNoticeForm,
)
from intake.rules.completion import Duty
from intake.rules.family import NoNotice
from intake.selectors.completion import Owed, language_read, owed_after_entry
from rehab import clock
from rehab.models import Case, Role
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import serving
from rehab.sending import form_page
from rehab.web import see, template_for

PAGES = {  # duties that are done on a page of their own, and what the link to it says
    "health_check": ("intake:health-sheet-create", "填写检查表"),
    "belongings": ("intake:belongings-create", "登记物品"),
}


@requires(Permission.COMPLETION_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def completion_record(request: Any, case_number: str) -> HttpResponse:
    seen = Case.objects.visible_to(request.user)
    case = get_object_or_404(
        seen.select_related("person", "facility", "zone", "unit"), number=case_number
    )
    owed = owed_after_entry(case)
    left = [one.duty for one in owed if one.item is None]
    forms = {duty.code: _form(duty, case, request) for duty in left if duty.code not in PAGES}
    mine = {one.duty.code for one in owed if one.duty.role == request.user.role}
    duty = request.POST.get("duty", "")
    sent = forms.get(duty) if duty in mine else None  # another post's duty is not signed off here

    if sent is not None and sent.is_valid():
        try:
            _record(case, request.POST["duty"], sent.cleaned_data, by=request.user)
            messages.success(request, "已办结")
            return see(request, "intake:completion-record", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                sent.add_error(None, str(obstacle))

    refused_now = request.method == "POST"
    roles = dict(Role.objects.values_list("code", "display_name"))
    rows = [_row(one, forms, roles, request.user) for one in owed]
    return render(
        request,
        template_for(request, "intake/completion_record.html", fragment="list"),
        {
            "case": case,
            "can_open_documents": request.user.may(Permission.DOCUMENT_VIEW),
            "can_see_health": request.user.may(Permission.MEDICAL_VIEW)
            or request.user.may(Permission.ARRIVAL_DECIDE),
            "rows": rows,
            "left": len(left),
            "papers_form": AdmissionPapersForm() if _prints(request.user, rows) else None,
            "gone": refused_now and sent is None,
        },
        status=422 if refused_now else 200,
    )


def _prints(user: Any, rows: list[dict[str, Any]]) -> bool:
    """Who receives people prints what they are received with."""
    return bool(rows) and user.may(Permission.ARRIVAL_DECIDE)


def _form(duty: Duty, case: Case, request: Any) -> CompletionForm | FamilyNoticeForm:
    data = request.POST if request.POST.get("duty") == duty.code else None
    initial = {"done_at": clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")}
    if duty.code == "rights_notice":
        initial["language"] = language_read(case)
        return RightsNoticeForm(data, prefix=duty.code, initial=initial, drafts=request.drafts)
    if duty.code != "family_notice":
        return CompletionForm(data, prefix=duty.code, initial=initial, drafts=request.drafts)
    relatives: Any = case.person.relatives or [{}]
    initial["recipient"] = relatives[0].get("name", "")
    mine = request.user.role == duty.role  # who may confirm is asked for those who fill it in
    staff = list(serving(case.facility_id)) if mine else []
    return FamilyNoticeForm(
        data, staff=staff, prefix=duty.code, initial=initial, drafts=request.drafts
    )


def _row(
    one: Owed, forms: Mapping[str, Any], roles: Mapping[str, str], user: Any
) -> dict[str, Any]:
    return {
        "owed": one,
        "form": forms.get(one.duty.code),
        "page": PAGES.get(one.duty.code),
        "role": roles[one.duty.role],
        "mine": user.role == one.duty.role,
    }


def _record(case: Case, duty: str, typed: Mapping[str, Any], *, by: Any) -> None:
    """The act that closes this duty: two of them make a document."""
    at = clock.now()
    done_at = typed["done_at"]
    if duty == "family_notice" and typed["manner"] == FamilyNoticeForm.NOBODY:
        actions.explain_no_family_notice(
            case=case, ground=NoNotice(typed["ground"]), reason=typed["reason"],
            confirmed_by=typed["confirmed_by"], done_at=done_at, by=by, at=at,
        )  # fmt: skip
    elif duty == "family_notice":
        actions.send_family_notice(
            case=case, recipient=typed["recipient"], manner=typed["manner"], proof=typed["proof"],
            done_at=done_at, by=by, at=at,
        )  # fmt: skip
    elif duty == "rights_notice":
        actions.give_rights_notice(
            case=case, note=typed["note"], done_at=done_at, by=by, at=at,
            language=typed["language"], interpreter=typed["interpreter"],
        )  # fmt: skip
    else:
        actions.complete_item(
            case=case, duty=duty, note=typed["note"], done_at=done_at, by=by, at=at
        )
