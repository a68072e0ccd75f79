"""省级规则: what holds, a version proposed, and its preview before a second person confirms it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.actions import provincial as actions
from rehab.models import Bureau, RuleProposal
from rehab.permissions import Permission, requires
from rehab.provincial import rule_sets
from rehab.provincial_forms import RuleDecisionForm, RuleForm, RuleReturnForm
from rehab.refusal import Obstacle, Refused
from rehab.selectors import provincial as selectors
from rehab.sending import form_page
from rehab.states import ProposalStatus
from rehab.web import see, template_for

LATEST = 20


def _province(request: Any) -> Bureau:
    try:
        return selectors.province_of(request.user)
    except Refused as refused:
        raise PermissionDenied from refused


def _proposal(request: Any, pk: Any) -> RuleProposal:
    proposals = RuleProposal.objects.visible_to(request.user).select_related(
        "province", "proposed_by", "decided_by"
    )
    return get_object_or_404(proposals, pk=pk)


@requires(Permission.RULE_APPROVE)
@require_safe
def rule_list(request: Any) -> HttpResponse:
    """Every rule that the province sets: what holds, what is coming, what waits."""
    province = _province(request)
    waiting, decided = selectors.proposals(province, latest=LATEST)
    return render(
        request,
        "rehab/rule_list.html",
        {
            "province": province,
            "lines": selectors.lines(province, waiting, on=clock.today()),
            "decided": decided,
            "rule_sets": rule_sets(),
        },
    )


@requires(Permission.RULE_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def rule_create(request: Any, code: str) -> HttpResponse:
    """拟定一版."""
    province, one = _province(request), rule_sets().get(code)
    if one is None:
        raise Http404
    on = clock.today()
    in_force = one.in_force(province, on=on)
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        drafts=request.drafts,
        rule_set=one,
        initial=dict(in_force.values) if in_force else {},
    )

    if form.is_valid():
        try:
            proposal = actions.propose_rule(
                code=code,
                effective_from=form.cleaned_data["effective_from"],
                values=form.values,
                document_number=form.cleaned_data["document_number"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, "已拟定，由另一名审批人员确认后施行")
            return see(request, proposal)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/rule_create.html", fragment="form"),
        {"form": form, "rule_set": one, "in_force": in_force, "versions": one.versions(province)},
        status=422 if form.errors else 200,
    )


@requires(Permission.RULE_APPROVE)
@require_safe
def rule_detail(request: Any, pk: Any) -> HttpResponse:
    """A proposal: what it changes; whom it touches follows on its own."""
    proposal, by = _proposal(request, pk), request.user
    waits = proposal.status == ProposalStatus.PROPOSED
    return render(
        request,
        "rehab/rule_detail.html",
        {
            "proposal": proposal,
            "rule_set": rule_sets()[proposal.code],
            "changes": _changes(proposal),
            "confirmation": selectors.confirmation_obstacles(proposal, by=by),
            "giving_back": selectors.return_obstacles(proposal, by=by),
            "withdrawal": selectors.withdrawal_obstacles(proposal, by=by),
            "waits": waits,
            "own": proposal.proposed_by_id == by.pk,
        },
    )


@requires(Permission.RULE_APPROVE)
@require_safe
@vary_on_headers("HX-Request")
def rule_preview(request: Any, pk: Any) -> HttpResponse:
    """Whom a proposal touches: it is tried as a confirmation would do it, and taken back."""
    proposal = _proposal(request, pk)
    if proposal.status != ProposalStatus.PROPOSED:
        raise Http404
    return render(
        request,
        template_for(request, "rehab/rule_preview.html", fragment="preview"),
        {
            "proposal": proposal,
            "rule_set": rule_sets()[proposal.code],
            "preview": selectors.preview(proposal, at=clock.now()),
        },
    )


def _changes(proposal: RuleProposal) -> Any:
    """Against what would hold on its first day; of one that was confirmed, it holds itself."""
    if proposal.status == ProposalStatus.CONFIRMED:
        return ()
    return selectors.changes_of(
        proposal.province, proposal.code, proposal.effective_from, proposal.values
    )


@requires(Permission.RULE_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def rule_confirm(request: Any, pk: Any) -> HttpResponse:
    """确认: from now on the version is the province's rule."""
    proposal = _proposal(request, pk)

    def confirm() -> None:
        actions.confirm_rule(proposal=proposal, by=request.user, at=clock.now())

    obstacles = selectors.confirmation_obstacles(proposal, by=request.user)
    form = RuleDecisionForm(request.POST if request.method == "POST" else None)
    return _decide(
        request, proposal, form, obstacles, confirm, "rule_confirm", "规则已确认，期限已重算"
    )


@requires(Permission.RULE_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def rule_return(request: Any, pk: Any) -> HttpResponse:
    """退回, with the reason."""
    proposal = _proposal(request, pk)

    def give_back(reason: str) -> None:
        actions.return_rule(proposal=proposal, reason=reason, by=request.user, at=clock.now())

    obstacles = selectors.return_obstacles(proposal, by=request.user)
    form = RuleReturnForm(request.POST if request.method == "POST" else None, drafts=request.drafts)
    return _decide(request, proposal, form, obstacles, give_back, "rule_return", "拟定稿已退回")


@requires(Permission.RULE_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def rule_withdraw(request: Any, pk: Any) -> HttpResponse:
    """撤回, by its proposer."""
    proposal = _proposal(request, pk)

    def withdraw() -> None:
        actions.withdraw_rule(proposal=proposal, by=request.user, at=clock.now())

    obstacles = selectors.withdrawal_obstacles(proposal, by=request.user)
    form = RuleDecisionForm(request.POST if request.method == "POST" else None)
    return _decide(request, proposal, form, obstacles, withdraw, "rule_withdraw", "拟定稿已撤回")


def _decide(
    request: Any,
    proposal: RuleProposal,
    form: Any,
    obstacles: tuple[Obstacle, ...],
    act: Callable[..., None],
    page: str,
    sentence: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act(**form.cleaned_data)
            messages.success(request, sentence)
            return see(request, "rehab:rule-list")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, f"rehab/{page}.html", fragment="form"),
        {
            "proposal": proposal,
            "rule_set": rule_sets()[proposal.code],
            "form": form,
            "obstacles": obstacles,
        },
        status=422 if form.errors else 200,
    )
