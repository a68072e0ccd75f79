"""The signatures of a move: approval, receipt, return and withdrawal, one by one or several at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Outcome, Refused
from rehab.selectors.apart import number_kept_apart
from rehab.sending import batch_page, form_page
from rehab.web import see, template_for
from zones import actions, selectors
from zones.forms import (
    ApprovalForm,
    ReceiptBatchForm,
    ReceiptForm,
    ReturnForm,
    SignatureBatchForm,
    WithdrawalForm,
)
from zones.models import ZoneMove
from zones.selectors.approvals import approvals
from zones.selectors.receipts import receipts
from zones.states import MoveStatus
from zones.views import posted
from zones.views.moves import by_hundreds


def _visible(request: Any) -> Any:
    rows = ZoneMove.objects.visible_to(request.user).annotate(
        kept_apart=number_kept_apart("case", on=clock.today())
    )
    return rows.select_related(
        "case__person", "from_unit__zone", "to_unit__zone", "proposed_by", "approved_by"
    )


@requires(Permission.ZONE_MOVE_APPROVE)
@require_http_methods(["GET", "POST"])
@batch_page
def approval_create(request: Any) -> HttpResponse:
    """转区审批: exceptions one by one, the rest ticked; each gets the first free bed that fits."""
    if request.method == "GET":
        return _approval_page(request)
    form = SignatureBatchForm(request.POST, moves=_visible(request).order_by("case__number"))
    at = clock.now()
    _say_what_came_up(request, form)

    def approve(moves: Sequence[ZoneMove]) -> Outcome[ZoneMove]:
        return actions.approve_zone_moves(moves=moves, by=request.user, at=at)

    if form.is_valid() and (
        done := by_hundreds(request, form, form.cleaned_data["moves"], approve)
    ):
        messages.success(request, f"已批准 {done} 人转区，接收床位已预留")
        return see(request, "zones:move-list")
    return _approval_page(request, form)


def _say_what_came_up(request: Any, form: Any) -> None:
    """A leader signs what he saw: who was shown without a word, and has one by now, is shown again first."""
    unremarked = {*request.POST.getlist("moves")} & {*request.POST.getlist("clean")}
    for one in approvals(request.user, on=clock.today()).exceptions if unremarked else ():
        if str(one.move.pk) in unremarked:
            form.add_error(
                None,
                f"{one.move.case.person}（{one.move.case}）在您打开以后有新的情况，请查看后再批准",
            )


def _approval_page(request: Any, form: Any = None) -> HttpResponse:
    """What waits for this leader now; with the form that was refused, its reasons above it."""
    waiting = approvals(request.user, on=clock.today())
    ticked = request.POST.getlist("moves")
    return render(
        request,
        "zones/approval_create.html",
        {
            "approvals": waiting,
            "form": form,
            "ticked": ticked,
            "chosen": len(waiting.rest) if form is None else len(ticked),
        },
        status=422 if form is not None else 200,
    )


@requires(Permission.ZONE_MOVE_RECEIVE)
@require_http_methods(["GET", "POST"])
@batch_page
def receipt_create(request: Any) -> HttpResponse:
    """签收: everybody who comes, on one sheet, under one signature for those ticked."""
    if request.method == "GET":
        return _receipt_page(request)
    form = ReceiptBatchForm(request.POST, moves=_visible(request).order_by("case__number"))
    at = clock.now()

    def receive(moves: Sequence[ZoneMove]) -> Outcome[ZoneMove]:
        return actions.receive_zone_moves(
            moves=moves, by=request.user, at=at, seen=form.seen_by_officer
        )

    if form.is_valid() and (
        done := by_hundreds(request, form, form.cleaned_data["moves"], receive)
    ):
        messages.success(request, f"已签收 {done} 人")
        return see(request, "zones:receipt-create")
    return _receipt_page(request, form)


def _receipt_page(request: Any, form: Any = None) -> HttpResponse:
    """Who is on the way here now; with the form that was refused, its reasons above it."""
    return render(
        request,
        "zones/receipt_create.html",
        {
            "receipts": receipts(request.user, on=clock.today()),
            "form": form,
            "ticked": request.POST.getlist("moves"),
            "seen": "seen" in request.POST,
        },
        status=422 if form is not None else 200,
    )


@requires(Permission.ZONE_MOVE_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def move_approve(request: Any, pk: Any) -> HttpResponse:
    """批准转区, with the bed of one's choice."""
    move = get_object_or_404(_visible(request), pk=pk)
    on = clock.today()
    beds = selectors.beds_for(move.case, move.to_unit, on=on)

    def obstacles() -> tuple[Obstacle, ...]:
        return selectors.signing_obstacles(
            move, MoveStatus.IN_TRANSIT, act="审批", by=request.user
        ) or (
            *selectors.approval_obstacles([move.case], on=on)[move.case_id],
            *(() if beds.exists() else selectors.no_bed_obstacles(move)),
        )

    def approve(bed: Any) -> None:
        actions.approve_zone_move(move=move, bed=bed, by=request.user, at=clock.now())

    form = ApprovalForm(posted(request), beds=beds, drafts=request.drafts)
    return _sign(request, move, form, obstacles, approve, "move_approve", "已批准转区，床位已预留")


