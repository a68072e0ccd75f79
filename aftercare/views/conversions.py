"""变更为社区戒毒: proposed, sent to the deciding organ, answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import actions, selectors
from aftercare.ending_forms import (
    ConversionAnswerForm,
    ConversionForm,
    ConversionSendForm,
    ConversionWithdrawForm,
)
from aftercare.models import Conversion
from aftercare.states import ConversionStatus
from rehab import clock, statutes
from rehab.models import Case
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import CaseStatus
from rehab.web import see, template_for


def _case(request: Any, case_number: str) -> Case:
    cases = Case.objects.visible_to(request.user).select_related("person", "facility", "unit")
    return get_object_or_404(cases, number=case_number)


def _page(request: Any, case: Case, conversion: Conversion | None) -> dict[str, Any]:
    user, woman = request.user, selectors.may_be_barred(case)
    return {
        "case": case,
        "name": shown_name(case.person, user),
        "conversion": conversion,
        "article": _article(conversion),
        "woman": woman,
        "proposing": selectors.conversion_proposal_obstacles(case, conversion, bars=woman),
        "sending": selectors.conversion_sending_obstacles(case, conversion, by=user),
        "answering": selectors.conversion_answer_obstacles(case, conversion),
        "taking_back": selectors.conversion_withdrawal_obstacles(conversion),
        "waits": conversion is not None and conversion.status == ConversionStatus.PROPOSED,
        "proposes": user.may(Permission.CONVERSION_PROPOSE),
        "sends": user.may(Permission.ENDING_CONFIRM),
        "records": user.may(Permission.ENDING_RECORD),
        "can_print": user.may(Permission.DOCUMENT_VIEW),
    }


def _article(conversion: Conversion | None) -> statutes.Article:
    return statutes.NOT_APPLICABLE if conversion and conversion.bars else statutes.CONVERTED


@requires(Permission.CONVERSION_PROPOSE, Permission.ENDING_RECORD, Permission.ENDING_CONFIRM)
@require_safe
@never_cache
def conversion_detail(request: Any, case_number: str) -> HttpResponse:
    """Where the newest proposal stands, and what comes next."""
    case = _case(request, case_number)
    page = _page(request, case, selectors.conversion_of(case))
    return render(request, "aftercare/conversion_detail.html", page)


@requires(Permission.CONVERSION_PROPOSE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conversion_create(request: Any, case_number: str) -> HttpResponse:
    """提请变更."""
    case = _case(request, case_number)
    form = ConversionForm(
        _posted(request),
        woman=selectors.may_be_barred(case),
        on_leave=case.status == CaseStatus.MEDICAL_LEAVE,
        drafts=request.drafts,
    )

    def propose() -> str:
        actions.propose_conversion(case=case, **form.says, by=request.user, at=clock.now())
        return "已提请变更为社区戒毒，待另一名所领导审批报送"

    return _answer(request, case, form, propose, "conversion_create")


@requires(Permission.ENDING_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conversion_send(request: Any, case_number: str) -> HttpResponse:
    """审批报送."""
    case = _case(request, case_number)
    form = ConversionSendForm(
        _posted(request), initial={"received_on": clock.today()}, drafts=request.drafts
    )

    def send() -> str:
        actions.send_conversion(case=case, **form.cleaned_data, by=request.user, at=clock.now())
        return "已报送决定机关，建议书已编号"

    return _answer(request, case, form, send, "conversion_send")


@requires(Permission.ENDING_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conversion_answer(request: Any, case_number: str) -> HttpResponse:
    """登记决定."""
    case = _case(request, case_number)
    form = ConversionAnswerForm(
        _posted(request), initial={"decided_on": clock.today()}, drafts=request.drafts
    )

    def answer() -> str:
        made = actions.record_conversion_answer(
            case=case, answer=form.answer, by=request.user, at=clock.now()
        )
        if made.status == ConversionStatus.CONVERTED:
            return "已登记：变更为社区戒毒，结案"
        return "已登记：不变更，执行继续"

    return _answer(request, case, form, answer, "conversion_answer")


@requires(Permission.CONVERSION_PROPOSE, Permission.ENDING_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conversion_withdraw(request: Any, case_number: str) -> HttpResponse:
    """撤回变更建议, with the reason."""
    case = _case(request, case_number)
    form = ConversionWithdrawForm(_posted(request), drafts=request.drafts)

    def take_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.withdraw_conversion(case=case, reason=reason, by=request.user, at=clock.now())
        return "已撤回变更建议；已报送的，请告知决定机关"

    return _answer(request, case, form, take_back, "conversion_withdraw")


def _posted(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(request: Any, case: Case, form: Any, act: Callable[[], str], page: str) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, act())
            return see(request, "aftercare:conversion-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, f"aftercare/{page}.html", fragment="form"),
        {"form": form, **_page(request, case, selectors.conversion_of(case))},
        status=422 if form.errors else 200,
    )
