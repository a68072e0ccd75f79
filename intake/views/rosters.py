"""移送名册: upload, dry run, import with a receipt, correction sheet."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.corrections import XLSX, FaultyLine, correction_sheet
from intake.forms import RosterCommitForm, RosterForm
from intake.models import Roster, RosterRow
from intake.selectors import rosters
from intake.views.arrivals import posted
from rehab import clock, lists
from rehab.columns import Column, beside, day, minute
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.sending import form_page
from rehab.web import see, template_for


def _counted(name):
    """The number of lines of one kind; nothing before the roster is imported."""
    return lambda one, user: str(getattr(one, name)) if one.imported_at else ""


def _receipt(one):
    """The number of an import, and that it was taken back."""
    return f"{one.receipt}（已撤回）" if one.withdrawn_at else one.receipt or "尚未导入"


PAGE = 50  # lines of a dry run

ROSTERS = Listing(
    title="移送名册",
    unit="份",
    definition="可见范围内的移送名册，和导入的结果",
    columns=(
        Column("名册日期", lambda one, user: day(one.as_of), 12, "as_of", ("as_of",)),
        Column("文件", lambda one, user: str(one.file_name), 30),
        *beside(
            Column("上传人", lambda one, user: one.uploaded_by.display_name),
            Column("上传时间", lambda one, user: minute(one.uploaded_at), 18),
        ),
        Column("移交单位", lambda one, user: one.sent_by, 24, "sent_by", ("sent_by",)),
        *(
            Column(title, _counted(name), 10, name, (name,), number=True)
            for title, name in (
                ("可接收", "accepted"), ("须核对", "warned"), ("只能不予接收", "refusable"),
                ("退回更正", "returned"),
            )
        ),
        Column("回执", lambda one, user: _receipt(one), 24, "receipt", ("receipt",)),
    ),
    row="intake/_roster_row.html",
    empty="还没有名册",
    hint="上传公安机关移送的 .xlsx 或 .csv 名册，核对后导入",
)  # fmt: skip
LINES = Listing(
    title="名册回执",
    unit="行",
    definition="名册各行和判定",
    columns=(
        Column("行", lambda row, user: str(row.line), 6, "line", ("line",), number=True),
        Column("姓名", lambda row, user: row.cells.get("姓名", "")),
        Column("判定", lambda row, user: row.get_outcome_display(), 10, "outcome", ("outcome",)),
        Column("问题", lambda row, user: _problems(row), 60),
        Column("现在", lambda row, user: _now(row)),
    ),
    row="intake/_line_row.html",
    empty="没有这一类的行",
)


def _problems(row):
    return "；".join(f"{one['field']}：{one['message']}" for one in row.problems)


def _now(row):
    arrival = getattr(row, "arrival", None)
    return arrival.get_status_display() if arrival else "退回更正"


@requires(Permission.ROSTER_VIEW)
@require_GET
def roster_list(request: Any) -> HttpResponse:
    seen = Roster.objects.visible_to(request.user).defer("file")
    seen = seen.select_related("facility", "uploaded_by", "imported_by")
    return lists.answer(
        request,
        ROSTERS,
        seen.order_by("-uploaded_at", "pk"),
        template="intake/roster_list.html",
        context={"can_import": request.user.may(Permission.ROSTER_IMPORT)},
    )


@requires(Permission.ROSTER_IMPORT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def roster_create(request: Any) -> HttpResponse:
    form = RosterForm(
        posted(request),
        request.FILES or None,
        initial={"as_of": clock.today()},
        drafts=request.drafts,
    )

    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster = actions.upload_roster(
                facility=request.user.facility,
                content=file.read(),
                file_name=file.name,
                as_of=form.cleaned_data["as_of"],
                by=request.user,
                at=clock.now(),
            )
            return see(request, roster)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "intake/roster_create.html", fragment="form"),
        {"form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.ROSTER_VIEW)
@require_GET
@form_page
def roster_detail(request: Any, pk: Any) -> HttpResponse:
    """The dry run of a roster that waits, the receipt of one that was imported."""
    roster = roster_in_scope(request, pk)
    if roster.imported_at is None:
        return _dry_run_page(request, roster, answers=None)
    rows = roster.rows.select_related("arrival").order_by("line")
    if outcome := _outcome(request):
        rows = rows.filter(outcome=outcome)
    return lists.answer(
        request,
        replace(LINES, title=f"名册回执 {roster.receipt}"),
        rows,
        template="intake/roster_detail.html",
        about=RosterRow.Outcome(outcome).label if outcome else "",
        context={
            "roster": roster,
            "outcome": outcome,
            "can_import": request.user.may(Permission.ROSTER_IMPORT),
            "obstacles": _withdrawal_obstacles(roster),
        },
    )


def _withdrawal_obstacles(roster: Roster) -> tuple[Obstacle, ...]:
    """Why the button is grey; nothing is asked of a roster that is gone."""
    if roster.withdrawn_at is not None:
        return ()
    return rosters.withdrawal_obstacles(roster, rosters.decided_of(roster))


@requires(Permission.ROSTER_IMPORT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def roster_commit(request: Any, pk: Any) -> HttpResponse:
    roster = roster_in_scope(request, pk)
    if request.method == "GET":
        return redirect(roster)
    form = RosterCommitForm(request.POST)

    if form.is_valid():
        try:
            roster = actions.import_roster(
                roster=roster, answers=form.answers, by=request.user, at=clock.now(),
                invented=settings.DEMO,
            )  # fmt: skip
            made, receipt = roster.arrivals_made, roster.receipt
            messages.success(request, f"已导入 {made} 人，回执号 {receipt}")
            return see(request, roster)
        except Refused as refused:
            return _dry_run_page(request, roster, answers=request.POST, refused=refused)

    return _dry_run_page(request, roster, answers=request.POST)


@requires(Permission.ROSTER_IMPORT)
@require_GET
def roster_corrections(request: Any, pk: Any) -> HttpResponse:
    """The lines that go back to the sender, as a workbook."""
    roster = roster_in_scope(request, pk)
    sheet = correction_sheet(_faulty_lines(roster))
    name = f"corrections-{roster.receipt or roster.pk}.xlsx"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(sheet, content_type=XLSX, headers=headers)


def _faulty_lines(roster: Roster) -> list[FaultyLine]:
    if roster.imported_at is not None:
        return [_faulty(row) for row in rosters.faulty_rows(roster)]
    run = rosters.dry_run(roster.facility, bytes(roster.file), as_of=roster.as_of)
    texts = {row.line: row.texts() for row in run.file.rows}
    return [
        FaultyLine(
            verdict.line,
            texts[verdict.line],
            [f"{problem.field}：{problem.message}" for problem in verdict.problems],
        )
        for verdict in run.verdicts
        if not verdict.becomes_arrival
    ]


def _faulty(row: Any) -> FaultyLine:
    reasons = [f"{problem['field']}：{problem['message']}" for problem in row.problems]
    return FaultyLine(row.line, row.cells, reasons)


def roster_in_scope(request: Any, pk: Any) -> Roster:
    """The roster, with everybody its pages name, or 404."""
    seen = Roster.objects.visible_to(request.user)
    seen = seen.select_related("facility", "uploaded_by", "imported_by", "withdrawn_by")
    return get_object_or_404(seen, pk=pk)


def _outcome(request: Any) -> str:
    """Which lines are asked for; none in particular for any other word."""
    asked = request.GET.get("outcome", "")
    return asked if asked in RosterRow.Outcome.values else ""


def _dry_run_page(
    request: Any, roster: Roster, *, answers: Any, refused: Refused | None = None
) -> HttpResponse:
    """Every problem of every line, before anything is written."""
    run = rosters.dry_run(roster.facility, bytes(roster.file), as_of=roster.as_of)
    form = RosterCommitForm(answers, cautions=run.cautions, drafts=request.drafts)
    if answers is not None:
        form.is_valid()
        for obstacle in refused.obstacles if refused else ():
            form.add_error(None, str(obstacle))
    names = {row.line: row.texts().get("姓名", "") for row in run.file.rows}
    outcome = _outcome(request)
    shown = [
        verdict
        for verdict in run.verdicts
        if (verdict.outcome.value == outcome if outcome else verdict.problems)
    ]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        template_for(request, "intake/roster_dry_run.html", fragment="form"),
        {
            "roster": roster,
            "run": run,
            "form": form,
            "page": page,
            "rows": [(verdict, names[verdict.line]) for verdict in page],
            "outcome": outcome,
            "query": f"outcome={outcome}" if outcome else "",
            "can_import": request.user.may(Permission.ROSTER_IMPORT),
        },
        status=422 if answers is not None else 200,
    )
