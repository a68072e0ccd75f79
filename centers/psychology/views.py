"""Pages of the psychology centre. A sheet is opened one at a time, and each opening is recorded."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.models import Screening
from centers.presence import presence_obstacles
from centers.psychology import actions
from centers.psychology.forms import OpeningForm, form_for
from centers.psychology.scales import PHQ9, SCALES
from centers.records import latest
from rehab import clock, lists
from rehab.columns import Column, day
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import CaseStatus
from rehab.web import see, template_for

SCREENED = Listing(
    title="心理测评名单",
    unit="人",
    definition="可见范围内在执行的人员，和最近一次心理测评的日期；答案与得分不在其中",
    columns=(
        *pages.WHO,
        Column(
            "测评",
            lambda case, user: f"已完成 {day(case.screened_at)}" if case.screened_at else "未完成",
            20,
            "screened",
            ("screened_at",),
        ),
    ),
    row="centers/_psychology_row.html",
    acts=True,
)


@requires(Permission.PSYCHOLOGY_VIEW)
@require_GET
def psychology_list(request):
    filters = pages.Filters(request.GET)
    cases = pages.in_zone(pages.people(request), filters.chosen("zone")).annotate(
        screened_at=latest(Screening, "screened_at"),
        screening=latest(Screening, "pk"),
    )
    cases = pages.by_record(
        cases,
        filters.chosen("done"),
        done=Q(screened_at__isnull=False),
        missing=Q(screened_at=None),
    )
    return lists.answer(
        request,
        SCREENED,
        cases,
        template="centers/psychology_list.html",
        filters=filters,
        context={"may_record": request.user.may(Permission.PSYCHOLOGY_RECORD)},
    )


@requires(Permission.PSYCHOLOGY_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def screening_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    scale = SCALES.get(request.GET.get("scale", PHQ9.code))
    if scale is None:
        raise Http404
    form = form_for(scale)(request.POST or None, drafts=request.drafts)

    if form.is_valid():
        try:
            actions.screen(
                case=case, scale=scale.code, answers=form.answers, by=request.user, at=clock.now()
            )
            messages.success(request, f"已登记 {case.person.name} 的心理测评，答案与得分已封存")
            return see(request, "centers:psychology-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/screening_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "scale": scale,
            "tabs": [
                {"label": one.title, "url": f"?scale={one.code}", "current": one == scale}
                for one in SCALES.values()
            ],
            "obstacles": presence_obstacles(in_facility=case.status == CaseStatus.IN_FACILITY),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.PSYCHOLOGY_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def screening_detail(request, pk):
    screening = get_object_or_404(
        Screening.objects.visible_to(request.user).select_related(
            "case__person", "case__zone", "case__unit", "by"
        ),
        pk=pk,
    )
    form = OpeningForm(request.POST or None)
    sheet = None

    if form.is_valid():
        sheet = actions.open_screening(
            screening=screening, by=request.user, at=clock.real_now(), **form.cleaned_data
        )

    return render(
        request,
        template_for(request, "centers/screening_detail.html", fragment="sheet"),
        {"case": screening.case, "screening": screening, "form": form, "sheet": sheet},
        status=422 if form.errors else 200,
    )
