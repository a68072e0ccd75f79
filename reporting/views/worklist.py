"""工作台。"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rehab import clock
from rehab.permissions import Permission, requires
from rehab.rules.timing import Category
from rehab.states import Reach
from reporting.forms import WorklistFilter
from reporting.selectors import worklist

PER_PAGE = 50
ENDING = 8  # lines of the card 30 天内解除


@requires(Permission.WORKLIST_VIEW)
@require_safe
def worklist_list(request: Any) -> HttpResponse:
    """What this post must do, by the law's clock; a page of its own for those who see no cases."""
    user, at = request.user, clock.now()
    if user.reach == Reach.NONE:
        return render(request, "reporting/worklist_none.html")
    on = clock.day_of(at)
    filters = WorklistFilter(request.GET)
    filters.is_valid()
    category, stage = (filters.cleaned_data.get(name, "") for name in ("category", "stage"))

    in_zone = [one for one in worklist.todos(user, at=at) if not stage or one.stage == stage]
    wanted = [one for one in in_zone if not category or one.category.name.lower() == category]
    page = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    custodian = user.reach in worklist.CUSTODIANS
    figures = worklist.figures(user, at=at) if custodian else {}
    by_name = user.reach in (Reach.UNIT, Reach.FACILITY)  # a bureau counts those who leave
    return render(
        request,
        "reporting/worklist_list.html",
        {
            "filters": filters,
            "tabs": _tabs(in_zone, category, stage),
            "groups": worklist.groups(list(page), wanted, on=on),
            "page": page,
            "query": _query(category, stage),
            "supervises": worklist.supervises(user),
            "tiles": worklist.tiles(user, at=at),
            "whose": worklist.whose(user),
            "figures": figures,
            "redlines": worklist.redlines(figures) if custodian else (),
            "ending": worklist.ending(user, at=at, limit=ENDING) if by_name else (),
            "by_name": by_name,
            "at": at,
        },
    )


def _tabs(todos, category: str, stage: str) -> list[dict]:
    """全部 and the categories that have something in them."""
    counts = {one: sum(todo.category == one for todo in todos) for one in Category}
    shown = [("", "全部", len(todos))]
    shown += [
        (one.name.lower(), one.value, count)
        for one, count in counts.items()
        if count or one.name.lower() == category
    ]
    return [
        {"label": label, "url": f"?{_query(key, stage)}", "current": key == category, "count": n}
        for key, label, n in shown
    ]


def _query(category: str, stage: str) -> str:
    parts = {"category": category, "stage": stage}
    return "&".join(f"{name}={value}" for name, value in parts.items() if value)
