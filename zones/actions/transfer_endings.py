"""转所 that does not come about: returned, sent back from the other gate, withdrawn, or cut short."""

from datetime import datetime

from django.db import transaction

from rehab import scope
from rehab.ledgers import deadlines, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused
from zones.actions.transfer_traces import GATE, LEADER, held, tell, write_down
from zones.models import FacilityTransfer
from zones.selectors import transfers as selectors
from zones.states import KNOWN_AHEAD, ON_THE_ROAD, TransferStatus

K, S = Event.Kind, TransferStatus


@transaction.atomic
def return_transfer(
    *, transfer: FacilityTransfer, reason: str, by: User, at: datetime
) -> FacilityTransfer:
    """退回, with the reason: nothing comes of it; who stands at the other gate already goes back to the first."""
    with held(transfer) as transfer:
        Refused.if_any((*selectors.return_obstacles(transfer, by=by), *_unsaid(reason, "退回理由")))

        to = selectors.return_status(transfer)
        _close(transfer, to, reason=reason, by=by, at=at)

        kind = K.TRANSFER_SENT_BACK if to == S.SENT_BACK else K.TRANSFER_RETURNED
        write_down(
            transfer=transfer, kind=kind, by=by, at=at, also={"words": {"why": reason.strip()}}
        )
        deadlines.refresh([transfer.case])

        for role in (GATE, LEADER):
            tell(transfer, kind, role, transfer.from_facility)
        outbox.poke()
    return transfer


@transaction.atomic
def withdraw_transfer(
    *, transfer: FacilityTransfer, reason: str, by: User, at: datetime
) -> FacilityTransfer:
    """撤回转所, by the sending side, until he has left."""
    with held(transfer) as transfer:
        Refused.if_any(
            (*selectors.withdrawal_obstacles(transfer, by=by), *_unsaid(reason, "撤回理由"))
        )

        awaited = transfer.status in KNOWN_AHEAD
        _close(transfer, S.WITHDRAWN, reason=reason, by=by, at=at)

        write_down(
            transfer=transfer,
            kind=K.TRANSFER_WITHDRAWN,
            by=by,
            at=at,
            also={"words": {"why": reason.strip()}},
        )
        deadlines.refresh([transfer.case])

        tell(transfer, K.TRANSFER_WITHDRAWN, LEADER, transfer.from_facility)
        if awaited:
            tell(transfer, K.TRANSFER_WITHDRAWN, GATE, transfer.to_facility)
        outbox.poke()
    return transfer


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def end_open_transfer(*, case: Case, by: User, at: datetime) -> FacilityTransfer | None:
    """转所终止 of somebody whose case ends or who goes elsewhere; None when none is under way.

    Part of release, death, revocation, leave and escape: the caller holds the case and refreshes its deadlines.
    """
    transfer = selectors.open_transfer(case)
    if transfer is None:
        return None
    transfer.case = case
    awaited, gone = transfer.status in KNOWN_AHEAD, transfer.status in ON_THE_ROAD
    with scope.within(selectors.both_sides(transfer)):
        _close(transfer, S.ENDED, reason="此人离所或者结案，转所终止", by=by, at=at)
        write_down(
            transfer=transfer, kind=K.TRANSFER_ENDED, by=by, at=at, also={"on_the_road": gone}
        )
        if awaited:
            for role in (GATE, LEADER):
                tell(transfer, K.TRANSFER_ENDED, role, transfer.to_facility)
    return transfer


def _unsaid(reason: str, label: str) -> tuple[Obstacle, ...]:
    return () if reason.strip() else (Obstacle(f"“{label}”不能为空，请填写"),)


def _close(
    transfer: FacilityTransfer, to: TransferStatus, *, reason: str, by: User, at: datetime
) -> None:
    transfer.status, transfer.ended_by, transfer.ended_at = to, by, at
    transfer.reason = reason.strip()
    transfer.save(update_fields=["status", "ended_by", "ended_at", "reason"])
