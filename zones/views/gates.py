"""转所 at the gates: handed over at one, received at the other or taken back, and the family told."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.models import Bed, Room
from rehab.permissions import Permission, requires
from rehab.sending import form_page
from zones import actions
from zones.rules import transfers as rules
from zones.selectors import arrivals
from zones.selectors import transfers as selectors
from zones.states import ToldBy, TransferStatus
from zones.transfer_forms import FamilyForm, HandOverForm, ReceptionForm
from zones.views import posted
from zones.views.transfers import answer, one


@requires(Permission.TRANSFER_HAND_OVER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def transfer_depart(request: Any, pk: Any) -> HttpResponse:
    """移交, as he leaves."""
    transfer = one(request, pk)
    form = HandOverForm(
        posted(request),
        initial={"escorts": request.user.display_name},
        drafts=request.drafts,
    )

    def hand_over() -> str:
        actions.hand_over(
            transfer=transfer, handover=form.handover, by=request.user, at=clock.now()
        )
        return "已移交，床位已腾出，交接单已编号；请打印交接单随人带走"

    obstacles = selectors.departure_obstacles(transfer, by=request.user, on=clock.today())
    return answer(request, transfer, form, hand_over, "transfer_depart", obstacles)


@requires(Permission.TRANSFER_HAND_OVER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def transfer_receive(request: Any, pk: Any) -> HttpResponse:
    """接收 at the other gate, or 接回 at the first."""
    transfer, user = one(request, pk), request.user
    back = selectors.arrival_status(transfer, user) == TransferStatus.TAKEN_BACK
    facility = selectors.arrives_at(transfer, user)
    obstacles = selectors.reception_obstacles(transfer, by=user)
    beds: QuerySet[Bed] = Bed.objects.none()
    rooms: QuerySet[Room] = Room.objects.none()
    if not obstacles:  # otherwise the file may be another facility's already
        beds = arrivals.arrival_beds(transfer, facility, on=clock.today())
        rooms = arrivals.arrival_rooms(transfer, facility, on=clock.today())
    form = ReceptionForm(
        posted(request),
        beds=beds,
        rooms=rooms,
        initial={name: getattr(transfer, name) for name in rules.COUNTED},
        drafts=request.drafts,
    )

    def receive() -> str:
        facts = {"reception": form.reception, "by": user, "at": clock.now()}
        if room := form.cleaned_data.get("room"):
            actions.arrive_at_extra_bed(transfer=transfer, room=room, **facts)
        else:
            act = actions.take_back if back else actions.receive_transfer
            act(transfer=transfer, bed=form.cleaned_data["bed"], **facts)
        return "已接回，住原区" if back else "已接收，档案由本所管理；请在五日内告知家属"

    if not obstacles and not beds and not rooms:
        obstacles = arrivals.no_arrival_bed_obstacles(transfer, facility)
    return answer(request, transfer, form, receive, "transfer_receive", obstacles, back=back)


@requires(Permission.TRANSFER_HAND_OVER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def transfer_tell(request: Any, pk: Any) -> HttpResponse:
    """告知家属 where he is now."""
    transfer = one(request, pk)
    form = FamilyForm(posted(request), drafts=request.drafts)

    def tell() -> str:
        actions.tell_family(
            transfer=transfer,
            who=form.cleaned_data["who"],
            means=ToldBy(form.cleaned_data["means"]),
            by=request.user,
            at=clock.now(),
        )
        return "已登记告知家属"

    obstacles = selectors.family_obstacles(transfer, by=request.user)
    return answer(request, transfer, form, tell, "transfer_tell", obstacles)
