"""Pages of the training centre."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.models import FitnessTest
from centers.presence import presence_obstacles
from centers.records import earlier, latest
from centers.training import actions
from centers.training.forms import FitnessForm
from rehab import clock, lists
from rehab.columns import Column, beside, day
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import CaseStatus
from rehab.web import see, template_for

RESULTS = dict(FitnessTest.Result.choices)
TESTED = Listing(
    title="体能测试名单",
    unit="人",
    definition="可见范围内在执行的人员，和最近一次体能测试",
    columns=(
        *pages.WHO,
        Column("最近测试", lambda case, user: RESULTS.get(case.result, "未测试"), 12, "tested", ("tested_on",)),
        *beside(Column("测试日期", lambda case, user: day(case.tested_on), 12)),
    ),
    row="centers/_training_row.html",
    acts=True,
)  # fmt: skip


@requires(Permission.TRAINING_VIEW)
@require_GET
def training_list(request):
    filters = pages.Filters(request.GET)
    cases = pages.in_zone(pages.people(request), filters.chosen("zone")).annotate(
        tested_on=latest(FitnessTest, "tested_on"),
        result=latest(FitnessTest, "result"),
    )
    cases = pages.by_record(
        cases,
        filters.chosen("done"),
        done=Q(tested_on__isnull=False),
        missing=Q(tested_on=None),
    )
    return lists.answer(
        request,
        TESTED,
        cases,
        template="centers/training_list.html",
        filters=filters,
        context={
            "results": RESULTS,
            "may_record": request.user.may(Permission.TRAINING_RECORD),
        },
    )


@requires(Permission.TRAINING_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def fitness_test_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    form = FitnessForm(
        request.POST or None, initial={"tested_on": clock.today()}, drafts=request.drafts
    )

    if form.is_valid():
        try:
            actions.record_fitness_test(
                case=case,
                tested_on=form.cleaned_data["tested_on"],
                cleared=form.cleaned_data["cleared"],
                values=form.values,
                result=form.cleaned_data["result"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, f"已登记 {case.person.name} 的体能测试")
            return see(request, "centers:training-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/fitness_test_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "obstacles": presence_obstacles(in_facility=case.status == CaseStatus.IN_FACILITY),
            "earlier": earlier(FitnessTest, case),
        },
        status=422 if form.errors else 200,
    )
