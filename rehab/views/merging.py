"""合并人员: two records of one person side by side, put together by two officers, taken apart by one press."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock, columns, lists, statutes
from rehab.account_forms import ConfirmForm
from rehab.actions import merging as actions
from rehab.columns import Column, minute
from rehab.lists import Listing
from rehab.merging_forms import MergeFilter, MergeForm, MergeReturnForm, MergeUndoForm
from rehab.models import Case, PersonMerge
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.merging import last_day_to_undo
from rehab.selectors import merge_pages, merging
from rehab.sending import form_page
from rehab.states import MergeStatus
from rehab.web import see, template_for

MERGES = Listing(
    title="人员合并",
    unit="件",
    definition="本所提请的人员合并，待确认的在前，其余最近的在前",
    columns=(
        *columns.of("case", columns.NAME, *columns.beside(columns.NUMBER)),
        Column("状态", lambda one, user: one.get_status_display(), 10, "status", ("status",)),
        Column("提请", lambda one, user: one.proposed_by.display_name, 12),
        Column("提请时间", lambda one, user: minute(one.proposed_at), 18, "at", ("proposed_at",)),
        Column("处理", lambda one, user: _decider(one), 12),
        Column("处理时间", lambda one, user: minute(one.decided_at), 18, "decided", ("decided_at",)),
        Column("可撤销至", lambda one, user: _until(one), 12),
    ),
    row="rehab/_merge_row.html",
    empty="没有人员合并",
    hint="两份登记是同一人的，从人员档案的“既往”提请合并",
)  # fmt: skip


def _decider(one: PersonMerge) -> str:
    return one.decided_by.display_name if one.decided_by else ""


def _until(one: PersonMerge) -> str:
    if one.status != MergeStatus.MERGED or one.decided_at is None:
        return ""
    return last_day_to_undo(one.decided_at).isoformat()


@requires(Permission.MERGE_PROPOSE, Permission.MERGE_CONFIRM)
@require_safe
def merge_list(request: Any) -> HttpResponse:
    """What waits for a leader first, then what was done and undone."""
    filters = MergeFilter(request.GET)
    filters.is_valid()
    rows = merging.merges(request.user)
    if status := filters.cleaned_data.get("status"):
        rows = rows.filter(status=status)
    return lists.answer(
        request, MERGES, rows, template="rehab/merge_list.html", filters=filters, dress=_dressed
    )


def _dressed(rows: Any) -> Any:
    for one in rows:
        one.undo_until = _until(one)
    return rows


@requires(Permission.MERGE_PROPOSE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
@form_page
def merge_create(request: Any, number: str) -> HttpResponse:
    """提请合并: who the other is, the two side by side, then the proposal of those that were seen so."""
    cases = Case.objects.visible_to(request.user).select_related("person", "facility")
    case = get_object_or_404(cases, number=number)
    sent = request.POST if request.method == "POST" else None
    words = (sent or {}).get("other", "") if sent else request.GET.get("with", "")
    asked = merge_pages.Asked()
    if words.strip():
        asked = merge_pages.asked_for(case, words, sent=sent, user=request.user, on=clock.today())
    looking = bool(sent and asked.preview and sent.get("seen", "").strip() != words.strip())
    form = MergeForm(
        None if looking else sent,
        drafts=None if looking else request.drafts,
        preview=asked.preview,
        initial={"other": words, "reason": (sent or {}).get("reason", "")},
    )

    if form.is_valid() and asked.other:
        try:
            merge = actions.propose_merge(
                case=case,
                other=asked.other,
                chosen=form.chosen,
                reason=form.cleaned_data["reason"],
                answers=form.answers,
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, "已提请合并，由所领导确认后生效")
            return see(request, merge)
        except Refused as refused:
            form.add_error(None, str(refused))
    for obstacle in asked.obstacles if sent else ():
        form.add_error("other", obstacle.message)

    return render(
        request,
        template_for(request, "rehab/merge_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "preview": asked.preview,
            "article": statutes.INFORMATION_CORRECTED,
        },
        status=422 if form.errors or looking else 200,  # nothing is proposed by looking
    )


def _shown(request: Any, pk: Any) -> tuple[PersonMerge, merge_pages.Preview]:
    """A merge in scope, and the two side by side."""
    merge = get_object_or_404(merging.merges(request.user), pk=pk)
    return merge, merge_pages.of_merge(merge, request.user, on=clock.today())


@requires(Permission.MERGE_PROPOSE, Permission.MERGE_CONFIRM)
@require_safe
@never_cache
def merge_detail(request: Any, pk: Any) -> HttpResponse:
    """The two side by side, what stands after, and what may be done with it now."""
    merge, preview = _shown(request, pk)
    return render(request, "rehab/merge_detail.html", _page(request, merge, preview))


def _page(request: Any, merge: PersonMerge, preview: merge_pages.Preview) -> dict[str, Any]:
    user = request.user
    later = preview.parting.later if preview.parting else ()
    return {
        "merge": merge,
        "preview": preview,
        "article": statutes.INFORMATION_CORRECTED,
        "until": _until(merge),
        "waits": merge.status == MergeStatus.PROPOSED,
        "own": merge.proposed_by_id == user.pk,
        "decides": user.may(Permission.MERGE_CONFIRM),
        "confirmation": merging.step_obstacles(merge, MergeStatus.MERGED, by=user, act="确认")
        or preview.obstacles,
        "giving_back": merging.step_obstacles(merge, MergeStatus.RETURNED, by=user, act="退回"),
        "withdrawal": merging.step_obstacles(
            merge, MergeStatus.WITHDRAWN, by=user, act="撤回", own_act=True
        ),
        "undoing": preview.obstacles
        if merge.status == MergeStatus.MERGED
        else merging.undo_obstacles(merge, on=clock.today()),
        "undo": MergeUndoForm(later=later) if preview.parting else None,
    }


@requires(Permission.MERGE_PROPOSE, Permission.MERGE_CONFIRM)
@require_safe
@vary_on_headers("HX-Request")
def merge_preview(request: Any, pk: Any) -> HttpResponse:
    """Which deadlines a confirmation would move."""
    merge = get_object_or_404(merging.merges(request.user).open(), pk=pk)
    moves: Any = ()
    obstacles: Any = ()
    try:
        moves = merge_pages.moved(actions.foresee_merge(merge), request.user)
    except Refused as refused:  # one of the two was merged meanwhile
        obstacles = refused.obstacles
    return render(
        request,
        template_for(request, "rehab/merge_preview.html", fragment="preview"),
        {"merge": merge, "moves": moves, "obstacles": obstacles},
    )


@requires(Permission.MERGE_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def merge_confirm(request: Any, pk: Any) -> HttpResponse:
    """确认合并."""
    merge, preview = _shown(request, pk)

    def confirm() -> None:
        actions.confirm_merge(merge=merge, by=request.user, at=clock.now())

    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return _decide(
        request, (merge, preview), form, confirm, "merge_confirm", "已合并，三十日内可以撤销"
    )


@requires(Permission.MERGE_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def merge_return(request: Any, pk: Any) -> HttpResponse:
    """退回, with the reason."""
    merge, preview = _shown(request, pk)

    def give_back() -> None:
        reason = form.cleaned_data["reason"]
        actions.return_merge(merge=merge, reason=reason, by=request.user, at=clock.now())

    form = MergeReturnForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts
    )
    return _decide(request, (merge, preview), form, give_back, "merge_return", "已退回提请人")


@requires(Permission.MERGE_PROPOSE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def merge_withdraw(request: Any, pk: Any) -> HttpResponse:
    """撤回, by its proposer."""
    merge, preview = _shown(request, pk)

    def withdraw() -> None:
        actions.withdraw_merge(merge=merge, by=request.user, at=clock.now())

    form = ConfirmForm(request.POST if request.method == "POST" else None)
    return _decide(request, (merge, preview), form, withdraw, "merge_withdraw", "已撤回")


@requires(Permission.MERGE_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def merge_undo(request: Any, pk: Any) -> HttpResponse:
    """撤销合并 within its thirty days."""
    merge, preview = _shown(request, pk)

    def undo() -> None:
        actions.undo_merge(
            merge=merge,
            later=form.whose,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        )

    form = MergeUndoForm(
        request.POST if request.method == "POST" else None,
        drafts=request.drafts,
        later=preview.parting.later if preview.parting else (),
    )
    return _decide(
        request, (merge, preview), form, undo, "merge_undo", "已撤销合并，两份登记各归各"
    )


def _decide(
    request: Any,
    shown: tuple[PersonMerge, merge_pages.Preview],
    form: Any,
    act: Callable[[], None],
    page: str,
    sentence: str,
) -> HttpResponse:
    if form.is_valid():
        try:
            act()
            messages.success(request, sentence)
            return see(request, shown[0])
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, f"rehab/{page}.html", fragment="form"),
        {"form": form, **_page(request, *shown)},
        status=422 if form.errors else 200,
    )
