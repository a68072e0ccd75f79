"""期限体检: a sheet is looked through and forgotten; nothing of it is kept (ADR-0033)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import people
from intake.checkup_forms import CheckupForm
from intake.checkup_sheets import empty_sheet, found_sheet
from intake.corrections import XLSX
from intake.rules.checkup import check
from intake.rules.checkup.findings import KIND_LABELS
from intake.sheets import NoSheet
from intake.views.arrivals import posted
from rehab import clock
from rehab.permissions import Permission, requires
from rehab.selectors.term import end_convention
from rehab.web import template_for

SHOWN = 500  # findings on the page; the workbook has them all


@requires(Permission.TERM_CHECK)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def checkup_create(request: Any) -> HttpResponse:
    form = CheckupForm(posted(request), request.FILES or None, initial={"as_of": clock.today()})
    checkup = None

    if form.is_valid():
        try:
            sheet = people.read(form.cleaned_data["file"].read())
            on, printed = form.cleaned_data["as_of"], end_convention(request.user)
            checkup = check(sheet, on=on, convention=printed)
        except NoSheet as error:
            form.add_error("file", f"“人员表”：{error}")
    if checkup and request.POST.get("act") == "export":
        return _download(found_sheet(checkup), f"期限体检 {checkup.on}.xlsx")

    kind = form.cleaned_data.get("kind") if checkup else None
    findings = checkup.of(kind) if checkup else ()
    answer = render(
        request,
        template_for(request, "intake/checkup_create.html", fragment="checkup"),
        {
            "form": form,
            "checkup": checkup,
            "kinds": [(kind, KIND_LABELS[kind], n) for kind, n in checkup.by_kind.items()]
            if checkup
            else [],
            "kind": kind,
            "findings": findings[:SHOWN],
            "more": len(findings) - SHOWN,
        },
        status=422 if form.errors else 200,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(Permission.TERM_CHECK)
@require_GET
def checkup_sheet(request: Any) -> HttpResponse:
    """The empty sheet with the titles that are known best."""
    return _download(empty_sheet(), "期限体检空表.xlsx")


def _download(workbook: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        workbook,
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "no-store",
        },
    )
