"""工作台。"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rehab import clock, lists
from rehab.columns import Column, beside, minute
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.rules.timing import Category
from rehab.states import Reach, Stage
from reporting.forms import WorklistFilter
from reporting.selectors import leaving, worklist
from zones.selectors import transfers

TODOS = Listing(
    title="待办清单",
    unit="件",
    definition="本岗位应办的和须过问的事项，按法定期限排序",
    columns=(
        Column("期限", lambda todo, user: minute(todo.due_at), 18, "due", ("due_at",)),
        Column("事项", lambda todo, user: todo.act, 24, "act", ("act",)),
        Column("姓名", lambda todo, user: todo.person, 14, "name", ("spoken",)),
        *beside(Column("编号", lambda todo, user: todo.number, 18)),
        Column("所在区", lambda todo, user: Stage(todo.stage).zone_label if todo.stage else "", 14, "zone", ("stage",)),
        Column("依据", lambda todo, user: str(todo.article or todo.basis), 30),
    ),
    acts=True,
)  # fmt: skip
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
    shown = lists.listed(request, TODOS, wanted, filters=filters)
    if taken := lists.taken_out(request, shown):
        return taken
    custodian = user.reach in worklist.CUSTODIANS
    figures = worklist.figures(user, at=at) if custodian else {}
    by_name = user.reach in (Reach.UNIT, Reach.FACILITY)  # a bureau counts those who leave
    soonest = leaving.soonest(user, figures, further=ENDING, at=at) if by_name else []
    page = render(
        request,
        "reporting/worklist_list.html",
        lists.context_of(shown)
        | {
            "tabs": _tabs(in_zone, category, stage),
            "groups": _groups(request, shown, wanted, on),
            "supervises": worklist.supervises(user),
            "must_leave": leaving.groups(user, figures, soonest, on=on),
            "tiles": worklist.tiles(user, at=at),
            "whose": worklist.whose(user),
            "figures": figures,
            "redlines": worklist.redlines(figures) if custodian else (),
            "ending": [case for case in soonest if case.alarm_on >= on][:ENDING],
            "by_name": by_name,
            "coming": figures.get(transfers.COMING),
            "coming_late": figures.get(transfers.LATE),
            "coming_leaving": figures.get(transfers.LEAVING),
            "merges": figures.get(worklist.MERGES),
            "escapes": figures.get(worklist.ESCAPES),
            "terms": figures.get(worklist.TERMS),
            "corrections": figures.get(worklist.CORRECTIONS),
            "overrun": figures.get(worklist.OVERRUN),
            "roll": reverse("zones:roll-detail") if _calls_a_roll(user) else "",
            "at": at,
        },
    )
    return lists.stay(request, page)


def _groups(request: Any, shown: lists.Listed, wanted, on):
    """By how near the law's clock is; in one piece where another order was asked for."""
    if lists.SORT in request.GET:
        return (worklist.Group("", len(wanted), tuple(shown.lines)),) if wanted else ()
    return worklist.groups(shown.lines, wanted, on=on)


def _calls_a_roll(user) -> bool:
    """Whether this post answers for the people of one 大队, and its home opens on their roll."""
    return user.reach == Reach.UNIT and user.may(Permission.ZONE_MOVE_VIEW)


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
