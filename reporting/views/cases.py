"""戒毒人员：the list, the search and its export."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock, columns, lists
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.web import template_for, wants_fragment
from reporting.forms import CaseFilter, SearchForm
from reporting.selectors import people
from reporting.selectors.search import found
from reporting.selectors.search import waiting as expected

FOUND_AT_MOST = 50
OFFERED = 8  # while the words are still being typed

PEOPLE = Listing(
    title="戒毒人员名单",
    unit="人",
    definition="可见范围内、符合筛选条件的戒治档案",
    columns=columns.OF_CASE,
    row="reporting/_case_row.html",
    hint="按姓名、拼音、编号或者身份证号查找，请用上方的查找框",
)


@requires(Permission.CASE_VIEW)
@require_safe
def case_list(request: Any) -> HttpResponse:
    """Everyone within reach, filtered by the address, in the order of pinyin."""
    filters = CaseFilter(request.GET, user=request.user)
    return lists.answer(
        request,
        PEOPLE,
        _filtered(request, filters),
        template="reporting/case_list.html",
        filters=filters,
    )


@requires(Permission.CASE_SEARCH)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def search(request: Any) -> HttpResponse:
    """Who answers to a few words, or the first of them while one types; apart, who is not received yet.

    The words come by POST and stand in no address.
    """
    form = SearchForm(request.POST if request.method == "POST" else {})
    words = form.cleaned_data["q"] if form.is_valid() else ""
    limit = OFFERED if wants_fragment(request) else FOUND_AT_MOST
    answering = list(found(request.user, words)[: limit + 1])
    waiting = list(expected(request.user, words)[: limit + 1])
    return render(
        request,
        template_for(request, "reporting/search.html", fragment="choices"),
        {
            "form": form,
            "words": words,
            "cases": answering[:limit],
            "waiting": waiting[:limit],
            "more": len(answering) > limit or len(waiting) > limit,
        },
        status=422 if form.errors else 200,
    )


def _filtered(request: Any, filters: CaseFilter):
    """The cases that the filters leave; a word that a filter does not know filters nothing."""
    filters.is_valid()
    chosen = filters.cleaned_data
    cases = people.shown(request.user)
    if presence := chosen.get("presence"):
        cases = cases.filter(people.presences()[presence].condition(clock.now()))
    if stage := chosen.get("stage"):
        cases = cases.filter(zone__stage=stage)
    if place := chosen.get("place"):
        cases = cases.filter(**{filters.place_path: place})
    return cases
