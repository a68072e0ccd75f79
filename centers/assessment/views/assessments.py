"""诊断评估的各页：the list, the draft, the conclusion by a second person, the correction."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.assessment import actions, rules, selectors
from centers.assessment.forms import STATES as STATE_CHOICES
from centers.assessment.forms import AssessmentFilters, CorrectionForm, ReturnForm, form_for
from centers.models import Assessment
from centers.states import AssessmentKind, Grade, Need
from rehab import clock, columns, lists
from rehab.columns import Column, beside, day
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for

STATES = dict(STATE_CHOICES)
AHEAD = Listing(
    title="待评估名单",
    unit="人",
    definition="可见范围内在执行的人员，和下一次诊断评估",
    columns=(
        *pages.WHO,
        Column("下一次评估", lambda case, user: case.ahead.kind.label, 18),
        *beside(
            Column("进度", lambda case, user: STATES[case.state], 10),
            Column("起评日期", lambda case, user: day(case.ahead.opens_on), 12),
        ),
        Column("所需事项", lambda case, user: _needs(case.ahead), 60),
    ),
    row="centers/_assessment_row.html",
    acts=True,
)
CONCLUDED = Listing(
    title="诊断评估结论",
    unit="件",
    definition="可见范围内现行的诊断评估结论；被更正的不计",
    columns=(
        *columns.of("case", columns.NAME, *beside(columns.NUMBER, columns.ZONE, columns.UNIT)),
        Column("评估", lambda one, user: one.get_kind_display(), 18, "kind", ("kind",)),
        Column("结论", lambda one, user: one.get_result_display(), 10, "result", ("result",)),
        *beside(Column("结论日期", lambda one, user: day(one.concluded_at), 12)),
        Column("签字", lambda one, user: _signed(one), 30, "concluded", ("concluded_at",)),
    ),
    row="centers/_conclusion_row.html",
    acts=True,
    empty="还没有结论",
)


@requires(Permission.ASSESSMENT_VIEW)
@require_GET
def assessment_list(request):
    if request.GET.get("show") == "concluded":
        return _concluded(request)
    filters = AssessmentFilters(request.GET)
    cases = selectors.with_draft(pages.in_zone(pages.people(request), filters.chosen("zone")))
    if state := filters.chosen("state"):
        cases = [case for case in _looked_ahead(list(cases)) if case.state == state]
    return lists.answer(
        request,
        AHEAD,
        cases,
        template="centers/assessment_list.html",
        filters=filters,
        dress=_looked_ahead,
        context=_tabs("ahead", request.user)
        | {
            "me": request.user.pk,
            "may_draft": request.user.may(Permission.ASSESSMENT_DRAFT),
            "may_conclude": request.user.may(Permission.ASSESSMENT_CONCLUDE),
        },
    )


def _looked_ahead(cases):
    """Each case with its next assessment, and how far that is."""
    today = clock.today()
    unknown = [case for case in cases if not hasattr(case, "ahead")]
    found = selectors.next_assessments(unknown, on=today) if unknown else {}
    for case in unknown:
        case.ahead = found[case.pk]
        case.state = case.ahead.state(today)
    return cases


def _needs(ahead):
    """Every condition in words, those not met with a mark."""
    return "；".join(
        one.label if one.met else f"缺 {one.label}" for one in ahead.readiness.conditions
    )


def _signed(one):
    return f"{one.by.display_name} 拟定，{one.concluded_by.display_name} 结论"


def _concluded(request):
    rows = selectors.concluded(request.user)
    return lists.answer(
        request,
        CONCLUDED,
        rows,
        template="centers/assessment_list.html",
        context=_tabs("concluded", request.user),
    )


def _tabs(current, user):
    return {
        "concluded": current == "concluded",
        "may_see_conduct": user.may(Permission.CONDUCT_VIEW),
        "tabs": [
            {"label": "待评估", "url": "?", "current": current == "ahead"},
            {"label": "已结论", "url": "?show=concluded", "current": current == "concluded"},
        ],
    }


@requires(Permission.ASSESSMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def assessment_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    kind = _kind(request, case)
    facts, found = selectors.assessment_facts(case, kind, on=clock.today())
    form = form_for(found)(request.POST or None, drafts=request.drafts)

    if form.is_valid():
        try:
            actions.draft_assessment(
                case=case,
                kind=kind,
                parts=form.parts,
                reasons=form.cleaned_data["reasons"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, f"已拟定 {case.person.name} 的{kind.label}，等待他人结论")
            return see(request, "centers:assessment-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/assessment_create.html", fragment="form"),
        {
            "case": case,
            "kind": kind,
            "tabs": [
                {"label": one.label, "url": f"?kind={one.value}", "current": one == kind}
                for one in AssessmentKind
            ],
            "form": form,
            "fixed": _named(form.fixed, found),
            "conditions": facts.conditions,
            "obstacles": rules.draft_obstacles(facts, on=clock.today()),
        },
        status=422 if form.errors else 200,
    )


def _kind(request, case):
    """The kind that the address names, or the one that comes next."""
    if "kind" not in request.GET:
        return selectors.next_assessments([case], on=clock.today())[case.pk].kind
    try:
        return AssessmentKind(request.GET["kind"])
    except ValueError as unknown:
        raise Http404 from unknown


def _named(parts, found=None):
    """Parts in words: what, how graded, and what is on file."""
    return [
        (need.label, Grade(parts[need]), found[need].detail if found and need in found else "")
        for need in Need
        if need in parts
    ]


def _assessment_or_404(request, pk):
    return get_object_or_404(
        Assessment.objects.visible_to(request.user).select_related(
            "case__person", "case__facility", "case__unit", "case__zone", "by", "concluded_by",
            "supersedes", "superseded_by",
        ),
        pk=pk,
    )  # fmt: skip


@requires(Permission.ASSESSMENT_VIEW)
@require_GET
def assessment_detail(request, pk):
    assessment = _assessment_or_404(request, pk)
    return render(
        request,
        "centers/assessment_detail.html",
        {
            "case": assessment.case,
            "assessment": assessment,
            "parts": _named(assessment.parts),
            "signatures": _signatures(assessment),
            "may_correct": request.user.may(Permission.ASSESSMENT_DRAFT),
        },
    )


def _signatures(assessment):
    return [
        {"role": "拟定", "name": assessment.by.display_name, "at": assessment.drafted_at},
        {
            "role": "结论",
            "name": assessment.concluded_by and assessment.concluded_by.display_name,
            "at": assessment.concluded_at,
        },
    ]


@requires(Permission.ASSESSMENT_CONCLUDE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def assessment_conclude(request, pk):
    assessment = _assessment_or_404(request, pk)
    refusals = ()

    if request.method == "POST":
        try:
            actions.conclude_assessment(assessment=assessment, by=request.user, at=clock.now())
            messages.success(request, f"已作出结论：{assessment.get_result_display()}")
            return see(request, "centers:assessment-detail", pk=assessment.pk)
        except Refused as refused:
            refusals = refused.obstacles
            assessment = _assessment_or_404(request, pk)  # as the other officer left it

    return _conclusion_page(
        request, assessment, refusals=refusals, form=ReturnForm(drafts=request.drafts)
    )


@requires(Permission.ASSESSMENT_CONCLUDE, Permission.ASSESSMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def assessment_return(request, pk):
    assessment = _assessment_or_404(request, pk)
    form = ReturnForm(request.POST or None, drafts=request.drafts)

    if form.is_valid():
        try:
            actions.return_assessment(
                assessment=assessment, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, "已退回")
            return see(request, "centers:assessment-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return _conclusion_page(request, assessment, refusals=(), form=form)


def _conclusion_page(request, assessment, *, refusals, form):
    """The draft with both ways on: a conclusion, or back."""
    return render(
        request,
        template_for(request, "centers/assessment_conclude.html", fragment="decision"),
        {
            "case": assessment.case,
            "assessment": assessment,
            "parts": _named(assessment.parts),
            "signatures": _signatures(assessment),
            "form": form,
            "refused": bool(refusals),
            "may_conclude": request.user.may(Permission.ASSESSMENT_CONCLUDE),
            "obstacles": refusals
            or selectors.conclusion_obstacles(assessment, by=request.user, on=clock.today()),
        },
        status=422 if refusals or form.errors else 200,
    )


@requires(Permission.ASSESSMENT_DRAFT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def assessment_correct(request, pk):
    assessment = _assessment_or_404(request, pk)
    facts, found = selectors.correction_facts(assessment, on=clock.today())
    form = form_for(found, base=CorrectionForm)(request.POST or None, drafts=request.drafts)

    if form.is_valid():
        try:
            actions.correct_assessment(
                assessment=assessment,
                parts=form.parts,
                reasons=form.cleaned_data["reasons"],
                why=form.cleaned_data["why"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, "已拟定更正，等待他人结论；原结论在此之前继续有效")
            return see(request, "centers:assessment-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/assessment_correct.html", fragment="form"),
        {
            "case": assessment.case,
            "assessment": assessment,
            "form": form,
            "fixed": _named(form.fixed, found),
            "obstacles": rules.draft_obstacles(facts, on=clock.today()),
        },
        status=422 if form.errors else 200,
    )
