"""撤回名册: an import taken back, while nobody of it was decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.forms import RosterWithdrawalForm
from intake.selectors import rosters
from intake.views.arrivals import posted
from intake.views.rosters import roster_in_scope
from rehab import clock
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.ROSTER_IMPORT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def roster_withdraw(request: Any, pk: Any) -> HttpResponse:
    roster = roster_in_scope(request, pk)
    form = RosterWithdrawalForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            actions.withdraw_roster(
                roster=roster, by=request.user, at=clock.now(), **form.cleaned_data
            )
            gone = roster.arrivals_made
            messages.success(request, f"名册 {roster.receipt} 已撤回，{gone} 人不再待收")
            return see(request, roster)
        except Refused as refused:
            form.add_error(None, str(refused))

    obstacles = rosters.withdrawal_obstacles(roster, rosters.decided_of(roster))
    return render(
        request,
        template_for(request, "intake/roster_withdraw.html", fragment="form"),
        {"roster": roster, "form": form, "obstacles": obstacles},
        status=422 if form.errors else 200,
    )
