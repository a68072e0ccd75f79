"""期限决定: a served decision that moves a last day, recorded by one officer, confirmed by another."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import selectors
from aftercare.term_forms import (
    TermDecisionFilter,
    TermDecisionForm,
    TermReturnForm,
    TermUndoForm,
    TermWithdrawForm,
)
from centers.selectors import awaited_decision
from rehab import clock, columns, lists, statutes
from rehab.account_forms import ConfirmForm
from rehab.actions import term_decisions as actions
from rehab.columns import Column, minute
from rehab.lists import Listing
from rehab.models import Case, TermDecision
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.term_decisions import said
from rehab.selectors import term_decisions
from rehab.selectors.term import says
from rehab.sending import form_page
from rehab.states import ProposalStatus
from rehab.web import see, template_for

READERS = (Permission.TERM_RECORD, Permission.TERM_CONFIRM, Permission.TERM_REVIEW)
DECIDERS = (Permission.TERM_CONFIRM, Permission.TERM_REVIEW)

DECISIONS = Listing(
    title="期限决定",
    unit="件",
    definition="已送达并登记的延长、提前解除决定，待确认的在前，其余最近的在前",
    columns=(
        *columns.of("case", columns.NAME, *columns.beside(columns.NUMBER)),
        Column("决定", lambda one, user: said(says(one)), 26, "kind", ("kind",)),
        Column("送达", lambda one, user: str(one.served_on), 12, "served", ("served_on",)),
        Column("状态", lambda one, user: standing(one), 14, "status", ("status",)),
        Column("登记", lambda one, user: one.proposed_by.display_name, 12),
        Column("登记时间", lambda one, user: minute(one.proposed_at), 18, "at", ("proposed_at",)),
        Column("处理", lambda one, user: _decider(one), 12),
        Column("处理时间", lambda one, user: minute(one.decided_at), 18, "decided", ("decided_at",)),
    ),
    row="aftercare/_term_decision_row.html",
    empty="没有期限决定",
    hint="决定书送达本人以后，从人员档案的“期限决定”登记",
)  # fmt: skip


def standing(one: TermDecision) -> str:
    """Where it stands, in a word."""
    if one.is_undone:
        return "登记已撤销"
    return "撤销待确认" if one.undo_waits else one.get_status_display()


def _decider(one: TermDecision) -> str:
    return one.decided_by.display_name if one.decided_by else ""


@requires(*READERS)
@require_safe
def term_decision_list(request: Any) -> HttpResponse:
    """What waits for somebody first, then what was decided."""
    filters = TermDecisionFilter(request.GET)
    filters.is_valid()
    rows = term_decisions.decisions(request.user)
    if status := filters.cleaned_data.get("status"):
        rows = rows.waiting() if status == ProposalStatus.PROPOSED else rows.filter(status=status)
    return lists.answer(
        request, DECISIONS, rows, template="aftercare/term_decision_list.html", filters=filters
    )


@requires(*READERS)
@require_safe
@never_cache
def term_decision_detail(request: Any, pk: Any) -> HttpResponse:
    """What was decided, how it was served, which last day it makes, and what may be done with it."""
    return render(request, "aftercare/term_decision_detail.html", _page(request, _one(request, pk)))


def _one(request: Any, pk: Any) -> TermDecision:
    return get_object_or_404(term_decisions.decisions(request.user), pk=pk)


def _page(request: Any, decision: TermDecision) -> dict[str, Any]:
    user, on = request.user, clock.today()
    return {
        "decision": decision,
        "name": shown_name(decision.case.person, user),
        "standing": standing(decision),
        "facts": term_decisions.facts_of(decision, on=on),
        "article": statutes.EXTENSION if decision.months else statutes.EARLY_RELEASE,
        "told_article": statutes.OPINION_ANSWER,
        "decides": any(map(user.may, DECIDERS)),
        "confirmation": term_decisions.confirmation_obstacles(decision, by=user, on=on),
        "taking_back": term_decisions.withdrawal_obstacles(decision, by=user),
        "giving_back": term_decisions.step_obstacles(decision, by=user, act="退回"),
        "records": user.may(Permission.TERM_RECORD),
        "can_undo": user.may(Permission.TERM_RECORD)
        and not term_decisions.undo_obstacles(decision),
    }


def _decided(case: Case) -> dict[str, Any]:
    """What the deciding organ decided of the facility's opinion, where that waits to be served."""
    opinion = awaited_decision(case)
    if opinion is None:
        return {}
    return {
        "kind": opinion.kind,
        "number": opinion.decision_number,
        "decided_on": opinion.decided_on,
        "months": opinion.decided_months,
        "ends_on": opinion.decided_ends_on,
    }


