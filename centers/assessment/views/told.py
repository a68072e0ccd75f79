"""本人情况告知单 of one person: for the printer, that he was told, and the scan of what he signed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages, told_clocks
from centers.assessment import actions, selectors
from centers.assessment.telling_forms import (
    ScanForm,
    SheetForm,
    TellingForm,
    TellingWithdrawalForm,
)
from centers.models import Telling
from rehab import clock, readings
from rehab.actions import papers
from rehab.ledgers.documents import languages_read
from rehab.ledgers.wordings import LANGUAGES
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.rules.scans import media_type
from rehab.selectors import police_serving
from rehab.sending import form_page
from rehab.views.documents import pdf
from rehab.web import see, template_for

NO_SHEET = Obstacle("还没有给本人制作告知单，请先打印告知单")


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
@never_cache
@form_page
def told_print(request: Any, case_number: str) -> HttpResponse:
    """What the sheet will say, and one press for the printer. Whoever comes back finds the sheet that stands."""
    case = pages.case_or_404(request, case_number)
    if request.method != "POST":
        return _page(request, case)
    form = SheetForm(request.POST, initial={"language": languages_read([case])[case.pk]})
    if form.is_valid():
        try:
            sheet = actions.tell_person(
                case=case,
                by=request.user,
                at=clock.now(),
                language=form.cleaned_data["language"] or None,
            )
            body = papers.print_documents(
                documents=[sheet], by=request.user, really_at=clock.real_now()
            )
            return pdf(body, name=f"told-{case.number}")
        except Refused as caught:
            return _page(request, case, refused=caught.obstacles, status=409)
    return _page(request, case, printing=form, status=422)


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@form_page
def telling_create(request: Any, case_number: str) -> HttpResponse:
    """登记告知: one person was told, in his language, and signed or refused."""
    case = pages.case_or_404(request, case_number)
    if request.method != "POST":
        return _page(request, case)
    form = _form(request, case, request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.record_telling(
                case=case,
                sheet=selectors.sheet_of(case, form.cleaned_data["sheet"]),
                told=form.told,
                by=request.user,
                at=clock.now(),
                scan=form.cleaned_data["scan"],
            )
            messages.success(request, f"已登记：{case.person.name}已告知")
            return see(request, "centers:told-print", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return _page(request, case, telling=form, status=422)


def _form(request: Any, case: Case, sent: Any = None, files: Any = None) -> TellingForm:
    """What is proposed: the sheet that stands, now, in the language in which he was told his rights."""
    sheet = selectors.sheets_of([case]).get(case.pk)
    return TellingForm(
        sent,
        files,
        staff=police_serving(case.facility_id).exclude(pk=request.user.pk),
        initial={
            "sheet": sheet.pk if sheet else None,
            "told_at": clock.now(),
            "language": _language(case, sheet),
        },
        drafts=request.drafts,
    )


def _language(case: Case, sheet: Any) -> str:
    """That of the sheet, else that in which he was told his rights."""
    if sheet is None:
        return languages_read([case])[case.pk]
    spoken = sheet.facts.get("language")
    return next((code for code, name in LANGUAGES.items() if name == spoken), "zh")


def _page(
    request: Any,
    case: Case,
    *,
    printing: SheetForm | None = None,
    telling: TellingForm | None = None,
    refused: tuple[Obstacle, ...] = (),
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    on = clock.day_of(at)
    form = telling or _form(request, case)
    language = str(form.initial["language"])
    with readings.once():
        obstacles = refused or selectors.told_obstacles(case, on=on)
        sheet = None if obstacles else selectors.told_facts(case, on=on, language=language)
        owed = told_clocks.owed(selectors.files([case])[case.pk], at=at)
    return render(
        request,
        template_for(request, "centers/told_print.html", fragment="form"),
        {
            "case": case,
            "obstacles": obstacles,
            "sheet": sheet,
            "printing": printing or SheetForm(initial={"language": language}),
            "form": form,
            "cannot": () if form["sheet"].value() else (NO_SHEET,),
            "owed": [(told_clocks.cause_of(one.cycle), one) for one in owed],
            "tellings": _said(case),
            "today": on,
        },
        status=status,
    )


def _said(case: Case) -> list[Any]:
    """Every telling of his, with the name of its language."""
    found: list[Any] = list(selectors.tellings_of(case))
    for one in found:
        one.spoken = LANGUAGES[one.language]
    return found


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def scan_create(request: Any, pk: Any) -> HttpResponse:
    """上传签名扫描件 of a telling that is on record."""
    telling = _telling(request, pk)
    form = ScanForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        drafts=request.drafts,
    )
    if form.is_valid():
        try:
            actions.add_telling_scan(
                telling=telling, scan=form.cleaned_data["scan"], by=request.user, at=clock.now()
            )
            messages.success(request, "已上传签名扫描件")
            return see(request, "centers:told-print", telling.case.number)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _of_telling(request, "centers/scan_create.html", telling, form)


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def telling_withdraw(request: Any, pk: Any) -> HttpResponse:
    """撤回告知登记 that was entered for the wrong person."""
    telling = _telling(request, pk)
    form = TellingWithdrawalForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts
    )
    if form.is_valid():
        try:
            actions.withdraw_telling(
                telling=telling, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, "已撤回告知登记，请按实际情况重新告知")
            return see(request, "centers:told-print", telling.case.number)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _of_telling(request, "centers/telling_withdraw.html", telling, form)


def _telling(request: Any, pk: Any) -> Telling:
    seen = Telling.objects.visible_to(request.user)
    whole = seen.select_related("case__person", "by", "sheet").defer("sheet__body", "sheet__facts")
    return get_object_or_404(whole, pk=pk)


def _of_telling(request: Any, template: str, telling: Telling, form: Any) -> HttpResponse:
    withdrawn = (Obstacle("这条告知登记已经撤回"),) if telling.withdrawn_at else ()
    return render(
        request,
        template_for(request, template, fragment="form"),
        {"telling": telling, "case": telling.case, "form": form, "obstacles": withdrawn},
        status=422 if form.errors else 200,
    )


@requires(Permission.PERSON_TELL)
@require_GET
def scan_detail(request: Any, pk: Any) -> HttpResponse:
    """The signed sheet as it was scanned; that it was opened is kept."""
    scan = get_object_or_404(selectors.scans_seen(request.user), pk=pk)
    papers.record_opening(
        document=scan.telling.sheet, by=request.user, really_at=clock.real_now(), part="签名扫描件"
    )
    body = bytes(scan.scan)
    return HttpResponse(
        body,
        content_type=media_type(body),
        headers={
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
        },
    )
