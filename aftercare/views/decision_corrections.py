"""决定书更正: what is on file of a decision, or the deciding organ's answer; one proposes, another confirms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import selectors
from aftercare.decision_forms import (
    CorrectionReturnForm,
    DecisionCorrectionFilter,
    DecisionCorrectionForm,
)
from aftercare.views.term_decisions import DECIDERS, READERS
from rehab import clock, columns, lists, statutes
from rehab.account_forms import ConfirmForm
from rehab.actions import decision_corrections as actions
from rehab.columns import Column, minute
from rehab.lists import Listing
from rehab.models import Case, DecisionCorrection
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import decision_corrections
from rehab.selectors.term import inquiry_of
from rehab.selectors.term_decisions import foreseen
from rehab.sending import form_page
from rehab.states import CorrectionCause, ProposalStatus
from rehab.web import see, template_for

ARTICLES = {
    CorrectionCause.ENTRY: statutes.INFORMATION_CORRECTED,
    CorrectionCause.ORGAN: statutes.DECISION_SERVED,
    CorrectionCause.UPHELD: statutes.DECISION_SERVED,
}

CORRECTIONS = Listing(
    title="决定书更正",
    unit="件",
    definition="登记有误的决定书信息和决定机关的更正、答复，待确认的在前，其余最近的在前",
    columns=(
        *columns.of("case", columns.NAME, *columns.beside(columns.NUMBER)),
        Column("原因", lambda one, user: one.get_cause_display(), 22, "cause", ("cause",)),
        Column("状态", lambda one, user: one.get_status_display(), 12, "status", ("status",)),
        Column("登记", lambda one, user: one.proposed_by.display_name, 12),
        Column("登记时间", lambda one, user: minute(one.proposed_at), 18, "at", ("proposed_at",)),
        Column("处理", lambda one, user: _decider(one), 12),
        Column("处理时间", lambda one, user: minute(one.decided_at), 18, "decided", ("decided_at",)),
    ),
    row="aftercare/_decision_correction_row.html",
    empty="没有决定书更正",
    hint="从人员档案的“基本信息”或者“解除”页登记",
)  # fmt: skip


def _decider(one: DecisionCorrection) -> str:
    return one.decided_by.display_name if one.decided_by else ""


@requires(*READERS)
@require_safe
def decision_correction_list(request: Any) -> HttpResponse:
    """What waits for somebody first, then what was decided."""
    filters = DecisionCorrectionFilter(request.GET)
    filters.is_valid()
    rows = decision_corrections.corrections(request.user)
    if status := filters.cleaned_data.get("status"):
        rows = rows.waiting() if status == ProposalStatus.PROPOSED else rows.filter(status=status)
    template = "aftercare/decision_correction_list.html"
    return lists.answer(request, CORRECTIONS, rows, template=template, filters=filters)


@requires(*READERS)
@require_safe
@never_cache
def decision_correction_detail(request: Any, pk: Any) -> HttpResponse:
    """What was and what is to be, on whose word, which days it moves, and what may be done with it."""
    template = "aftercare/decision_correction_detail.html"
    return render(request, template, _page(request, _one(request, pk)))


def _one(request: Any, pk: Any) -> DecisionCorrection:
    return get_object_or_404(decision_corrections.corrections(request.user), pk=pk)


def _page(request: Any, one: DecisionCorrection) -> dict[str, Any]:
    user, on = request.user, clock.today()
    facts = decision_corrections.facts_of(one, on=on)
    return {
        "one": one,
        "name": shown_name(one.case.person, user),
        "facts": facts,
        "article": ARTICLES[CorrectionCause(one.cause)],
        "waits": one.status == ProposalStatus.PROPOSED,
        "decides": any(map(user.may, DECIDERS)),
        "confirmation": decision_corrections.confirmation_obstacles(one, by=user, on=on),
        "giving_back": decision_corrections.step_obstacles(one, by=user, act="退回"),
    }


def _moved(one: DecisionCorrection) -> dict[str, Any]:
    """What the last days that there would be move: open deadlines, and a notice sent for another day."""
    facts = decision_corrections.facts_of(one, on=clock.today())
    if facts.ends is None or facts.ends == facts.was:
        return {}
    return {"moves": foreseen(one.case, facts.ends), "notice": selectors.notice_of(one.case)}


@requires(Permission.TERM_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
@form_page
def decision_correction_create(request: Any, case_number: str) -> HttpResponse:
    """登记决定书更正 or the organ's answer."""
    cases = Case.objects.visible_to(request.user).select_related("person", "decision", "facility")
    case = get_object_or_404(cases, number=case_number)
    stands, asked = decision_corrections.paper_of(case.decision), inquiry_of(case, on=clock.today())
    form = DecisionCorrectionForm(
        request.POST if request.method == "POST" else None,
        stands=stands,
        drafts=request.drafts,
        initial={
            "cause": CorrectionCause.UPHELD if asked else None,
            "authority": stands.authority,
            "decided_on": stands.decided_on,
            "printed_starts_on": stands.printed_starts_on,
            "printed_ends_on": stands.printed_ends_on,
        },
    )
    if form.is_valid():
        try:
            made = actions.propose_decision_correction(
                case=case, correction=form.correction, by=request.user, at=clock.now()
            )
            messages.success(request, "已登记，由另一人确认后生效；确认前决定书信息和期满日不变")
            return see(request, made)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, "aftercare/decision_correction_create.html", fragment="form"),
        {
            "case": case,
            "name": shown_name(case.person, request.user),
            "form": form,
            "inquiry": asked,
            "obstacles": decision_corrections.open_obstacles(case),
        },
        status=422 if form.errors else 200,
    )


@requires(*DECIDERS)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def decision_correction_confirm(request: Any, pk: Any) -> HttpResponse:
    """确认, after reading what it moves."""
    one = _one(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def confirm() -> str:
        done = actions.confirm_decision_correction(correction=one, by=request.user, at=clock.now())
        return f"已确认，期满日为 {done.case.ends_on}"

    moved = _moved(one) if request.method == "GET" else {}
    return _decide(request, one, form, confirm, "decision_correction_confirm", moved)


@requires(*DECIDERS)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def decision_correction_return(request: Any, pk: Any) -> HttpResponse:
    """退回, with the reason."""
    one, sent = _one(request, pk), request.POST if request.method == "POST" else None
    form = CorrectionReturnForm(sent, drafts=request.drafts)

    def give_back() -> str:
        actions.return_decision_correction(
            correction=one, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )
        return "已退回，决定书信息和期满日不变"

    return _decide(request, one, form, give_back, "decision_correction_return")


def _decide(
    request: Any,
    one: DecisionCorrection,
    form: Any,
    act: Callable[[], str],
    page: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, act())
            return see(request, one)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, f"aftercare/{page}.html", fragment="form"),
        {"form": form, **_page(request, one), **(more or {})},
        status=422 if form.errors else 200,
    )
