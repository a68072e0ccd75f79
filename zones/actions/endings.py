"""转区 that does not come to its end: returned with a reason, withdrawn, or cut short by leaving."""

from datetime import datetime

from django.db import transaction

from rehab.actions import placements
from rehab.ledgers import deadlines, events, outbox
from rehab.ledgers.changes import Change, of_key
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused
from zones import selectors
from zones.actions import traces
from zones.models import ZoneMove
from zones.states import MoveStatus


@transaction.atomic
def return_zone_move(*, move: ZoneMove, reason: str, by: User, at: datetime) -> ZoneMove:
    """退回转区, by the leader or, once in transit, by the receiving 大队; the bed is free again."""
    move = traces.lock(move)

    obstacles = list(selectors.return_obstacles(move, by=by))
    if not reason.strip():
        obstacles.append(Obstacle("“退回理由”不能为空，请填写"))
    Refused.if_any(obstacles)

    was_on_the_way = move.status == MoveStatus.IN_TRANSIT
    changed = _end(move, MoveStatus.RETURNED, reason=reason.strip(), by=by, at=at)

    kind = Event.Kind.ZONE_MOVE_RETURNED
    events.record_all([traces.entry(move=move, kind=kind, by=by, at=at, changes=changed)])
    deadlines.refresh([move.case])

    traces.tell([move], Event.Kind.ZONE_MOVE_RETURNED, "zone_officer", traces.SENDERS)
    if was_on_the_way:
        traces.tell([move], Event.Kind.ZONE_MOVE_RETURNED, "zone_leader", traces.SENDERS)
    outbox.poke()
    return move


@transaction.atomic
def withdraw_zone_move(*, move: ZoneMove, by: User, at: datetime) -> ZoneMove:
    """撤回转区, by who proposed it, while it is not received; the bed is free again."""
    move = traces.lock(move)

    Refused.if_any(selectors.withdrawal_obstacles(move, by=by))

    was_on_the_way = move.status == MoveStatus.IN_TRANSIT
    changed = _end(move, MoveStatus.WITHDRAWN, reason=None, by=by, at=at)

    kind = Event.Kind.ZONE_MOVE_WITHDRAWN
    events.record_all([traces.entry(move=move, kind=kind, by=by, at=at, changes=changed)])
    deadlines.refresh([move.case])

    _tell_of_withdrawal(move, was_on_the_way)
    outbox.poke()
    return move


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def end_open_move(*, case: Case, by: User, at: datetime) -> ZoneMove | None:
    """Withdraw the move under way of somebody who leaves the facility; None when there is none.

    Part of release and of leave: the caller holds the case and refreshes its deadlines.
    """
    move = selectors.open_move(case)
    if move is None:
        return None
    move.case = case
    was_on_the_way = move.status == MoveStatus.IN_TRANSIT
    changed = _end(move, MoveStatus.WITHDRAWN, reason="此人离所，转区终止", by=by, at=at)
    kind = Event.Kind.ZONE_MOVE_WITHDRAWN
    events.record_all(
        [traces.entry(move=move, kind=kind, by=by, at=at, changes=changed, also={"left": True})]
    )
    _tell_of_withdrawal(move, was_on_the_way)
    return move


def _end(
    move: ZoneMove, to: MoveStatus, *, reason: str | None, by: User, at: datetime
) -> tuple[Change, ...]:
    """Take an open move to its unsuccessful end; the held bed is free. What of the case changed by it."""
    changed = of_key("receiving_unit", move.case.receiving_unit_id, None)
    if move.status == MoveStatus.IN_TRANSIT:
        placements.let_go(case=move.case, at=at)
    move.status, move.ended_by, move.ended_at, move.reason = to, by, at, reason
    move.save(update_fields=["status", "ended_by", "ended_at", "reason"])
    return changed


def _tell_of_withdrawal(move: ZoneMove, was_on_the_way: bool) -> None:
    """Those who waited for the next signature learn that there is nothing to sign."""
    kind = Event.Kind.ZONE_MOVE_WITHDRAWN
    if was_on_the_way:
        traces.tell([move], kind, "zone_officer", traces.RECEIVERS)
    else:
        traces.tell([move], kind, "zone_leader", traces.SENDERS)
