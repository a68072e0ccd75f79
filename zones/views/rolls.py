"""点名册: who is in his bed, who is out and why, who moves and who leaves today."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.permissions import Permission, requires
from rehab.web import wants_fragment
from zones.forms import RollFilterForm
from zones.selectors.rollcall import roll_call, roll_units


@requires(Permission.ZONE_MOVE_VIEW)
@require_safe
@vary_on_headers("HX-Request")
def roll_detail(request: Any) -> HttpResponse:
    """点名册 of the user's own 大队, or of one that he chooses; prints on A4. Its head alone for the home."""
    units = list(roll_units(request.user))
    filters = RollFilterForm(request.GET, units=units)
    chosen = filters.cleaned_data["unit"] if filters.is_valid() else ""
    unit = next((one for one in units if str(one.pk) == chosen), units[0] if units else None)
    page = "zones/_roll_home.html" if wants_fragment(request) else "zones/roll_detail.html"
    return render(
        request,
        page,
        {
            "filters": filters,
            "choose": len(units) > 1,
            "unit": unit,
            "roll": roll_call(request.user, unit, at=clock.now()) if unit else None,
        },
    )
