"""外出探视: asked for, and answered or taken back on the page that shows it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock, statutes
from rehab.models import Case, User
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.sending import form_page
from rehab.web import see, template_for
from zones import actions, selectors
from zones.models import Outing
from zones.outing_forms import APPROVE, OutingAnswerForm, OutingForm
from zones.states import OutingStatus
from zones.views import posted


def _case(request: Any, case_number: str) -> Case:
    cases = Case.objects.visible_to(request.user).select_related(
        "person", "zone", "unit", "facility"
    )
    return get_object_or_404(cases, number=case_number)


@requires(Permission.OUTING_PROPOSE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def outing_create(request: Any, case_number: str) -> HttpResponse:
    """提请外出探视; the days stand ready, tomorrow and the two that follow."""
    case, user = _case(request, case_number), request.user
    leaves_on = clock.today() + timedelta(days=1)
    form = OutingForm(
        posted(request),
        initial={"leaves_on": leaves_on, "returns_on": leaves_on + timedelta(days=2)},
        drafts=request.drafts,
    )

    if form.is_valid():
        try:
            actions.propose_outing(case=case, request=form.request, by=user, at=clock.now())
            messages.success(request, f"{case.person}：已提请外出探视，待所领导批准")
            return see(request, "zones:outing-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "zones/outing_create.html", fragment="form"),
        {
            "case": case,
            "name": shown_name(case.person, user),
            "form": form,
            "article": statutes.VISITS,
            "obstacles": selectors.outing_proposal_obstacles(case, selectors.outing_of(case)),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.OUTING_PROPOSE, Permission.OUTING_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def outing_detail(request: Any, case_number: str) -> HttpResponse:
    """Where the newest stands, the earlier ones, and the answer of whoever may give one."""
    case, user = _case(request, case_number), request.user
    asked = selectors.outings_of(case)
    newest = asked[0] if asked else None
    open_to = _open_to(user, newest)
    form = OutingAnswerForm(
        posted(request), open_to=open_to, initial={"answer": open_to[0]}, drafts=request.drafts
    )
    shown = str(newest.pk) if newest else ""

    if form.is_valid():
        try:
            messages.success(request, f"{case.person}：{_answered(request, case, form)}")
            return see(request, "zones:outing-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "zones/outing_detail.html", fragment="form"),
        {
            "case": case,
            "name": shown_name(case.person, user),
            "form": form,
            "newest": newest,
            "seen": request.POST.get("of", shown),
            "earlier": asked[1:],
            "answers": APPROVE in open_to,
            "article": statutes.VISITS,
            "proposes": user.may(Permission.OUTING_PROPOSE),
            "proposing": selectors.outing_proposal_obstacles(case, newest),
            "obstacles": _obstacles(case, newest, user, open_to),
            "warnings": selectors.outing_warnings(case, newest),
            "can_print": user.may(Permission.DOCUMENT_VIEW),
        },
        status=422 if form.errors else 200,
    )


def _open_to(user: User, newest: Outing | None) -> list[str]:
    """What this officer may choose: an answer where he may give one and it waits for that, or to take it back."""
    waits = newest is not None and newest.status == OutingStatus.PROPOSED
    if waits and user.may(Permission.OUTING_APPROVE):
        return [APPROVE, OutingStatus.RETURNED.value, OutingStatus.WITHDRAWN.value]
    return [OutingStatus.WITHDRAWN.value]


def _obstacles(
    case: Case, newest: Outing | None, user: User, open_to: list[str]
) -> tuple[Obstacle, ...]:
    """Why nothing can be done about it: his own proposal may still be taken back."""
    if APPROVE in open_to and newest is not None and newest.proposed_by_id != user.pk:
        return selectors.outing_answer_obstacles(case, newest, seen=str(newest.pk), by=user)
    return selectors.outing_withdrawal_obstacles(newest, seen=str(newest.pk) if newest else "")


def _answered(request: Any, case: Case, form: OutingAnswerForm) -> str:
    """Do what was chosen, and say what was done."""
    answer, by, at = form.cleaned_data["answer"], request.user, clock.now()
    seen = request.POST.get("of", "")
    if answer == APPROVE:
        actions.approve_outing(case=case, seen=seen, by=by, at=at)
        return "已批准外出探视，证明已编号；离所当日在“离所登记”办理"
    reason = form.cleaned_data["reason"]
    if answer == OutingStatus.RETURNED:
        actions.return_outing(case=case, seen=seen, reason=reason, by=by, at=at)
        return "未批准外出探视，已告知大队"
    actions.withdraw_outing(case=case, seen=seen, reason=reason, by=by, at=at)
    return "已撤回外出探视"
