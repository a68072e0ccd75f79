"""待我接收: everybody on the way to a 大队, with what must be known of him and what comes with him.

A constant number of queries for any number of people; the act judges each again under its lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q

from rehab.models import Bed, Case, Document, Unit, User
from rehab.refusal import Obstacle
from rehab.rules.days import start_of
from rehab.selectors.apart import number_kept_apart
from zones.models import ZoneMove
from zones.selectors.beds import held_bed_obstacles, held_beds
from zones.selectors.moves import is_of, signing_obstacles
from zones.states import MoveStatus

BELONGINGS = "belongings"  # 物品代管清单, as the entry keeps it among the documents of a case
KEPT = "代管"  # of what stands on it: kept for him, and handed over with him


@dataclass(frozen=True)
class Coming:
    """One person on the way here."""

    move: ZoneMove
    bed: Bed | None
    belongings: tuple[str, ...] | None  # what is kept for him; None where no list of it stands here
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Party:
    """Those who come together: one batch from one 大队."""

    batch: str
    from_unit: Unit
    people: tuple[Coming, ...]


@dataclass(frozen=True)
class Handed:
    """What was signed for today, by batch: its sheet can be printed."""

    batch: str
    from_unit: Unit
    moves: tuple[ZoneMove, ...]


@dataclass(frozen=True)
class Receipts:
    parties: tuple[Party, ...]
    handed: tuple[Handed, ...]

    @property
    def people(self) -> int:
        return sum(len(party.people) for party in self.parties)


def receipts(user: User, *, on: date) -> Receipts:
    """Who waits to be received by the user's 大队, batch by batch, and whom it received today."""
    signed_today = Q(status=MoveStatus.RECEIVED, received_at__gte=start_of(on))
    moves = [
        move
        for move in ZoneMove.objects.visible_to(user)
        .filter(Q(status=MoveStatus.IN_TRANSIT) | signed_today)
        .select_related(
            "case__person", "from_unit__zone", "to_unit__zone", "proposed_by", "approved_by"
        )
        .annotate(kept_apart=number_kept_apart("case", on=on))
        .defer("reason")
        .order_by("batch", "from_unit__name", "case__number")
        if is_of(user, move.to_unit)
    ]
    coming = _coming([move for move in moves if move.status == MoveStatus.IN_TRANSIT], user, on=on)
    handed = [move for move in moves if move.status == MoveStatus.RECEIVED]
    return Receipts(
        tuple(
            Party(batch, people[0].move.from_unit, tuple(people))
            for batch, people in _together(coming, lambda one: one.move)
        ),
        tuple(
            Handed(batch, some[0].from_unit, tuple(some))
            for batch, some in _together(handed, lambda one: one)
        ),
    )


def _together(things: Iterable[Any], move_of: Any) -> list[tuple[str, list[Any]]]:
    """By batch and sending 大队, in the order in which they came."""
    groups = groupby(things, key=lambda one: (move_of(one).batch, move_of(one).from_unit_id))
    return [(batch, list(some)) for (batch, _), some in groups]


def _coming(moves: Sequence[ZoneMove], user: User, *, on: date) -> list[Coming]:
    cases = [move.case for move in moves]
    beds, unfit = held_beds(cases), held_bed_obstacles(cases, on=on)
    kept = _belongings(cases, user)
    return [
        Coming(
            move,
            beds.get(move.case_id),
            kept.get(move.case_id),
            signing_obstacles(move, MoveStatus.RECEIVED, act="签收", by=user)
            or unfit[move.case_id],
        )
        for move in moves
    ]


def _belongings(cases: Sequence[Case], user: User) -> dict[UUID, tuple[str, ...]]:
    """What the list of belongings of each case names as kept, in its words."""
    lists: Any = Document.objects.visible_to(user).filter(
        case__in=cases, template=BELONGINGS, superseded_by__isnull=True
    )
    return {
        document.case_id: tuple(
            f"{item['name']} {item['quantity']}"
            for item in document.facts["items"]
            if item["disposal"] == KEPT
        )
        for document in lists.defer("body").order_by("made_at")
    }
