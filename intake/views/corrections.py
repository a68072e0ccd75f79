"""Sheets of an entry read version by version, and put right."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.correction_forms import (
    BelongingsCorrectionForm,
    HealthSheetCorrectionForm,
    initial_of_register,
    initial_of_sheet,
)
from intake.rules.body import REGIONS
from intake.selectors import sheets
from intake.views.arrivals import posted
from intake.views.sheets import case_in_scope
from rehab import clock
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.photos import media_type
from rehab.selectors import police_serving
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.MEDICAL_VIEW, Permission.ARRIVAL_DECIDE)
@require_GET
def health_sheet_detail(request: Any, case_number: str) -> HttpResponse:
    """What was found on entry, the newest version and those before it."""
    case = case_in_scope(request, case_number)
    versions = sheets.health_sheets(case)
    asked = request.GET.get("version", "")
    chosen = next((one for one in versions if str(one.version) == asked), None)
    sheet = chosen or next(iter(versions), None)
    return render(
        request,
        "intake/health_sheet_detail.html",
        {
            "case": case,
            "sheet": sheet,
            "versions": versions,
            "injuries": _injuries(sheet) if sheet else (),
            "signatures": sheets.signatures_of(sheet, versions) if sheet else "",
            "can_open_documents": request.user.may(Permission.DOCUMENT_VIEW),
            "can_correct": bool(sheet) and request.user.may(Permission.MEDICAL_RECORD),
        },
    )


def _injuries(sheet: Any) -> list[dict[str, Any]]:
    photos = {one.number: one.pk for one in sheet.photos.all()}
    return [
        one | {"number": number, "region": REGIONS[one["region"]], "photo": photos.get(number)}
        for number, one in enumerate(sheet.injuries, start=1)
    ]


@requires(Permission.MEDICAL_VIEW, Permission.ARRIVAL_DECIDE)
@require_GET
def injury_photo_detail(request: Any, pk: Any) -> HttpResponse:
    """The photo of one injury, for those who may see the sheet."""
    photo: Any = get_object_or_404(sheets.injury_photos(request.user), pk=pk).photo
    return HttpResponse(
        photo,
        content_type=media_type(photo),
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


@requires(Permission.MEDICAL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def health_sheet_correct(request: Any, case_number: str) -> HttpResponse:
    """更正入所健康检查表, from what stands."""
    case = case_in_scope(request, case_number)
    standing = sheets.health_sheet_of(case)
    if standing is None:
        return redirect("intake:health-sheet-detail", case.number)
    form = HealthSheetCorrectionForm(
        posted(request),
        request.FILES or None,
        sex=case.person.sex,
        photos=sheets.photos_of(standing),
        initial=initial_of_sheet(standing),
        drafts=request.drafts,
    )

    if form.is_valid():
        typed = form.cleaned_data
        try:
            row = actions.correct_health_sheet(
                case=case, sheet=form.sheet, checked_at=typed["checked_at"],
                opened=typed["opened"], why=typed["why"], by=request.user, at=clock.now(),
            )  # fmt: skip
            times = row.version - 1
            messages.success(request, f"{case.person.name}：检查表第 {times} 次更正，请重新打印")
            return see(request, "intake:health-sheet-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "intake/health_sheet_correct.html", fragment="form"),
        {"case": case, "form": form, "standing": standing},
        status=422 if form.errors else 200,
    )


@requires(Permission.ARRIVAL_DECIDE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def belongings_correct(request: Any, case_number: str) -> HttpResponse:
    """更正物品登记, from what stands, by two officers."""
    case = case_in_scope(request, case_number)
    standing = sheets.register_of(case)
    if standing is None:
        return redirect("intake:belongings-detail", case.number)
    form = BelongingsCorrectionForm(
        posted(request),
        request.FILES or None,
        staff=[one for one in police_serving(case.facility_id) if one.pk != request.user.pk],
        photos=sheets.item_photos(standing),
        initial=initial_of_register(standing, sheets.belongings_of(standing)),
        drafts=request.drafts,
    )

    if form.is_valid():
        typed = form.cleaned_data
        try:
            row = actions.correct_belongings(
                case=case, register=form.register, registered_at=typed["registered_at"],
                opened=typed["opened"], why=typed["why"], second=typed["second"],
                by=request.user, at=clock.now(),
            )  # fmt: skip
            times = row.version - 1
            messages.success(
                request, f"{case.person.name}：物品登记第 {times} 次更正，请重新打印清单"
            )
            return see(request, "intake:belongings-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "intake/belongings_correct.html", fragment="form"),
        {"case": case, "form": form, "standing": standing},
        status=422 if form.errors else 200,
    )