@requires(Permission.ZONE_MOVE_RECEIVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def move_receive(request: Any, pk: Any) -> HttpResponse:
    """接收转区."""
    move = get_object_or_404(_visible(request), pk=pk)

    def obstacles() -> tuple[Obstacle, ...]:
        return (
            selectors.signing_obstacles(move, MoveStatus.RECEIVED, act="签收", by=request.user)
            or selectors.held_bed_obstacles([move.case], on=clock.today())[move.case_id]
        )

    form = ReceiptForm(posted(request), drafts=request.drafts)

    def receive(seen: bool) -> None:
        actions.receive_zone_move(
            move=move, by=request.user, at=clock.now(), seen=form.seen_by_officer
        )

    return _sign(request, move, form, obstacles, receive, "move_receive", "已签收")


@requires(Permission.ZONE_MOVE_APPROVE, Permission.ZONE_MOVE_RECEIVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def move_return(request: Any, pk: Any) -> HttpResponse:
    """退回转区, with the reason."""
    move = get_object_or_404(_visible(request), pk=pk)

    def obstacles() -> tuple[Obstacle, ...]:
        return selectors.return_obstacles(move, by=request.user)

    def give_back(reason: str) -> None:
        actions.return_zone_move(move=move, reason=reason, by=request.user, at=clock.now())

    form = ReturnForm(posted(request), drafts=request.drafts)
    return _sign(request, move, form, obstacles, give_back, "move_return", "已退回")


@requires(Permission.ZONE_MOVE_PROPOSE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def move_withdraw(request: Any, pk: Any) -> HttpResponse:
    """撤回转区."""
    move = get_object_or_404(_visible(request), pk=pk)

    def obstacles() -> tuple[Obstacle, ...]:
        return selectors.withdrawal_obstacles(move, by=request.user)

    def withdraw() -> None:
        actions.withdraw_zone_move(move=move, by=request.user, at=clock.now())

    form = WithdrawalForm(posted(request))
    return _sign(request, move, form, obstacles, withdraw, "move_withdraw", "已撤回")


def _sign(
    request: Any,
    move: ZoneMove,
    form: Any,
    obstacles: Callable[[], tuple[Obstacle, ...]],
    act: Callable[..., None],
    page: str,
    sentence: str,
) -> HttpResponse:
    """The page of one signature: its form, its reasons, and the way back to the board once signed."""
    if form.is_valid():
        try:
            act(**form.cleaned_data)
            messages.success(request, f"{move.case.person}：{sentence}")
            return see(request, "zones:move-list")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, f"zones/{page}.html", fragment="form"),
        {"move": move, "case": move.case, "form": form, "obstacles": obstacles()},
        status=422 if form.errors else 200,
    )
