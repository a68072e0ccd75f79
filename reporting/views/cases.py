"""戒毒人员：the list, the search and its export."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rehab import clock
from rehab.permissions import Permission, requires
from reporting import export
from reporting.forms import CaseFilter, SearchForm
from reporting.selectors import people

PER_PAGE = 50
FOUND_AT_MOST = 50


@requires(Permission.CASE_VIEW)
@require_safe
def case_list(request: Any) -> HttpResponse:
    """Everyone within reach, filtered by the address, in the order of pinyin."""
    filters = CaseFilter(request.GET, user=request.user)
    page = Paginator(_filtered(request, filters), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "reporting/case_list.html",
        {
            "filters": filters,
            "page": page,
            "query": _query(filters),
            "can_export": request.user.may(Permission.METRIC_EXPORT),
        },
    )


@requires(Permission.METRIC_EXPORT)
@require_safe
def case_export(request: Any) -> HttpResponse:
    """The same list as a workbook."""
    filters = CaseFilter(request.GET, user=request.user)
    cases = _filtered(request, filters)
    note = export.Note(
        title="戒毒人员名单",
        definition="可见范围内、符合筛选条件的戒治档案，按姓名拼音排序",
        unit="人",
        version=1,
        as_of=clock.now(),
        by=str(request.user),
    )
    return export.workbook(note, export.CASE_COLUMNS, cases, user=request.user)


@requires(Permission.CASE_SEARCH)
@require_http_methods(["GET", "POST"])
@never_cache
def search(request: Any) -> HttpResponse:
    """Who answers to a few words; the words come by POST and stand in no address."""
    form = SearchForm(request.POST if request.method == "POST" else {})
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(people.found(request.user, words)[: FOUND_AT_MOST + 1])
    return render(
        request,
        "reporting/search.html",
        {
            "form": form,
            "words": words,
            "cases": found[:FOUND_AT_MOST],
            "more": len(found) > FOUND_AT_MOST,
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


def _query(filters: CaseFilter) -> str:
    chosen = filters.cleaned_data
    return urlencode({name: value for name, value in chosen.items() if value})
