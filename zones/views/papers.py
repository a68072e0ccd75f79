"""转区交接单 for the printer."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rehab import clock
from rehab.actions.papers import print_documents
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.views.documents import pdf
from rehab.web import see
from zones import actions
from zones.forms import SignatureBatchForm
from zones.models import ZoneMove
from zones.views.moves import board_page


@requires(Permission.ZONE_MOVE_PROPOSE, Permission.ZONE_MOVE_APPROVE, Permission.ZONE_MOVE_RECEIVE)
@require_http_methods(["GET", "POST"])
def handover_print(request: Any) -> HttpResponse:
    """打印转区交接单 for those ticked: a sheet for each 大队 that receives, as one file."""
    if request.method == "GET":
        return see(request, "zones:move-list")
    form = SignatureBatchForm(request.POST, moves=ZoneMove.objects.visible_to(request.user))
    if form.is_valid():
        try:
            sheets = actions.make_handover_sheets(
                moves=form.cleaned_data["moves"], by=request.user, at=clock.now()
            )
            body = print_documents(documents=sheets, by=request.user, really_at=clock.real_now())
            return pdf(body, name="handover")
        except Refused as refused:
            form.add_error(None, str(refused))
    return board_page(request, form)
