"""转区: proposed by the sending 大队, approved by its leader, received by the next. One act per edge."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from rehab import clock
from rehab.actions import cases, placements
from rehab.ledgers import deadlines, documents, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Bed, Case, Event, Facility, Unit, User
from rehab.refusal import Obstacle, Refused
from zones import rules, selectors
from zones.models import ZoneMove
from zones.rules import SEEN
from zones.states import MoveStatus


def next_batch(facility: Facility, *, at: datetime) -> str:
    """批次号, as in LZ2026-1121-01: the next of the facility's day."""
    day = clock.day_of(at)
    serial = documents.next_number(facility, f"zone_move_{day:%m%d}", day.year)
    return f"LZ{day:%Y-%m%d}-{serial:02d}"


@transaction.atomic
def propose_zone_move(
    *, case: Case, to_unit: Unit, by: User, at: datetime, batch: str | None = None
) -> ZoneMove:
    """提请转区, the sending signature. `batch` joins those proposed together; else it is one of its own."""
    case = cases.lock(case)

    facts = selectors.move_facts([case])[case.pk]
    Refused.if_any(
        (
            *selectors.proposer_obstacles(case, by),
            *rules.move_obstacles(facts, on=clock.day_of(at)),
            *selectors.target_obstacles(case, to_unit),
        )
    )

    planned = rules.schedule(facts)
    assert planned is not None  # judged above, as the next two
    assert case.unit is not None
    assert case.zone_entered_at is not None
    move = ZoneMove.objects.create(
        case=case,
        batch=batch or next_batch(case.facility, at=at),
        stage=facts.stage,
        from_unit=case.unit,
        to_unit=to_unit,
        entered_at=case.zone_entered_at,
        due_on=planned.due_on,
        status=MoveStatus.PROPOSED,
        proposed_by=by,
        proposed_at=at,
    )

    _record(move, Event.Kind.ZONE_MOVE_PROPOSED, by=by, at=at)
    deadlines.refresh([case])

    _tell(move, Event.Kind.ZONE_MOVE_PROPOSED, "zone_leader", move.from_unit)
    outbox.poke()
    return move


@transaction.atomic
def approve_zone_move(*, move: ZoneMove, bed: Bed | None, by: User, at: datetime) -> ZoneMove:
    """批准转区: the receiving bed is held; with none named, the first free one that fits."""
    case, move = _lock(move)

    on = clock.day_of(at)
    obstacles = selectors.signing_obstacles(move, MoveStatus.IN_TRANSIT, act="审批", by=by)
    Refused.if_any(obstacles or selectors.approval_obstacles(case, on=on))
    chosen = _chosen_bed(move, bed, on=on)

    placements.hold(case=case, bed=chosen, at=at)
    move.status, move.approved_by, move.approved_at = MoveStatus.IN_TRANSIT, by, at
    move.save(update_fields=["status", "approved_by", "approved_at"])

    _record(move, Event.Kind.ZONE_MOVE_APPROVED, by=by, at=at, bed=str(chosen.pk))
    deadlines.refresh([case])

    _tell(move, Event.Kind.ZONE_MOVE_APPROVED, "zone_officer", move.to_unit)
    outbox.poke()
    return move


@transaction.atomic
def receive_zone_move(
    *, move: ZoneMove, by: User, at: datetime, seen: frozenset[str] = SEEN
) -> ZoneMove:
    """接收转区, the receiving signature: who signs has seen alerts, medicines and belongings (`seen`)."""
    case, move = _lock(move)

    obstacles = selectors.signing_obstacles(move, MoveStatus.RECEIVED, act="签收", by=by)
    Refused.if_any(
        obstacles
        or (
            *rules.seen_obstacles(seen),
            *selectors.held_bed_obstacles(case, on=clock.day_of(at)),
        )
    )

    placements.arrive(case=case, at=at)
    move.status, move.received_by, move.received_at = MoveStatus.RECEIVED, by, at
    move.save(update_fields=["status", "received_by", "received_at"])

    _record(move, Event.Kind.ZONE_MOVE_RECEIVED, by=by, at=at, seen=sorted(seen))
    deadlines.refresh([case])

    _tell(move, Event.Kind.ZONE_MOVE_RECEIVED, "zone_officer", move.from_unit)
    outbox.poke()
    return move


