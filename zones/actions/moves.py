"""转区: proposed by the sending 大队, approved by its leader, received by the next. One act per edge.

Each act takes several people as it takes one, in a constant number of queries: an unmet condition keeps
a person out, the others go. A page gives it a hundred at a time.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from rehab import clock
from rehab.actions import cases as files
from rehab.actions import placements
from rehab.ledgers import changes, deadlines, documents, events, outbox
from rehab.ledgers.changes import of_key
from rehab.models import Bed, Case, Event, Facility, Unit, User
from rehab.refusal import Outcome
from rehab.selectors.apart import company_of
from zones import rules, selectors
from zones.actions import traces
from zones.actions.traces import Going
from zones.models import ZoneMove
from zones.rules import SEEN
from zones.states import MoveStatus


def next_batch(facility: Facility, *, at: datetime) -> str:
    """批次号, as in LZ2026-1121-01: the next of the facility's day."""
    day = clock.day_of(at)
    serial = documents.next_number(facility, f"zone_move_{day:%m%d}", day.year)
    return f"LZ{day:%Y-%m%d}-{serial:02d}"


def propose_zone_move(
    *, case: Case, to_unit: Unit, by: User, at: datetime, batch: str | None = None
) -> ZoneMove:
    """提请转区, one person; refused with the reasons."""
    return propose_zone_moves(cases=[case], to_unit=to_unit, by=by, at=at, batch=batch).only()


@transaction.atomic
def propose_zone_moves(
    *, cases: Sequence[Case], to_unit: Unit, by: User, at: datetime, batch: str | None = None
) -> Outcome[ZoneMove]:
    """提请转区, the sending signature. `batch` joins those proposed before; else they are one of their own."""
    cases = files.lock_all(case.pk for case in cases)

    facts, on = selectors.move_facts(cases), clock.day_of(at)
    company = company_of(cases, on=on)
    refused = {
        case.pk: obstacles
        for case in cases
        if (
            obstacles := (
                *selectors.proposer_obstacles(case, by),
                *rules.move_obstacles(facts[case.pk], on=on),
                *selectors.target_obstacles(case, to_unit),
                *company.unit_obstacles(case, to_unit),
            )
        )
    }
    cases = [case for case in cases if case.pk not in refused]
    if not cases:
        return Outcome((), refused)

    batch = batch or next_batch(cases[0].facility, at=at)
    moves = [
        _proposal(case, facts[case.pk], to_unit=to_unit, batch=batch, by=by, at=at)
        for case in cases
    ]
    ZoneMove.objects.bulk_create(moves)

    kind = Event.Kind.ZONE_MOVE_PROPOSED
    events.record_all([traces.entry(move=move, kind=kind, by=by, at=at) for move in moves])
    deadlines.refresh(cases)

    traces.tell(moves, kind, "zone_leader", traces.SENDERS)
    outbox.poke()
    return Outcome(tuple(moves), refused)


def _proposal(
    case: Case, facts: rules.MoveFacts, *, to_unit: Unit, batch: str, by: User, at: datetime
) -> ZoneMove:
    planned = rules.schedule(facts)
    assert planned is not None  # judged before, as the next two
    assert case.unit is not None
    assert case.zone_entered_at is not None
    return ZoneMove(
        case=case,
        batch=batch,
        stage=facts.stage,
        from_unit=case.unit,
        to_unit=to_unit,
        entered_at=case.zone_entered_at,
        due_on=planned.due_on,
        status=MoveStatus.PROPOSED,
        proposed_by=by,
        proposed_at=at,
    )


def approve_zone_move(*, move: ZoneMove, bed: Bed | None, by: User, at: datetime) -> ZoneMove:
    """批准转区, one person, into the bed named; with none named, the first free one that fits."""
    named = {move.case_id: bed} if bed else {}
    return approve_zone_moves(moves=[move], named=named, by=by, at=at).only()


