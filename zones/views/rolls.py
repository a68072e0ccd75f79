"""点名册: who is in his bed, who is out and why, who moves and who leaves today."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.models import Unit, User
from rehab.permissions import Permission, requires
from rehab.web import wants_fragment
from zones.forms import RollFilterForm
from zones.selectors import musters
from zones.selectors.rollcall import roll_call, roll_units
from zones.selectors.together import lying_together


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
            "may_view": request.user.may(Permission.ROLL_VIEW),
            "may_record": request.user.may(Permission.ROLL_RECORD),
            **(_called(request.user, unit, at=clock.now()) if unit else {"roll": None}),
        },
    )


def _called(user: User, unit: Unit, *, at: datetime) -> dict[str, Any]:
    """The roll of a 大队 as it stands, who lies together though kept apart, and what was recorded today."""
    roll = roll_call(user, unit, at=at)
    reads, knows = user.may(Permission.ROLL_VIEW), user.may(Permission.KEEP_APART)
    return {
        "roll": roll,
        "together": lying_together(roll, on=clock.day_of(at)) if knows else (),
        "formers": musters.today_of(user, unit, at=at) if reads else (),
        "missed": musters.missed(user, [unit], at=at) if reads else musters.Gaps(),
    }
