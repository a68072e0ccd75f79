"""本人情况告知单 for the printer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from centers import pages
from centers.assessment import actions, selectors
from rehab import clock
from rehab.actions.papers import print_documents
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.views.documents import pdf


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
def told_print(request: Any, case_number: str) -> HttpResponse:
    """What the sheet will say, and one press for the printer."""
    case = pages.case_or_404(request, case_number)
    refused: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            sheet = actions.tell_person(case=case, by=request.user, at=clock.now())
            body = print_documents(documents=[sheet], by=request.user, really_at=clock.real_now())
            return pdf(body, name=f"told-{case.number}")
        except Refused as caught:
            refused = caught.obstacles
    on = clock.today()
    obstacles = refused or selectors.told_obstacles(case, on=on)
    return render(
        request,
        "centers/told_print.html",
        {
            "case": case,
            "obstacles": obstacles,
            "sheet": None if obstacles else selectors.told_facts(case, on=on),
        },
        status=409 if refused else 200,
    )