@requires(Permission.TERM_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def term_decision_create(request: Any, case_number: str) -> HttpResponse:
    """登记期限决定, once it is served on the person."""
    cases = Case.objects.visible_to(request.user).select_related("person", "decision", "facility")
    case, on = get_object_or_404(cases, number=case_number), clock.today()
    form = TermDecisionForm(
        request.POST if request.method == "POST" else None,
        late=on > case.alarm_on,
        drafts=request.drafts,
        initial={
            "authority": case.decision.authority,
            "received_on": on,
            "served_on": on,
            "served_by": request.user.display_name,
            **_decided(case),
        },
    )
    if form.is_valid():
        try:
            made = actions.propose_term_decision(
                case=case, paper=form.paper, by=request.user, at=clock.now()
            )
            messages.success(request, "已登记，由另一人确认后生效；确认前期满日不变")
            return see(request, made)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, "aftercare/term_decision_create.html", fragment="form"),
        {
            "case": case,
            "name": shown_name(case.person, request.user),
            "form": form,
            "late": on > case.alarm_on,
            "obstacles": term_decisions.open_obstacles(case),
        },
        status=422 if form.errors else 200,
    )


@requires(*DECIDERS)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def term_decision_confirm(request: Any, pk: Any) -> HttpResponse:
    """确认, after reading what it moves."""
    decision = _one(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def confirm() -> str:
        act = actions.confirm_term_decision
        if decision.undo_waits:
            act = actions.confirm_term_undoing
        done = act(decision=decision, by=request.user, at=clock.now())
        return f"已确认，期满日为 {done.case.ends_on}"

    moved = _moved(decision) if request.method == "GET" else {}
    return _decide(request, decision, form, confirm, "term_decision_confirm", moved)


def _moved(decision: TermDecision) -> dict[str, Any]:
    """What the last day that there would be moves: open deadlines, and a notice sent for another day."""
    case, on = decision.case, clock.today()
    ends = term_decisions.facts_of(decision, on=on).ends
    if ends is None or ends.ends_on == case.ends_on:
        return {}
    return {
        "moves": term_decisions.foreseen(case, ends),
        "notice": selectors.notice_of(case),
    }


@requires(*DECIDERS)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def term_decision_return(request: Any, pk: Any) -> HttpResponse:
    """退回, with the reason."""
    decision = _one(request, pk)
    form = TermReturnForm(request.POST if request.method == "POST" else None, drafts=request.drafts)

    def give_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.return_term_decision(
            decision=decision, reason=reason, by=request.user, at=clock.now()
        )
        return "已退回，期满日不变"

    return _decide(request, decision, form, give_back, "term_decision_return")


@requires(Permission.TERM_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def term_decision_withdraw(request: Any, pk: Any) -> HttpResponse:
    """撤回, with the reason, by who recorded it or asked to undo it."""
    decision = _one(request, pk)
    form = TermWithdrawForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts
    )

    def take_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.withdraw_term_decision(
            decision=decision, reason=reason, by=request.user, at=clock.now()
        )
        return "已撤回，期满日不变"

    return _decide(request, decision, form, take_back, "term_decision_withdraw")


@requires(Permission.TERM_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def term_decision_undo(request: Any, pk: Any) -> HttpResponse:
    """提请撤销登记, of one that was recorded wrongly."""
    decision = _one(request, pk)
    form = TermUndoForm(request.POST if request.method == "POST" else None, drafts=request.drafts)

    def propose() -> str:
        reason = form.cleaned_data["reason"]
        actions.propose_term_undoing(
            decision=decision, reason=reason, by=request.user, at=clock.now()
        )
        return "已提请撤销登记，由另一人确认后生效；确认前期满日不变"

    more = {"obstacles": term_decisions.undo_obstacles(decision)}
    return _decide(request, decision, form, propose, "term_decision_undo", more)


def _decide(
    request: Any,
    decision: TermDecision,
    form: Any,
    act: Callable[[], str],
    page: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, act())
            return see(request, decision)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, f"aftercare/{page}.html", fragment="form"),
        {"form": form, **_page(request, decision), **(more or {})},
        status=422 if form.errors else 200,
    )
