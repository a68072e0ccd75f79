"""Pages of the education centre."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.education import actions, rules, selectors
from centers.education.forms import EntryEducationForm
from centers.models import EntryEducation
from centers.presence import presence_obstacles
from centers.records import latest
from rehab import clock, lists
from rehab.columns import Column, beside, day
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.sending import form_page
from rehab.states import CaseStatus
from rehab.web import see, template_for

RESULTS = dict(EntryEducation.Result.choices)
EDUCATION = Listing(
    title="入所教育名单",
    unit="人",
    definition="可见范围内在执行的人员，和最近一次入所教育",
    columns=(
        *pages.WHO,
        Column("入所日期", lambda case, user: day(case.entered_at), 12, "entered", ("entered_at",)),
        Column("可登记", lambda case, user: _registrable(case)),
        Column("入所教育", lambda case, user: RESULTS.get(case.result, "未登记"), 10, "result", ("result",)),
        *beside(
            Column("课时", lambda case, user: str(case.hours or ""), 6, number=True),
            Column("结束日期", lambda case, user: day(case.ended_on), 12),
        ),
    ),
    row="centers/_education_row.html",
    acts=True,
)  # fmt: skip


def _registrable(case):
    return "" if case.result == EntryEducation.Result.PASS else f"{day(case.earliest_end)} 起"


@requires(Permission.EDUCATION_VIEW)
@require_GET
def education_list(request):
    filters = pages.Filters(request.GET)
    cases = pages.in_zone(pages.people(request), filters.chosen("zone")).annotate(
        result=latest(EntryEducation, "result"),
        ended_on=latest(EntryEducation, "ended_on"),
        hours=latest(EntryEducation, "hours"),
    )
    cases = pages.by_record(
        cases,
        filters.chosen("done"),
        done=Q(result=EntryEducation.Result.PASS),
        missing=Q(result=EntryEducation.Result.FAIL) | Q(ended_on=None),
    )
    return lists.answer(
        request,
        EDUCATION,
        cases,
        template="centers/education_list.html",
        filters=filters,
        dress=_dressed,
        context={"may_record": request.user.may(Permission.EDUCATION_RECORD)},
    )


def _dressed(cases):
    for case in cases:
        case.earliest_end = rules.earliest_end(clock.day_of(case.entered_at))
    return cases


@requires(Permission.EDUCATION_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def entry_education_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    entered_on = clock.day_of(case.entered_at)
    form = EntryEducationForm(
        request.POST or None, initial={"started_on": entered_on}, drafts=request.drafts
    )

    if form.is_valid():
        try:
            actions.record_entry_education(
                case=case, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"已登记 {case.person.name} 的入所教育")
            return see(request, "centers:education-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    obstacles = presence_obstacles(in_facility=case.status == CaseStatus.IN_FACILITY)
    if selectors.passed_already(case):
        obstacles += (Obstacle("已有合格的入所教育记录"),)
    return render(
        request,
        template_for(request, "centers/entry_education_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "obstacles": obstacles,
            "earliest_end": rules.earliest_end(entered_on),
        },
        status=422 if form.errors else 200,
    )
