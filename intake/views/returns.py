"""离所和回所: who is out, who is expected back, and the short form by which he is in again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake.return_forms import (
    AbsenceFilter,
    AbsenceSearchForm,
    DepartureForm,
    EscapeForm,
    ReturnForm,
)
from intake.selectors import returns
from intake.views.arrivals import posted
from intake.views.sheets import case_in_scope
from rehab import clock, columns, lists
from rehab.columns import Column, beside, day, minute
from rehab.lists import Listing
from rehab.models import Absence, Case, User
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.absences import Comeback
from rehab.selectors import absences, escapes
from rehab.sending import form_page
from rehab.states import AbsenceKind, CaseStatus
from rehab.web import see, template_for
from zones import actions as rooms
from zones import selectors as beds
from zones.models import Outing

FOUND_AT_MOST = 50
ABSENCES = Listing(
    title="回所登记",
    unit="人",
    definition="可见范围内离所未回的人员，预计先回的在前",
    columns=(
        *columns.of("case", columns.NAME, *beside(columns.NUMBER, columns.SEX)),
        Column("事由", lambda one, user: one.get_kind_display(), 18, "kind", ("kind",)),
        Column("离所时间", lambda one, user: minute(one.left_at), 18, "left", ("left_at",)),
        Column("预计返回日", lambda one, user: day(one.expected_on), 14, "expected", ("expected_on",)),
        *columns.of("case", columns.UNIT, columns.ENDS),
    ),
    row="intake/_absence_row.html",
    acts=True,
    empty="没有离所未回的人员",
    hint="就医、出庭、被拘留逮捕、脱逃在人员档案上登记离所，所外就医由所领导批准",
)  # fmt: skip


@requires(Permission.ABSENCE_RECORD)
@require_GET
def absence_list(request: Any) -> HttpResponse:
    """Who is out; late first, for he is expected no later than that."""
    filters = AbsenceFilter(request.GET)
    out = absences.outside(request.user)
    if filters.is_valid() and (kind := filters.cleaned_data["kind"]):
        out = out.filter(kind=kind)
    return lists.answer(
        request,
        ABSENCES,
        out.order_by("expected_on", "left_at", "pk"),
        template="intake/absence_list.html",
        filters=filters,
        context={"search": AbsenceSearchForm(), "today": clock.today()},
    )


@requires(Permission.ABSENCE_RECORD)
@require_http_methods(["GET", "POST"])
@never_cache
def absence_search(request: Any) -> HttpResponse:
    """Straight to the form of the one who answers; the words come by POST and stand in no address."""
    form = AbsenceSearchForm(posted(request))
    found: list[Absence] = []
    if form.is_valid():
        found = list(returns.answering(request.user, form.cleaned_data["who"])[:FOUND_AT_MOST])
        if len(found) == 1:
            return see(request, "intake:return-create", found[0].case.number)
    return render(
        request,
        "intake/absence_search.html",
        {"form": form, "found": found, "today": clock.today(), "asked": form.is_bound},
        status=422 if form.errors else 200,
    )


@requires(Permission.ABSENCE_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def departure_create(request: Any, case_number: str) -> HttpResponse:
    """离所登记."""
    case = case_in_scope(request, case_number)
    running = absences.open_absence(case)
    runs = running is not None or case.status == CaseStatus.IN_TRANSIT  # he can only run from there
    outing = None if runs else beds.outing_to_use(case, on=clock.today())
    kind = AbsenceKind.ESCAPE if runs else AbsenceKind.HOSPITAL
    initial = {"kind": kind, "left_at": _now(), "expected_on": clock.today(), **_approved(outing)}
    form: DepartureForm | EscapeForm
    if runs:
        visiting = running is not None and running.kind == AbsenceKind.HOME_VISIT
        form = EscapeForm(
            posted(request), initial=initial, visiting=visiting, drafts=request.drafts
        )
    else:
        approved = outing is not None
        form = DepartureForm(
            posted(request), initial=initial, approved=approved, drafts=request.drafts
        )

    if form.is_valid():
        try:
            made = rooms.leave_facility(
                case=case, departure=form.departure, by=request.user, at=clock.now()
            )
            words = f"{case.person}：已登记离所（{made.get_kind_display()}）"
            if made.kind == AbsenceKind.ESCAPE:
                words += "，脱逃通报已编号，请在“文书”打印送出"
            messages.success(request, words)
            return see(request, case)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "intake/departure_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "move": beds.open_move(case),
            "running": running,
            "outing": outing,
            "warnings": beds.outing_warnings(case, outing),
            "runs": runs,
            "obstacles": absences.out_obstacles(case, running, kind=kind),
        },
        status=422 if form.errors else 200,
    )


def _approved(outing: Outing | None) -> dict[str, Any]:
    """What stands ready on the day on which he may go to his family."""
    if outing is None:
        return {}
    return {
        "kind": AbsenceKind.HOME_VISIT,
        "where": outing.place,
        "escorts": outing.escorts,
        "paper": outing.document.number if outing.document else "",
        "expected_on": outing.returns_on,
    }


@requires(Permission.ABSENCE_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def return_create(request: Any, case_number: str) -> HttpResponse:
    """回所登记, with the first bed that fits where his own was given up."""
    case = case_in_scope(request, case_number)
    absence = absences.open_absence(case)
    if absence is None:
        return _nobody_is_out(request, case)
    free = beds.return_beds(case, on=clock.today())
    fit = beds.return_rooms(case, on=clock.today())
    form = ReturnForm(
        posted(request),
        kind=absence.kind,
        beds=free,
        rooms=fit,
        initial={"returned_at": _now()},
        drafts=request.drafts,
    )

    if form.is_valid():
        try:
            done = _come_back(request, case, form)
            messages.success(request, _done(request.user, done, form.comeback))
            return see(request, "intake:absence-list")
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    gave_up = AbsenceKind(absence.kind).status is not None
    return render(
        request,
        template_for(request, "intake/return_create.html", fragment="form"),
        {
            "case": case,
            "absence": absence,
            "form": form,
            "obstacles": beds.no_return_bed_obstacles(case)
            if gave_up and not free and not fit
            else (),
        },
        status=422 if form.errors else 200,
    )


def _come_back(request: Any, case: Case, form: ReturnForm) -> Absence:
    """Into the bed that was chosen; where his zone is full, into one that is added."""
    back, by, at = form.comeback, request.user, clock.now()
    if room := form.cleaned_data.get("room"):
        return rooms.come_back_to_extra_bed(case=case, back=back, room=room, by=by, at=at)
    bed = form.cleaned_data.get("bed")
    return rooms.come_back(case=case, back=back, bed=bed, by=by, at=at)


def _nobody_is_out(request: Any, case: Case) -> HttpResponse:
    """He is here: the page says so, and a form that was sent did nothing."""
    return render(
        request,
        template_for(request, "intake/return_create.html", fragment="form"),
        {"case": case, "absence": None, "obstacles": absences.back_obstacles(None)},
        status=422 if request.method == "POST" else 200,
    )


def _done(user: User, absence: Absence, back: Comeback) -> str:
    """What was done; of an escape with its proofs, that its days are proposed, or why they count."""
    words = f"{absence.case.person}：已办理{absence.back_label}"
    if not back.proof.begun:
        return words
    if proposal := escapes.proposals(user).filter(absence=absence).first():
        return f"{words}，已提请脱逃 {proposal.days} 日不计入期限，所领导确认前期满日不变"
    why = escapes.proved_obstacles(absence.case, absence, back.proof, on=clock.today())
    return f"{words}，没有提请脱逃期间不计入期限：{'；'.join(map(str, why))}"


def _now() -> str:
    return clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")
