"""点名 recorded: the sheet of exceptions, what was recorded, its correction, and the list of the past."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock, lists
from rehab.columns import Column, beside, day, minute
from rehab.lists import Listing
from rehab.models import Unit, User
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.sending import form_page
from rehab.web import see, template_for
from zones import actions
from zones.actions import Missing
from zones.models import Muster
from zones.muster_forms import CorrectionForm, MusterFilterForm, MusterForm, sheet_of
from zones.rules import musters as rules
from zones.selectors import musters as selectors
from zones.selectors.rollcall import roll_units
from zones.states import Standing
from zones.views import posted

NO_UNIT = Obstacle("本岗位没有可以点名的大队")
MUSTERS = Listing(
    title="点名记录",
    unit="次",
    definition="可见范围内各大队每次点名的记录，最近的在前；更正过的列更正后的一次",
    columns=(
        Column("日期", lambda one, user: day(one.on), 12, "on", ("on",), opens=True),
        Column("点名", lambda one, user: one.get_kind_display(), 10, "kind", ("kind",)),
        Column("大队", lambda one, user: one.unit.name, 16, "unit", ("unit__name",)),
        Column("应到", lambda one, user: str(one.expected), 8, "expected", ("expected",), number=True),
        Column("在场", lambda one, user: str(one.present), 8, "present", ("present",), number=True),
        Column("离所", lambda one, user: str(one.out), 8, "out", ("out",), number=True),
        Column("在途", lambda one, user: str(one.in_transit), 8, "transit", ("in_transit",), number=True),
        Column("不在场", lambda one, user: str(one.absent), 8, "absent", ("absent",), number=True),
        Column("点名时间", lambda one, user: minute(one.called_at), 18, "at", ("called_at",)),
        Column("记录人", lambda one, user: one.by.display_name, 14, "by", ("by__display_name",)),
        *beside(Column("更正", lambda one, user: "更正" if one.corrects_id else "", 8)),
    ),
    row="zones/_muster_row.html",
    empty="没有符合条件的点名记录",
)  # fmt: skip


@requires(Permission.ROLL_VIEW)
@require_safe
def muster_list(request: Any) -> HttpResponse:
    """点名记录 of one's own 大队, or of all of the facility; above it what nobody recorded."""
    units = list(roll_units(request.user))
    filters = MusterFilterForm(request.GET, units=units)
    filters.is_valid()
    given = filters.given
    asked = [unit for unit in units if given["unit"] in (None, unit.pk)]
    return lists.answer(
        request,
        MUSTERS,
        selectors.musters(request.user, **given),
        template="zones/muster_list.html",
        filters=filters,
        context={"missed": selectors.missed(request.user, asked, at=clock.now())},
        status=422 if filters.errors else 200,
    )


@requires(Permission.ROLL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def muster_create(request: Any) -> HttpResponse:
    """记录点名: everybody stands on the sheet as there; the officer marks who is not."""
    unit, at = _unit_of(request), clock.now()
    called = selectors.expected(request.user, unit, at=at) if unit else ()
    sheet = sheet_of(MusterForm, [one.case for one in called if one.standing != Standing.OUT])
    form = sheet(posted(request), initial={"kind": rules.kind_at(at)}, drafts=request.drafts)

    if form.is_valid():
        try:
            if unit is None:
                raise Refused([NO_UNIT])
            muster = actions.record_muster(
                unit=unit,
                kind=form.cleaned_data["kind"],
                absences=form.absences,
                seen=request.POST.get("seen", "").split(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
            )
            messages.success(request, f"{muster.unit}：已记录{muster.get_kind_display()}")
            return see(request, muster)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/muster_create.html", fragment="form"),
        {
            "unit": unit,
            "form": form,
            "rows": form.rows(called),
            "seen": " ".join(one.token for one in called),
            "out": sum(one.standing == Standing.OUT for one in called),
            "in_transit": sum(one.standing == Standing.IN_TRANSIT for one in called),
            "formers": selectors.today_of(request.user, unit, at=at) if unit else (),
            "at": at,
        },
        status=422 if form.errors else 200,
    )


def _unit_of(request: Any) -> Unit | None:
    """The user's own 大队, or the one that the address names of those whose roll he may call."""
    units = list(roll_units(request.user))
    named = request.GET.get("unit", "")
    return next((one for one in units if str(one.pk) == named), units[0] if units else None)


@requires(Permission.ROLL_VIEW)
@require_safe
def muster_detail(request: Any, pk: Any) -> HttpResponse:
    """One roll-call as it was recorded."""
    muster = _muster(request.user, pk)
    lines = selectors.lines_of(muster, request.user)
    return render(
        request,
        "zones/muster_detail.html",
        {
            "muster": muster,
            "corrected_by": getattr(muster, "corrected_by", None),
            "absent": [line for line in lines if line.absence],
            "alarmed": any(selectors.unexplained(line) for line in lines),
            "lines": lines,
            "hidden": muster.expected - sum(line.named for line in lines),
            "may_correct": request.user.may(Permission.ROLL_RECORD),
        },
    )


@requires(Permission.ROLL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def muster_correct(request: Any, pk: Any) -> HttpResponse:
    """更正点名: the same list with what was recorded; who is no longer seen stays as he was recorded."""
    muster = _muster(request.user, pk)
    lines = selectors.lines_of(muster, request.user)
    shown = [line for line in lines if line.named and line.standing != Standing.OUT]
    form = sheet_of(CorrectionForm, [line.case for line in shown])(
        posted(request),
        initial={
            name: value
            for line in shown
            for name, value in (
                (f"absence_{line.case.number}", line.absence),
                (f"note_{line.case.number}", line.note or ""),
            )
        },
        drafts=request.drafts,
    )

    if form.is_valid():
        kept = {
            line.case_id: Missing(line.absence, line.note or "")
            for line in lines
            if line.absence and not line.named
        }
        try:
            corrected = actions.correct_muster(
                muster=muster,
                absences=kept | form.absences,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, f"{muster.unit}：已更正{muster.get_kind_display()}")
            return see(request, corrected)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/muster_correct.html", fragment="form"),
        {"muster": muster, "form": form, "rows": form.rows(shown)},
        status=422 if form.errors else 200,
    )


def _muster(user: User, pk: Any) -> Any:
    rows = Muster.objects.visible_to(user).select_related(
        "unit", "by", "corrects", "corrected_by__by"
    )
    return get_object_or_404(rows, pk=pk)
