"""脱逃事项: what one officer proposes of an escape, and a leader confirms under his own sign-in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from intake.return_forms import (
    EscapeFilter,
    EscapeReturnForm,
    EscapeWithdrawForm,
    ProofForm,
    ReversalForm,
)
from intake.views.arrivals import posted
from rehab import clock, columns, lists, statutes
from rehab.account_forms import ConfirmForm
from rehab.actions import escapes as actions
from rehab.columns import Column, minute
from rehab.lists import Listing
from rehab.models import Absence, EscapeProposal
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import escapes
from rehab.sending import form_page
from rehab.states import EscapeQuestion, ProposalStatus
from rehab.web import see, template_for

PROPOSALS = Listing(
    title="脱逃事项",
    unit="件",
    definition="脱逃期间不计入期限、撤销脱逃登记的提请，待确认的在前，其余最近的在前",
    columns=(
        *columns.of("case", columns.NAME, *columns.beside(columns.NUMBER)),
        Column("事项", lambda one, user: one.get_question_display(), 20, "question", ("question",)),
        Column("天数", lambda one, user: str(one.days or ""), 8),
        Column("状态", lambda one, user: one.get_status_display(), 10, "status", ("status",)),
        Column("提请", lambda one, user: one.proposed_by.display_name, 12),
        Column("提请时间", lambda one, user: minute(one.proposed_at), 18, "at", ("proposed_at",)),
        Column("处理", lambda one, user: _decider(one), 12),
        Column("处理时间", lambda one, user: minute(one.decided_at), 18, "decided", ("decided_at",)),
    ),
    row="intake/_escape_row.html",
    empty="没有脱逃事项",
    hint="追回时三项证明齐备的自动提请；其余从人员档案的“离所与回所”提请",
)  # fmt: skip


def _decider(one: EscapeProposal) -> str:
    return one.decided_by.display_name if one.decided_by else ""


@requires(Permission.ABSENCE_RECORD, Permission.ESCAPE_CONFIRM)
@require_safe
def escape_list(request: Any) -> HttpResponse:
    """What waits for a leader first, then what was decided."""
    filters = EscapeFilter(request.GET)
    filters.is_valid()
    rows = escapes.proposals(request.user)
    if status := filters.cleaned_data.get("status"):
        rows = rows.waiting() if status == ProposalStatus.PROPOSED else rows.filter(status=status)
    return lists.answer(
        request, PROPOSALS, rows, template="intake/escape_list.html", filters=filters
    )


@requires(Permission.ABSENCE_RECORD, Permission.ESCAPE_CONFIRM)
@require_safe
@never_cache
def escape_detail(request: Any, pk: Any) -> HttpResponse:
    """What is proposed, on what grounds, which last day it would make, and what may be done with it."""
    proposal = get_object_or_404(escapes.proposals(request.user), pk=pk)
    return render(request, "intake/escape_detail.html", _page(request, proposal))


def _page(request: Any, proposal: EscapeProposal) -> dict[str, Any]:
    user, to = request.user, ProposalStatus.RETURNED
    return {
        "proposal": proposal,
        "facts": escapes.facts_of(proposal),
        "article": statutes.ESCAPE,
        "waits": proposal.status == ProposalStatus.PROPOSED,
        "decides": user.may(Permission.ESCAPE_CONFIRM),
        "proposes": user.may(Permission.ABSENCE_RECORD),
        "own": proposal.proposed_by_id == user.pk,
        "confirmation": escapes.confirmation_obstacles(proposal, by=user, on=clock.today()),
        "taking_back": escapes.withdrawal_obstacles(proposal, by=user),
        "giving_back": escapes.step_obstacles(proposal, to, by=user, act="退回"),
    }


@requires(Permission.ESCAPE_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def escape_confirm(request: Any, pk: Any) -> HttpResponse:
    """确认."""
    proposal = get_object_or_404(escapes.proposals(request.user), pk=pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def confirm() -> str:
        if proposal.question == EscapeQuestion.REVERSAL:
            actions.confirm_reversal(proposal=proposal, by=request.user, at=clock.now())
            return "已撤销脱逃登记，档案上保留更正记录"
        actions.confirm_uncounted(proposal=proposal, by=request.user, at=clock.now())
        return f"已确认：脱逃 {proposal.days} 日不计入期限，期满日已顺延"

    return _decide(request, proposal, form, confirm, "escape_confirm")


@requires(Permission.ESCAPE_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def escape_return(request: Any, pk: Any) -> HttpResponse:
    """退回, with the reason."""
    proposal = get_object_or_404(escapes.proposals(request.user), pk=pk)
    form = EscapeReturnForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts
    )

    def give_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.return_proposal(proposal=proposal, reason=reason, by=request.user, at=clock.now())
        return "已退回提请人，期满日不变"

    return _decide(request, proposal, form, give_back, "escape_return")


@requires(Permission.ABSENCE_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def escape_withdraw(request: Any, pk: Any) -> HttpResponse:
    """撤回, with the reason, by who proposed it."""
    proposal = get_object_or_404(escapes.proposals(request.user), pk=pk)
    form = EscapeWithdrawForm(posted(request), drafts=request.drafts)

    def take_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.withdraw_proposal(proposal=proposal, reason=reason, by=request.user, at=clock.now())
        return "已撤回，期满日不变"

    return _decide(request, proposal, form, take_back, "escape_withdraw")


def _decide(
    request: Any, proposal: EscapeProposal, form: Any, act: Callable[[], str], page: str
) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, act())
            return see(request, proposal)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, f"intake/{page}.html", fragment="form"),
        {"form": form, **_page(request, proposal)},
        status=422 if form.errors else 200,
    )


@requires(Permission.ABSENCE_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def escape_propose(request: Any, pk: Any) -> HttpResponse:
    """提请脱逃期间不计入期限, once the proofs are there."""
    absence = get_object_or_404(escapes.escapes(request.user), pk=pk)
    form = ProofForm(posted(request), drafts=request.drafts)

    def propose() -> EscapeProposal:
        return actions.propose_uncounted(
            absence=absence, proof=form.proof, by=request.user, at=clock.now()
        )

    obstacles = escapes.uncounted_obstacles(absence.case, absence)
    return _propose(request, absence, form, propose, "escape_propose", obstacles)


@requires(Permission.ABSENCE_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def escape_reverse(request: Any, pk: Any) -> HttpResponse:
    """提请撤销脱逃登记, that was written down wrongly."""
    absence = get_object_or_404(escapes.escapes(request.user), pk=pk)
    form = ReversalForm(posted(request), drafts=request.drafts)

    def propose() -> EscapeProposal:
        reason = form.cleaned_data["reason"]
        return actions.propose_reversal(
            absence=absence, reason=reason, by=request.user, at=clock.now()
        )

    obstacles = escapes.proposal_obstacles(absence)
    return _propose(request, absence, form, propose, "escape_reverse", obstacles)


def _propose(
    request: Any,
    absence: Absence,
    form: Any,
    act: Callable[[], EscapeProposal],
    page: str,
    obstacles: Any,
) -> HttpResponse:
    if form.is_valid():
        try:
            made = act()
            messages.success(request, "已提请，由另一名所领导确认后生效；确认前期满日不变")
            return see(request, made)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, f"intake/{page}.html", fragment="form"),
        {"absence": absence, "case": absence.case, "form": form, "obstacles": obstacles},
        status=422 if form.errors else 200,
    )
