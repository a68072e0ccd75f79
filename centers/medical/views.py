"""Pages of the medical centre. Only medical roles hold its permissions."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.medical import actions, selectors
from centers.medical.forms import DetoxForm, DrugTestForm
from centers.models import DetoxConclusion, DrugTest
from centers.presence import presence_obstacles
from centers.records import earlier, latest
from rehab import clock, lists
from rehab.columns import Column, beside, day, minute
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import serving
from rehab.sending import form_page
from rehab.states import CaseStatus
from rehab.web import see, template_for

RESULTS = dict(DrugTest.Result.choices)
ISOLATION = [("", "不限"), ("now", "隔离中"), ("over", "已解除")]
CONCLUDED = {True: "合格", False: "不合格", None: "未作出"}
DETOX = Listing(
    title="生理脱毒名单",
    unit="人",
    definition="可见范围内在执行的人员，和最近一次所内检测、生理脱毒结论",
    columns=(
        *pages.WHO,
        Column("最近所内检测", lambda case, user: RESULTS.get(case.test_result, "未检测"), 14, "tested", ("test_at",)),
        *beside(Column("检测时间", lambda case, user: minute(case.test_at), 18)),
        Column("生理脱毒结论", lambda case, user: CONCLUDED[case.detox_passed], 14, "detox", ("detox_at",)),
        *beside(Column("结论日期", lambda case, user: day(case.detox_at), 12)),
        Column("隔离", lambda case, user: _isolation(case), 22, "isolated", ("isolated_at",)),
    ),
    row="centers/_medical_row.html",
    acts=True,
)  # fmt: skip


def _isolation(case):
    if case.needs_isolation:
        return f"隔离中，{minute(case.isolated_at)} 起"
    return f"{minute(case.isolation_ended_at)} 解除" if case.isolation_ended_at else ""


class MedicalFilters(pages.Filters):
    """Besides, who is isolated."""

    isolation = forms.ChoiceField(label="隔离", required=False, choices=ISOLATION)


@requires(Permission.MEDICAL_VIEW)
@require_GET
def medical_list(request):
    filters = MedicalFilters(request.GET)
    cases = pages.in_zone(pages.people(request), filters.chosen("zone")).annotate(
        detox_passed=latest(DetoxConclusion, "passed"),
        detox_at=latest(DetoxConclusion, "concluded_at"),
        test_result=latest(DrugTest, "result"),
        test_at=latest(DrugTest, "tested_at"),
        **selectors.isolation(),
    )
    cases = selectors.isolated(cases, filters.chosen("isolation"))
    cases = pages.by_record(
        cases,
        filters.chosen("done"),
        done=Q(detox_passed=True),
        missing=Q(detox_passed=False) | Q(detox_at=None),
    )
    return lists.answer(
        request,
        DETOX,
        cases,
        template="centers/medical_list.html",
        filters=filters,
        context={
            "results": RESULTS,
            "may_record": request.user.may(Permission.MEDICAL_RECORD),
        },
    )


@requires(Permission.MEDICAL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def drug_test_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    form = DrugTestForm(
        request.POST or None,
        initial={"tested_at": clock.now().astimezone(clock.SHANGHAI)},
        drafts=request.drafts,
        colleagues=serving(case.facility_id).exclude(pk=request.user.pk),
    )

    if form.is_valid():
        try:
            actions.record_drug_test(
                case=case, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"已登记 {case.person.name} 的所内检测")
            return see(request, "centers:medical-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/drug_test_create.html", fragment="form"),
        {"case": case, "form": form, "obstacles": _presence(case)},
        status=422 if form.errors else 200,
    )


@requires(Permission.MEDICAL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def detox_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    form = DetoxForm(request.POST or None, drafts=request.drafts)

    if form.is_valid():
        try:
            actions.conclude_detox(
                case=case, met=form.met, notes=form.notes, by=request.user, at=clock.now()
            )
            messages.success(request, f"已作出 {case.person.name} 的生理脱毒结论")
            return see(request, "centers:medical-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/detox_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "obstacles": _presence(case),
            "tests": earlier(DrugTest, case),
            "conclusions": earlier(DetoxConclusion, case),
            "untested": selectors.latest_result(case) is None,
        },
        status=422 if form.errors else 200,
    )


def _presence(case):
    return presence_obstacles(in_facility=case.status == CaseStatus.IN_FACILITY)
