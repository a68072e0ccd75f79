"""决定撤销: recorded, and the person leaves the same day; a wrong record is taken back by another leader."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import actions, selectors
from aftercare.ending_forms import RevocationForm, RevocationLeaveForm, RevocationWithdrawForm
from aftercare.models import Revocation
from aftercare.states import RevokedBy
from rehab import clock, statutes
from rehab.models import Case
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import CaseStatus, ProposalStatus
from rehab.web import see, template_for


def _case(request: Any, case_number: str) -> Case:
    related = ("person", "facility", "unit", "decision")
    cases = Case.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(cases, number=case_number)


def _page(request: Any, case: Case, revocation: Revocation | None) -> dict[str, Any]:
    user = request.user
    return {
        "case": case,
        "name": shown_name(case.person, user),
        "revocation": revocation,
        "article": statutes.REMEDIES,
        "waits": revocation is not None and revocation.status == ProposalStatus.PROPOSED,
        "reasons": [*(revocation.answers or {}).values()] if revocation else [],
        "records": user.may(Permission.ENDING_RECORD),
        "decides": user.may(Permission.ENDING_CONFIRM),
        "recording": selectors.revocation_record_obstacles(case, revocation),
        "leaving": selectors.revoked_departure_obstacles(case, revocation),
        "taking_back": selectors.revocation_withdrawal_obstacles(revocation, by=user),
    }


@requires(Permission.ENDING_RECORD, Permission.ENDING_CONFIRM)
@require_safe
@never_cache
def revocation_detail(request: Any, case_number: str) -> HttpResponse:
    """What is recorded, and that he must leave."""
    case = _case(request, case_number)
    page = _page(request, case, selectors.revocation_of(case))
    return render(request, "aftercare/revocation_detail.html", page)


@requires(Permission.ENDING_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def revocation_create(request: Any, case_number: str) -> HttpResponse:
    """登记决定撤销."""
    case, now = _case(request, case_number), clock.now().replace(second=0, microsecond=0)
    form = RevocationForm(
        request.POST if request.method == "POST" else None,
        initial={
            "revoked_by": RevokedBy.DECIDING_AUTHORITY,
            "organ": case.decision.authority,
            "revoked_on": clock.today(),
            "received_at": now,
        },
        drafts=request.drafts,
    )

    def record() -> str:
        actions.record_revocation(case=case, facts=form.facts, by=request.user, at=clock.now())
        return "已登记决定撤销，请立即办理离所"

    revocation = selectors.revocation_of(case)
    return _answer(request, case, revocation, form, record, "revocation_create")


@requires(Permission.ENDING_RECORD, Permission.ENDING_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def revocation_leave(request: Any, case_number: str) -> HttpResponse:
    """办理离所."""
    case, at = _case(request, case_number), clock.now()
    revocation = selectors.revocation_of(case)
    cautions = selectors.departure_cautions(revocation, by=request.user, at=at)
    form = RevocationLeaveForm(
        request.POST if request.method == "POST" else None,
        here=case.status == CaseStatus.IN_FACILITY,
        asked=[caution.code for caution in cautions],
        drafts=request.drafts,
    )

    def leave() -> str:
        actions.let_go(case=case, answers=form.answers, by=request.user, at=at)
        return "已按决定撤销结案，请放行；床位腾出"

    return _answer(request, case, revocation, form, leave, "revocation_leave")


@requires(Permission.ENDING_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def revocation_withdraw(request: Any, case_number: str) -> HttpResponse:
    """撤回决定撤销登记, with the reason."""
    case = _case(request, case_number)
    form = RevocationWithdrawForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts
    )

    def take_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.withdraw_revocation(case=case, reason=reason, by=request.user, at=clock.now())
        return "已撤回决定撤销登记，并告知登记人和省局"

    revocation = selectors.revocation_of(case)
    return _answer(request, case, revocation, form, take_back, "revocation_withdraw")


def _answer(
    request: Any,
    case: Case,
    revocation: Revocation | None,
    form: Any,
    act: Callable[[], str],
    page: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, act())
            return see(request, "aftercare:revocation-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, f"aftercare/{page}.html", fragment="form"),
        {"form": form, **_page(request, case, revocation)},
        status=422 if form.errors else 200,
    )
