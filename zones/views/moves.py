"""分区流转: the board, the proposals made from it, and one person's way to the next zone."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Outcome, Refused
from rehab.selectors.apart import number_kept_apart
from rehab.sending import batch_page, form_page
from rehab.states import Stage
from rehab.web import see, template_for
from zones import actions, rules, selectors
from zones.forms import (
    HORIZONS,
    BoardFilterForm,
    BoardLengthForm,
    MoveBatchForm,
    ProposalForm,
)
from zones.models import ZoneMove
from zones.selectors.asks import askings, told_of
from zones.selectors.board import board, units_of_choice
from zones.selectors.slips import SLIPS_PER_LANE
from zones.views import posted

HUNDRED = 100  # people whose rows one transaction holds


@requires(Permission.ZONE_MOVE_VIEW)
@require_GET
@batch_page
def move_list(request: Any) -> HttpResponse:
    """分区流转: four zones, who is due, and what waits for a signature."""
    request.drafts.page = request.path  # what is ticked stays so under another filter
    return board_page(request)


def board_page(request: Any, form: Any = None) -> HttpResponse:
    """The board as it stands now; with the form of an act that was refused, its reasons above it."""
    filters = BoardFilterForm(request.GET or {"days": HORIZONS[0][0]})
    wanted = filters.cleaned_data if filters.is_valid() else {}
    days = wanted.get("days") or HORIZONS[0][0]
    length = BoardLengthForm(request.GET)
    shown = (length.is_valid() and length.cleaned_data["shown"]) or SLIPS_PER_LANE
    propose = form if isinstance(form, MoveBatchForm) else _proposal(request)
    more = request.GET.copy()
    more["shown"] = shown + SLIPS_PER_LANE
    return render(
        request,
        "zones/move_list.html",
        {
            "filters": filters,
            "board": board(
                request.user,
                at=clock.now(),
                days=days,
                only=Stage(wanted["stage"]) if wanted.get("stage") else None,
                shown=shown,
            ),
            "asked": request.GET.urlencode(),
            "more": more.urlencode(),
            "propose": propose,
            "days": days,
            "form": form,
            "ticked": {*(propose["cases"].value() or ()), *request.POST.getlist("moves")},
            "chosen_unit": propose["to_unit"].value() or "",
        },
        status=422 if form is not None else 200,
    )


def _proposal(request: Any, sent: Any = None) -> MoveBatchForm:
    """Whom to propose, and to which 大队: what was sent, or what was ticked and not sent yet."""
    kept = (
        getattr(request, "drafts", None) if request.user.may(Permission.ZONE_MOVE_PROPOSE) else None
    )
    return MoveBatchForm(
        sent,
        cases=Case.objects.visible_to(request.user).select_related("person").order_by("number"),
        units=units_of_choice(request.user),
        drafts=kept,
    )


@requires(Permission.ZONE_MOVE_PROPOSE)
@require_http_methods(["GET", "POST"])
@batch_page
def move_create(request: Any) -> HttpResponse:
    """提请转区 for those ticked on the board; whoever may not go stays behind, with the reason."""
    if request.method == "GET":
        return see(request, f"{reverse('zones:move-list')}?{request.GET.urlencode()}".rstrip("?"))
    form = _proposal(request, request.POST)
    if not form.is_valid():
        return board_page(request, form)
    at, batch = clock.now(), None

    def propose(cases: Sequence[Case]) -> Outcome[ZoneMove]:
        nonlocal batch
        outcome = actions.propose_zone_moves(
            cases=cases, to_unit=form.cleaned_data["to_unit"], by=request.user, at=at, batch=batch
        )
        batch = outcome.done[0].batch if outcome.done else batch
        return outcome

    done = by_hundreds(request, form, form.cleaned_data["cases"], propose)
    if not done:
        return board_page(request, form)
    messages.success(request, f"已提请 {done} 人转区，批次 {batch}")
    return see(request, "zones:move-list")


def by_hundreds(
    request: HttpRequest,
    form: Any,
    things: Iterable[Any],
    act: Callable[[Sequence[Any]], Outcome[Any]],
) -> int:
    """Do one act for all, a hundred people in one transaction; say how many went and why others did not.

    `things` are cases, or moves with theirs. When nobody goes the reasons stand in the form, else in
    messages.
    """
    everybody, done, stayed = list(things), 0, []
    for first in range(0, len(everybody), HUNDRED):
        some = everybody[first : first + HUNDRED]
        outcome = act(some)
        done += len(outcome.done)
        cases = {one.pk: getattr(one, "case", one) for one in some}
        for key, reasons in outcome.refused.items():
            stayed.append(f"{cases[key].person}（{cases[key]}）未办理：{Refused(reasons)}")
    for sentence in stayed:
        if done:
            messages.warning(request, sentence)
        else:
            form.add_error(None, sentence)
    return done


@requires(Permission.ZONE_MOVE_VIEW)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def proposal_create(request: Any, case_number: str) -> HttpResponse:
    """One person's way to the next zone: its conditions, its reasons, the proposal or the signatures."""
    at = clock.now()
    on = clock.day_of(at)
    case: Any = get_object_or_404(
        Case.objects.visible_to(request.user)
        .select_related("person", "zone", "unit", "facility", "receiving_unit")
        .annotate(asked=told_of("pk", on), kept_apart=number_kept_apart("pk", on=on)),
        number=case_number,
    )
    if request.method == "POST" and not request.user.may(Permission.ZONE_MOVE_PROPOSE):
        raise PermissionDenied
    form = ProposalForm(
        posted(request), units=selectors.receiving_units(case, on=on), drafts=request.drafts
    )
    if form.is_valid():
        try:
            made = actions.propose_zone_move(case=case, by=request.user, at=at, **form.cleaned_data)
            messages.success(request, f"已提请 {case.person} 转区，批次 {made.batch}")
            return see(request, "zones:move-list")
        except Refused as refused:
            form.add_error(None, str(refused))
    facts = selectors.move_facts([case])[case.pk]
    move = selectors.open_move(case)
    conditions = rules.move_conditions(facts, on=on)
    not_his = selectors.proposer_obstacles(case, request.user)
    asking = request.user.may(Permission.ZONE_MOVE_PROPOSE) and not not_his
    return render(
        request,
        template_for(request, "zones/proposal_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "conditions": askings(conditions, told=case.asked, asking=asking),
            "planned": rules.schedule(facts),
            "following": facts.next_label,
            "obstacles": (
                *not_his,
                *rules.move_obstacles(facts, on=on),
            ),
            "move": move,
            "acts": selectors.acts_open_to(request.user, move) if move else {},
            "may_propose": request.user.may(Permission.ZONE_MOVE_PROPOSE),
        },
        status=422 if form.errors else 200,
    )