@transaction.atomic
def return_zone_move(*, move: ZoneMove, reason: str, by: User, at: datetime) -> ZoneMove:
    """退回转区, by the leader or, once in transit, by the receiving 大队; the bed is free again."""
    case, move = _lock(move)

    obstacles = list(selectors.return_obstacles(move, by=by))
    if not reason.strip():
        obstacles.append(Obstacle("“退回理由”不能为空，请填写"))
    Refused.if_any(obstacles)

    was_on_the_way = move.status == MoveStatus.IN_TRANSIT
    _end(case, move, MoveStatus.RETURNED, reason=reason.strip(), by=by, at=at)

    _record(move, Event.Kind.ZONE_MOVE_RETURNED, by=by, at=at)
    deadlines.refresh([case])

    _tell(move, Event.Kind.ZONE_MOVE_RETURNED, "zone_officer", move.from_unit)
    if was_on_the_way:
        _tell(move, Event.Kind.ZONE_MOVE_RETURNED, "zone_leader", move.from_unit)
    outbox.poke()
    return move


@transaction.atomic
def withdraw_zone_move(*, move: ZoneMove, by: User, at: datetime) -> ZoneMove:
    """撤回转区, by who proposed it, while it is not received; the bed is free again."""
    case, move = _lock(move)

    Refused.if_any(selectors.withdrawal_obstacles(move, by=by))

    was_on_the_way = move.status == MoveStatus.IN_TRANSIT
    _end(case, move, MoveStatus.WITHDRAWN, reason=None, by=by, at=at)

    _record(move, Event.Kind.ZONE_MOVE_WITHDRAWN, by=by, at=at)
    deadlines.refresh([case])

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
    _end(case, move, MoveStatus.WITHDRAWN, reason="此人离所，转区终止", by=by, at=at)
    _record(move, Event.Kind.ZONE_MOVE_WITHDRAWN, by=by, at=at, left=True)
    _tell_of_withdrawal(move, was_on_the_way)
    return move


def _lock(move: ZoneMove) -> tuple[Case, ZoneMove]:
    """The case, locked, and the move as it stands under that lock: nobody changes one without it."""
    case = cases.lock(move.case)
    current = ZoneMove.objects.select_related(
        "from_unit__zone", "to_unit__zone", "proposed_by", "approved_by"
    ).get(pk=move.pk)
    current.case = case
    return case, current


def _chosen_bed(move: ZoneMove, named: Bed | None, *, on: date) -> Bed:
    """The named bed, or the first that fits; refused when it stands elsewhere or there is none."""
    bed = named or selectors.first_bed(move, on=on)
    if bed is None:
        raise Refused(selectors.no_bed_obstacles(move))
    Refused.if_any(selectors.bed_choice_obstacles(move, bed))
    return bed


def _end(
    case: Case, move: ZoneMove, to: MoveStatus, *, reason: str | None, by: User, at: datetime
) -> None:
    """Take an open move to its unsuccessful end; the held bed is free."""
    if move.status == MoveStatus.IN_TRANSIT:
        placements.let_go(case=case, at=at)
    move.status, move.ended_by, move.ended_at, move.reason = to, by, at, reason
    move.save(update_fields=["status", "ended_by", "ended_at", "reason"])


def _record(move: ZoneMove, kind: Event.Kind, *, by: User, at: datetime, **more: Any) -> None:
    events.record(
        move.case,
        kind,
        by=by,
        at=at,
        move=str(move.pk),
        batch=move.batch,
        from_unit=str(move.from_unit_id),
        to_unit=str(move.to_unit_id),
        **more,
    )


def _tell(move: ZoneMove, kind: Event.Kind, role: str, unit: Unit) -> None:
    post = Post(role, move.case.facility_id, unit=unit.parent_id or unit.pk)
    notices.tell(move.case, kind, to=post, cycle=str(move.pk))


def _tell_of_withdrawal(move: ZoneMove, was_on_the_way: bool) -> None:
    """Those who waited for the next signature learn that there is nothing to sign."""
    role, unit = (
        ("zone_officer", move.to_unit) if was_on_the_way else ("zone_leader", move.from_unit)
    )
    _tell(move, Event.Kind.ZONE_MOVE_WITHDRAWN, role, unit)
