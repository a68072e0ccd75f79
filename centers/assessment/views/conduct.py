"""Monthly conduct: a sheet for the whole 大队, a sheet for one person, and the second signature."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.assessment import actions, rules, selectors
from centers.assessment.forms import ConductFilters, ConfirmForm, Line, sheet_for
from rehab import clock, lists
from rehab.changing import status_of
from rehab.columns import Column
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for

CONDUCT = Listing(
    title="行为表现月考核表",
    unit="人",
    definition="可见范围内当月应考核的在册人员，和本月、上月的得分",
    columns=(
        *pages.WHO,
        Column("上月", lambda case, user: _mark(case.former), 8, number=True),
        Column("本月得分", lambda case, user: _mark(case.row), 10),
        Column("评定", lambda case, user: case.row.by.display_name if case.row else "待评"),
        Column("复核", lambda case, user: _second(case.row)),
    ),
    per_page=200,  # people on one sheet: more than the largest 大队
    empty="本月没有应考核的人员",
    hint="考核教育适应区、康复巩固区、回归指导区的在册人员",
)
ACTS = {"mark": Permission.CONDUCT_MARK, "confirm": Permission.CONDUCT_CONFIRM}


@requires(Permission.CONDUCT_VIEW)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conduct_list(request):
    month = _month(request)
    filters = ConductFilters({**request.GET.dict(), "month": f"{month:%Y-%m}"})
    people = selectors.own_people(pages.people(request), request.user)
    people = pages.in_zone(selectors.to_mark(people, month), filters.chosen("zone"))
    shown = lists.listed(
        request,
        CONDUCT,
        people,
        filters=filters,
        dress=lambda cases: _marked(cases, month, request.user),
    )
    if request.method == "GET" and (taken := lists.taken_out(request, shown)):
        return taken
    cases = {case.number: case for case in shown.lines}
    act = _act(request)
    sheet = _sheet(cases)(request.POST if act == "mark" else None, drafts=request.drafts)
    confirm = ConfirmForm(
        request.POST if act == "confirm" else None,
        waiting=selectors.unconfirmed(cases.values(), month),
    )

    if sheet.is_valid():
        marks = [
            actions.MonthMark(cases[number], month, mark) for number, mark in sheet.marks.items()
        ]
        try:
            actions.mark_conduct(
                marks=marks,
                seen={(one.case.pk, month): sheet.now[one.case.number] for one in marks},
                by=request.user,
                at=clock.now(),
            )
            _say_what_was_left(request, sheet)
            messages.success(request, f"已评定 {len(marks)} 人的 {month:%Y-%m} 月考核")
            return see(request, request.get_full_path())
        except Refused as refused:
            sheet.add_error(None, str(refused))
    if confirm.is_valid():
        try:
            signed = actions.confirm_conduct(
                months=confirm.cleaned_data["months"], by=request.user, at=clock.now()
            )
            messages.success(request, f"已复核 {len(signed)} 人的 {month:%Y-%m} 月考核")
            return see(request, request.get_full_path())
        except Refused as refused:
            confirm.add_error(None, str(refused))

    for number, case in cases.items():
        case.field = sheet[number]
    page = render(
        request,
        template_for(request, "centers/conduct_list.html", fragment="sheet"),
        lists.context_of(shown)
        | {
            "month": month,
            "before": rules.month_before(month),
            "after": _after(month),
            "query": _query(request, month),
            "sheet": sheet,
            "confirm": confirm,
            "may_mark": request.user.may(Permission.CONDUCT_MARK),
            "may_confirm": request.user.may(Permission.CONDUCT_CONFIRM),
            "due_at": rules.mark_due_at(month),
        },
        status=status_of(sheet if sheet.errors else confirm),
    )
    return lists.stay(request, page) if request.method == "GET" else page


def _query(request, month):
    """The address of the sheet, which stays that of its month."""
    kept = request.GET.copy()
    kept.pop("page", None)
    kept["month"] = f"{month:%Y-%m}"
    return kept.urlencode()


def _say_what_was_left(request, sheet):
    if sheet.left_as_found:
        messages.warning(request, sheet.left_as_found_words)


def _act(request):
    """Which of the two acts of the page was sent; each has a permission of its own."""
    if request.method != "POST":
        return None
    act = "confirm" if request.POST.get("act") == "confirm" else "mark"
    if not request.user.may(ACTS[act]):
        raise PermissionDenied
    return act


def _month(request):
    """The month of the address, or the latest that may be marked."""
    latest = rules.markable_month(clock.today())
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return latest
    return min(max(asked, date(2000, 1, 1)), latest)


def _after(month):
    return None if month >= rules.markable_month(clock.today()) else rules.month_after(month)


def _marked(cases, month, user):
    """Each case with its row of the month, that of the month before, and whether the user marked it."""
    months = selectors.marks_of(cases, [month, rules.month_before(month)])
    for case in cases:
        case.row = months.get((case.pk, month))
        case.former = months.get((case.pk, rules.month_before(month)))
        case.mine = case.row is not None and case.row.by_id == user.pk
        case.part_month = selectors.is_part_of(case, month)
    return cases


def _mark(row):
    return str(row.mark) if row else ""


def _second(row):
    if row is None:
        return ""
    return row.confirmed_by.display_name if row.confirmed_at else "待复核"


def _sheet(cases):
    return sheet_for([Line(number, case.person.name, case.row) for number, case in cases.items()])


@requires(Permission.CONDUCT_MARK)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conduct_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    rows = {row.month: row for row in selectors.months_of(case)}
    file = selectors.files([case])[case.pk]
    months = {
        month.isoformat(): month for month in rules.markable_months(file.stays, on=clock.today())
    }
    lines = [Line(key, f"{month:%Y-%m}", rows.get(month)) for key, month in months.items()]
    sheet = sheet_for(lines)(request.POST or None, drafts=request.drafts)

    if sheet.is_valid():
        marks = [actions.MonthMark(case, months[key], mark) for key, mark in sheet.marks.items()]
        try:
            actions.mark_conduct(
                marks=marks,
                seen={(case.pk, one.month): sheet.now[one.month.isoformat()] for one in marks},
                by=request.user,
                at=clock.now(),
            )
            _say_what_was_left(request, sheet)
            messages.success(request, f"已评定 {case.person.name} {len(marks)} 个月的月考核")
            return see(request, case)
        except Refused as refused:
            sheet.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/conduct_create.html", fragment="form"),
        {
            "case": case,
            "form": sheet,
            "lines": [(sheet[key], rows.get(month)) for key, month in months.items()],
        },
        status=status_of(sheet),
    )


@requires(Permission.CONDUCT_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def conduct_confirm(request, case_number):
    case = pages.case_or_404(request, case_number)
    waiting = selectors.months_of(case).filter(confirmed_at=None)
    form = ConfirmForm(request.POST or None, waiting=waiting)

    if form.is_valid():
        try:
            signed = actions.confirm_conduct(
                months=form.cleaned_data["months"], by=request.user, at=clock.now()
            )
            messages.success(request, f"已复核 {case.person.name} {len(signed)} 个月的月考核")
            return see(request, case)
        except Refused as refused:
            form.add_error(None, str(refused))

    rows = list(waiting)
    return render(
        request,
        template_for(request, "centers/conduct_confirm.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "rows": [(row, row.by_id == request.user.pk) for row in rows],
            "obstacles": _confirm_obstacles(rows, request.user),
        },
        status=422 if form.errors else 200,
    )


def _confirm_obstacles(rows, user):
    """Reasons that no month at all can be signed by this officer."""
    if any(row.by_id != user.pk for row in rows):
        return ()
    return rules.confirm_obstacles(confirmed=not rows, same_person=bool(rows))
