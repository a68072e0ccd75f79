"""How a view answers with a list: its page, its workbook or its paper."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render

from rehab import clock
from rehab.actions.access import record_taking
from rehab.lists.address import PAPER, WAY, WORKBOOK, ordered
from rehab.lists.listing import Bulk, Listed, Listing
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.web import LEFT_LIST
from rehab.workbook import workbook

AT_MOST: Mapping[str, int] = {WORKBOOK: 100_000, PAPER: 5_000}  # rows that may be taken out at once
LONGEST_ADDRESS = 1_000  # of a list that is found again on the way back


def listed(
    request: Any,
    listing: Listing,
    rows: Any,
    *,
    filters: Form | None = None,
    dress: Callable[[Sequence[Any]], Sequence[Any]] = tuple,
    bulk: Bulk | None = None,
    about: str = "",
    count: int | None = None,
) -> Listed:
    """Rows in scope as the list that this request asks for; `dress` adds what a page of rows must say."""
    if filters is not None:
        filters.is_valid()  # an odd word in the address filters nothing
    asked = request.GET.copy()
    asked.pop(WAY, None)
    return Listed(
        listing=listing,
        rows=ordered(rows, listing.columns, request.GET),
        path=request.path,
        asked=asked,
        user=request.user,
        at=clock.now(),
        filters=filters,
        dress=dress,
        bulk=bulk,
        about=about,
        count=count,
    )


def answer(
    request: Any,
    listing: Listing,
    rows: Any,
    *,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
    **how: Any,
) -> HttpResponse:
    """The page of a list, its workbook or its paper, as the address asks."""
    shown = listed(request, listing, rows, **how)
    if taken := taken_out(request, shown):
        return taken
    page = render(request, template, {**(context or {}), **context_of(shown)}, status=status)
    return stay(request, page) if status == 200 else page


def context_of(shown: Listed) -> dict[str, Any]:
    """What `components/list.html` and the page around it ask for."""
    return {
        "list": shown,
        "page": shown.page,
        "lines": shown.lines,
        "query": shown.query,
        "filters": shown.filters,
    }


def stay(request: Any, response: HttpResponse) -> HttpResponse:
    """Let acts and pages that were opened from this list lead back to it as it stands now."""
    address = request.get_full_path()
    if len(address) <= LONGEST_ADDRESS:
        response.set_cookie(
            LEFT_LIST, address, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return response


def taken_out(request: Any, shown: Listed) -> HttpResponse | None:
    """The workbook or the paper, if the address asks for one; each is recorded with who took how many rows."""
    way = request.GET.get(WAY)
    if way not in AT_MOST:
        return None
    if way == WORKBOOK and not request.user.may(Permission.METRIC_EXPORT):
        raise PermissionDenied
    count, limit = shown.page.paginator.count, AT_MOST[way]
    if count > limit:
        verb = "导出" if way == WORKBOOK else "打印"
        sentence = (
            f"共 {count:,} {shown.listing.unit}，一次最多{verb} {limit:,}，请先用筛选缩小范围"
        )
        reasons = {"obstacles": [Obstacle(sentence)], "back": shown.here}
        return render(request, "errors/refused.html", reasons, status=422)
    record_taking(
        title=shown.listing.title, address=request.get_full_path(), way=way, rows=count,
        by=request.user, really_at=clock.real_now(),
    )  # fmt: skip
    if way == WORKBOOK:
        return workbook(shown.note, shown.listing.columns, shown.every_line, user=request.user)
    response = render(request, "rehab/list_print.html", {"list": shown})
    response["Cache-Control"] = "no-store"
    return response
