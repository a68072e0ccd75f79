"""调整床位 within the zone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.selectors import apart_obstacles, persons
from rehab.selectors.apart import company_of
from rehab.sending import form_page
from rehab.web import see, template_for
from zones import actions, selectors
from zones.forms import BedChangeForm
from zones.states import BedGround
from zones.views import posted


@requires(Permission.BED_CHANGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def bed_change(request: Any, case_number: str) -> HttpResponse:
    """Another bed for somebody of the zone, and why."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related(
            "person", "zone", "unit", "facility", "receiving_unit"
        ),
        number=case_number,
    )
    on = clock.today()
    lies_in = persons.placed(case).get(False)
    unfit = apart_obstacles(case, lies_in, on=on) if lies_in else ()
    together = company_of([case], on=on).obstacles(case, lies_in) if lies_in else ()
    beds = selectors.other_beds(case, on=on)
    form = BedChangeForm(
        posted(request),
        beds=beds,
        drafts=request.drafts,
        initial={"ground": BedGround.OF_AGE if unfit else BedGround.OTHER},
    )

    if form.is_valid():
        sent = form.cleaned_data
        try:
            actions.change_bed(
                case=case,
                bed=sent["bed"],
                ground=BedGround(sent["ground"]),
                reason=sent["reason"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, f"{case.person}：已改住{sent['bed']}")
            return see(request, case)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "zones/bed_change.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "lies_in": lies_in,
            "unfit": unfit,
            "together": together,
            "obstacles": () if beds else selectors.no_other_bed_obstacles(case),
        },
        status=422 if form.errors else 200,
    )
