"""转所: the list of both sides, and a page for each signature."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock, lists
from rehab.account_forms import ConfirmForm
from rehab.columns import Column, day, minute
from rehab.lists import Listing
from rehab.models import Case, User
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.sending import form_page
from rehab.web import see, template_for
from zones import actions
from zones.models import FacilityTransfer
from zones.rules import transfers as rules
from zones.selectors import transfers as selectors
from zones.states import TransferStatus
from zones.transfer_forms import (
    TransferFilter,
    TransferForm,
    TransferReasonForm,
)
from zones.views import posted

READERS = (
    Permission.TRANSFER_PROPOSE,
    Permission.TRANSFER_APPROVE,
    Permission.TRANSFER_HAND_OVER,
)
ELSEWHERE = "档案已移交"  # of whom the file is another facility's


def _name(one: FacilityTransfer, user: User) -> str:
    return shown_name(one.who.person, user) if one.who else ELSEWHERE


TRANSFERS = Listing(
    title="转所",
    unit="件",
    definition="本单位移交和接收的转所，在途的在前，其次待办的，其余最近的在前",
    columns=(
        Column("姓名", _name, 14),
        Column("编号", lambda one, user: one.who.number if one.who else "", 18, shown=False),
        Column("移交场所", lambda one, user: one.from_facility.short_name, 16, "from", ("from_facility__code",)),
        Column("接收场所", lambda one, user: one.to_facility.short_name, 16, "to", ("to_facility__code",)),
        Column("事由", lambda one, user: one.get_ground_display(), 18, "ground", ("ground",)),
        Column("状态", lambda one, user: one.get_status_display(), 12, "status", ("status",)),
        Column("计划移交", lambda one, user: day(one.planned_on), 12, "planned", ("planned_on",)),
        Column("移交时间", lambda one, user: minute(one.departed_at), 18, "departed", ("departed_at",)),
        Column("期满日", lambda one, user: day(one.who.ends_on) if one.who else "", 12),
    ),
    row="zones/_transfer_row.html",
    empty="没有转所",
    hint="从人员档案的“转所”提请；批准后接收场所在这里看到",
)  # fmt: skip


@requires(*READERS)
@require_safe
def transfer_list(request: Any) -> HttpResponse:
    """Who is on the road, what waits for somebody, and what is over."""
    filters = TransferFilter(request.GET)
    rows = selectors.transfers(request.user)
    if filters.is_valid() and (status := filters.cleaned_data["status"]):
        rows = rows.filter(status=status)
    return lists.answer(
        request,
        TRANSFERS,
        rows,
        template="zones/transfer_list.html",
        filters=filters,
        dress=partial(_dressed, at=clock.now()),
        context={"today": clock.today()},
    )


def _dressed(rows: Any, *, at: datetime) -> Any:
    one: Any
    for one in selectors.named(rows):
        one.is_late = selectors.is_late(one, at=at)
    return rows


@requires(*READERS)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def transfer_create(request: Any, case_number: str) -> HttpResponse:
    """提请转所; while one is under way the page leads to it."""
    cases = Case.objects.visible_to(request.user).select_related(
        "person", "zone", "unit", "facility__province"
    )
    case = get_object_or_404(cases, number=case_number)
    may_propose = request.user.may(Permission.TRANSFER_PROPOSE)
    if request.method == "POST" and not may_propose:
        raise PermissionDenied
    form = TransferForm(
        posted(request),
        facilities=selectors.receiving_facilities(case),
        initial={"planned_on": clock.today()},
        drafts=request.drafts,
    )
    if form.is_valid():
        try:
            made = actions.propose_transfer(
                case=case, **form.cleaned_data, by=request.user, at=clock.now()
            )
            messages.success(request, f"已提请转往{made.to_facility.short_name}，待审批")
            return see(request, made)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return render(
        request,
        template_for(request, "zones/transfer_create.html", fragment="form"),
        {
            "case": case,
            "name": shown_name(case.person, request.user),
            "form": form,
            "obstacles": rules.proposal_obstacles(selectors.standing(case)),
            "may_propose": may_propose,
            "transfer": selectors.latest(case),
        },
        status=422 if form.errors else 200,
    )


def one(request: Any, pk: Any) -> FacilityTransfer:
    found: FacilityTransfer = get_object_or_404(selectors.transfers(request.user), pk=pk)
    selectors.named([found])
    return found


def page_of(request: Any, transfer: FacilityTransfer) -> dict[str, Any]:
    user = request.user
    return {
        "transfer": transfer,
        "case": transfer.who,
        "name": _name(transfer, user),
        "acts": selectors.acts_open_to(user, transfer),
        "takes_back": selectors.arrival_status(transfer, user) == TransferStatus.TAKEN_BACK,
        "late": selectors.is_late(transfer, at=clock.now()),
        "late_at": rules.late_at(transfer.departed_at) if transfer.departed_at else None,
        "opened": transfer.who is not None
        and Case.objects.opened_to(user).filter(pk=transfer.case_id).exists(),
        "sheet": selectors.sheet_of(transfer, user),
        "today": clock.today(),
    }


@requires(*READERS)
@require_safe
@never_cache
def transfer_detail(request: Any, pk: Any) -> HttpResponse:
    """Where it stands, who signed, and what comes next."""
    transfer = one(request, pk)
    with selectors.seeing([transfer]):
        return render(request, "zones/transfer_detail.html", page_of(request, transfer))


@requires(Permission.TRANSFER_APPROVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def transfer_approve(request: Any, pk: Any) -> HttpResponse:
    """批准转所."""
    transfer = one(request, pk)
    form = ConfirmForm(posted(request))

    def approve() -> str:
        actions.approve_transfer(transfer=transfer, by=request.user, at=clock.now())
        return f"已批准，{transfer.to_facility.short_name}已知将到"

    obstacles = selectors.approval_obstacles(transfer, by=request.user)
    return answer(request, transfer, form, approve, "transfer_approve", obstacles)


@requires(Permission.TRANSFER_PROPOSE, Permission.TRANSFER_APPROVE, Permission.TRANSFER_HAND_OVER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def transfer_return(request: Any, pk: Any) -> HttpResponse:
    """撤回 by the sending side until he has left; 退回 by who decides, then by the other facility."""
    transfer, user = one(request, pk), request.user
    form = TransferReasonForm(posted(request), drafts=request.drafts)
    returning = selectors.return_obstacles(transfer, by=user)
    withdrawing = selectors.withdrawal_obstacles(transfer, by=user)
    takes_back = bool(returning) and not withdrawing

    def end() -> str:
        act = actions.withdraw_transfer if takes_back else actions.return_transfer
        act(transfer=transfer, reason=form.cleaned_data["reason"], by=user, at=clock.now())
        return "已撤回转所" if takes_back else "已退回"

    obstacles = () if takes_back else returning
    return answer(
        request, transfer, form, end, "transfer_return", obstacles, withdrawing=takes_back
    )


def answer(
    request: Any,
    transfer: FacilityTransfer,
    form: Any,
    act: Callable[[], str],
    page: str,
    obstacles: tuple[Obstacle, ...],
    **more: Any,
) -> HttpResponse:
    with selectors.seeing([transfer]):
        valid = form.is_valid()
    if valid:
        try:
            messages.success(request, act())
            return see(request, transfer)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    with selectors.seeing([transfer]):
        return render(
            request,
            template_for(request, f"zones/{page}.html", fragment="form"),
            {"form": form, "obstacles": obstacles, **page_of(request, transfer), **more},
            status=422 if form.errors else 200,
        )
