"""The page 分区流转: who is due to move on, what still holds them, and what waits for a signature.

It reads the ledger of deadlines, which every act keeps true, so that it costs three queries for any
number of people. What it shows as possible is judged again, on the facts, by the act itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from rehab.models import Case, Unit, User
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.rules.days import day_of, end_of
from rehab.selectors.apart import number_kept_apart
from rehab.states import Reach, Stage
from zones.models import ZoneMove
from zones.selectors.moves import is_of, signing_obstacles
from zones.selectors.slips import (
    SLIPS_PER_LANE,
    Lane,
    due_by,
    lanes_of,
    living_with,
    near,
    slips_of,
)
from zones.selectors.vacancies import Choice, choices, lanes_and_beds
from zones.states import OPEN, MoveStatus

RECENT = timedelta(days=7)  # calendar days for which one's own proposals stay on the page


@dataclass(frozen=True)
class Line:
    """A move that waits for this officer, or that this officer watches."""

    move: ZoneMove
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True)
class Batch:
    """What one officer proposed together, and how far it has come."""

    number: str
    stage: Stage
    people: int
    progress: str
    open_moves: tuple[ZoneMove, ...]  # what he may still withdraw


@dataclass(frozen=True)
class Board:
    lanes: tuple[Lane, ...]
    to_approve: tuple[Line, ...]
    to_receive: tuple[Line, ...]
    under_way: tuple[Line, ...]
    batches: tuple[Batch, ...]
    choices: tuple[
        Choice, ...
    ]  # receiving 大队 for those this officer may propose, most beds first
    target: Stage | None


def board(
    user: User,
    *,
    at: datetime,
    days: int,
    only: Stage | None = None,
    shown: int = SLIPS_PER_LANE,
) -> Board:
    """Everything on the page, in three queries; `shown` slips at most in each lane."""
    on = day_of(at)
    cases = living_with(user)
    if only:
        cases = cases.filter(zone__stage=only)
    due = due_by(end_of(on + timedelta(days=days)))
    numbers, beds = lanes_and_beds(user, cases, near(due))
    slips = slips_of(cases, due, beds, user=user, on=on, shown=shown)
    moves = _moves(user, since=at - RECENT, on=on)
    home = Stage(user.unit.zone.stage) if user.unit and user.unit.zone else None
    target = home.next if home and user.may(Permission.ZONE_MOVE_PROPOSE) else None
    return Board(
        lanes=lanes_of(numbers, slips, stages=[only] if only else list(Stage), home=home),
        to_approve=_to_approve(moves, user),
        to_receive=_to_receive(moves, user),
        under_way=() if user.reach == Reach.UNIT else tuple(map(Line, filter(_is_open, moves))),
        batches=_batches(moves, user),
        choices=choices(beds, target),
        target=target,
    )


def _moves(user: User, *, since: datetime, on: date) -> list[ZoneMove]:
    """Open moves of those he may see, and his own recent proposals, in one query."""
    own = Q(proposed_by=user, proposed_at__gte=since)
    seen = Q(status__in=OPEN, case__in=Case.objects.visible_to(user))
    return list(
        ZoneMove.objects.filter(own | seen)
        .select_related(
            "case__person", "from_unit__zone", "to_unit__zone", "proposed_by", "approved_by"
        )
        .annotate(kept_apart=number_kept_apart("case", on=on))
        .defer("reason")
        .order_by("batch", "case__number")
    )


def _is_open(move: ZoneMove) -> bool:
    return move.status in OPEN


def _to_approve(moves: Iterable[ZoneMove], user: User) -> tuple[Line, ...]:
    if not user.may(Permission.ZONE_MOVE_APPROVE):
        return ()
    return tuple(
        Line(move, signing_obstacles(move, MoveStatus.IN_TRANSIT, act="审批", by=user))
        for move in moves
        if move.status == MoveStatus.PROPOSED and is_of(user, move.from_unit)
    )


def _to_receive(moves: Iterable[ZoneMove], user: User) -> tuple[Line, ...]:
    if not user.may(Permission.ZONE_MOVE_RECEIVE):
        return ()
    return tuple(
        Line(move, signing_obstacles(move, MoveStatus.RECEIVED, act="签收", by=user))
        for move in moves
        if move.status == MoveStatus.IN_TRANSIT and is_of(user, move.to_unit)
    )


def _batches(moves: Iterable[ZoneMove], user: User) -> tuple[Batch, ...]:
    """His own proposals by batch, the newest first."""
    own: dict[tuple[str, str], list[ZoneMove]] = defaultdict(list)
    for move in moves:
        if move.proposed_by_id == user.pk:
            own[move.batch, move.stage].append(move)
    return tuple(
        Batch(
            number,
            Stage(stage),
            len(together),
            _progress(together),
            tuple(filter(_is_open, together)),
        )
        for (number, stage), together in sorted(own.items(), reverse=True)
    )


def _progress(moves: Sequence[ZoneMove]) -> str:
    words = {MoveStatus.PROPOSED: "待大队长审批", MoveStatus.IN_TRANSIT: "已批准 · 待交接"}
    said = [
        (words.get(status, status.label), count)
        for status in MoveStatus
        if (count := sum(move.status == status for move in moves))
    ]
    if len(said) == 1:
        return said[0][0]
    return "，".join(f"{word} {count} 人" for word, count in said)


def units_of_choice(user: User) -> Any:
    """The 大队 to which this officer may propose people."""
    if user.unit is None or user.unit.zone is None:
        return Unit.objects.none()
    following = Stage(user.unit.zone.stage).next
    return (
        Unit.objects.open()
        .filter(facility=user.facility, zone__stage=following)
        .select_related("zone")
    )