@transaction.atomic
def approve_zone_moves(
    *, moves: Sequence[ZoneMove], by: User, at: datetime, named: Mapping[UUID, Bed] | None = None
) -> Outcome[ZoneMove]:
    """批准转区: for each a bed is held, the one `named` for his case or the first free one that fits."""
    going = Going(traces.lock_all(moves))

    on = clock.day_of(at)
    signed = MoveStatus.IN_TRANSIT
    going.without(lambda move: selectors.signing_obstacles(move, signed, act="审批", by=by))
    unmet = selectors.approval_obstacles(going.cases, on=on)
    going.without(lambda move: unmet[move.case_id])
    beds = _chosen_beds(going, named or {}, on=on)

    pairs = [(move.case, beds[move.case_id]) for move in going.moves]
    unheld = placements.hold_all(pairs=pairs, at=at).refused
    going.without(lambda move: unheld.get(move.case_id, ()))
    if not going.moves:
        return going.outcome
    going.write(status=signed, approved_by=by, approved_at=at)

    kind = Event.Kind.ZONE_MOVE_APPROVED
    events.record_all(
        [
            traces.entry(
                move=move,
                kind=kind,
                by=by,
                at=at,
                changes=of_key("receiving_unit", None, move.case.receiving_unit_id),
                also={"bed": str(beds[move.case_id].pk)},
            )
            for move in going.moves
        ]
    )
    deadlines.refresh(going.cases)

    traces.tell(going.moves, kind, "zone_officer", traces.RECEIVERS)
    outbox.poke()
    return going.outcome


def receive_zone_move(
    *, move: ZoneMove, by: User, at: datetime, seen: frozenset[str] = SEEN
) -> ZoneMove:
    """接收转区, one person; refused with the reasons."""
    return receive_zone_moves(moves=[move], by=by, at=at, seen=seen).only()


@transaction.atomic
def receive_zone_moves(
    *, moves: Sequence[ZoneMove], by: User, at: datetime, seen: frozenset[str] = SEEN
) -> Outcome[ZoneMove]:
    """接收转区, the receiving signature: who signs has seen alerts, medicines and belongings (`seen`)."""
    going = Going(traces.lock_all(moves))

    signed = MoveStatus.RECEIVED
    going.without(lambda move: selectors.signing_obstacles(move, signed, act="签收", by=by))
    unseen = rules.seen_obstacles(seen)
    unfit = selectors.held_bed_obstacles(going.cases, on=clock.day_of(at))
    going.without(lambda move: (*unseen, *unfit[move.case_id]))

    before = changes.standing(going.cases)
    absent = placements.arrive_all(cases=going.cases, at=at).refused
    going.without(lambda move: absent.get(move.case_id, ()))
    if not going.moves:
        return going.outcome
    going.write(status=signed, received_by=by, received_at=at)

    kind, changed = Event.Kind.ZONE_MOVE_RECEIVED, changes.since(before, going.cases)
    events.record_all(
        [
            traces.entry(
                move=move,
                kind=kind,
                by=by,
                at=at,
                changes=changed[move.case_id],
                also={"seen": sorted(seen)},
            )
            for move in going.moves
        ]
    )
    deadlines.refresh(going.cases)

    traces.tell(going.moves, kind, "zone_officer", traces.SENDERS)
    outbox.poke()
    return going.outcome


def _chosen_beds(going: Going, named: Mapping[UUID, Bed], *, on: date) -> dict[UUID, Bed]:
    """For each the bed named, or the first that fits; without him whose bed stands elsewhere or who has none."""
    unnamed = [move for move in going.moves if move.case_id not in named]
    beds = {**selectors.first_beds(unnamed, on=on), **named}
    going.without(
        lambda move: (
            selectors.bed_choice_obstacles(move, beds[move.case_id])
            if move.case_id in beds
            else selectors.no_bed_obstacles(move)
        )
    )
    return beds
