"""What every act on a move begins and ends with: the rows locked, the act recorded, the next post told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from rehab.actions import cases
from rehab.ledgers import events, notices
from rehab.ledgers.changes import Change
from rehab.ledgers.notices import Post
from rehab.models import Case, Event, Notice, Unit, User
from rehab.refusal import Obstacle, Outcome
from zones.models import ZoneMove

SENDERS, RECEIVERS = attrgetter("from_unit"), attrgetter("to_unit")


def lock(move: ZoneMove) -> ZoneMove:
    """The case, locked, and the move as it stands under that lock: nobody changes one without it."""
    (locked,) = lock_all([move])
    return locked


def lock_all(moves: Sequence[ZoneMove]) -> list[ZoneMove]:
    """Several moves in the order of case numbers, each with its case, locked."""
    held = {case.pk: case for case in cases.lock_all(move.case_id for move in moves)}
    found = list(
        ZoneMove.objects.filter(pk__in=[move.pk for move in moves])
        .select_related("from_unit__zone", "to_unit__zone", "proposed_by", "approved_by")
        .order_by("case__number")
    )
    for move in found:
        move.case = held[move.case_id]
    return found


class Going:
    """Those of a batch who still go, and why the others do not: each condition is asked of all at once."""

    def __init__(self, moves: Sequence[ZoneMove]) -> None:
        self.moves = list(moves)
        self.refused: dict[UUID, tuple[Obstacle, ...]] = {}

    @property
    def cases(self) -> list[Case]:
        return [move.case for move in self.moves]

    def without(self, obstacles: Callable[[ZoneMove], tuple[Obstacle, ...]]) -> None:
        """Leave behind those of which something is said here."""
        said = {move.pk: obstacles(move) for move in self.moves}
        self.refused |= {key: reasons for key, reasons in said.items() if reasons}
        self.moves = [move for move in self.moves if move.pk not in self.refused]

    def write(self, **values: Any) -> None:
        """Set this on each of them."""
        for move in self.moves:
            for name, value in values.items():
                setattr(move, name, value)
        ZoneMove.objects.filter(pk__in=[move.pk for move in self.moves]).update(**values)

    @property
    def outcome(self) -> Outcome[ZoneMove]:
        """Who went and why the others did not."""
        return Outcome(tuple(self.moves), self.refused)


def entry(
    *,
    move: ZoneMove,
    kind: Event.Kind,
    by: User,
    at: datetime,
    changes: Sequence[Change] = (),
    also: Mapping[str, Any] | None = None,
) -> Event:
    """What is written down of an act on a move; `also` is said beside what every act says."""
    return events.entry(
        move.case,
        kind,
        by=by,
        at=at,
        move=str(move.pk),
        batch=move.batch,
        from_unit=str(move.from_unit_id),
        to_unit=str(move.to_unit_id),
        changes=changes,
        **(also or {}),
    )


def tell(
    moves: Iterable[ZoneMove], kind: Event.Kind, role: str, whose: Callable[[ZoneMove], Unit]
) -> None:
    """Tell the post that signs next, or that waits, of each move."""
    notices.tell_all([_word(move, kind, role, whose(move)) for move in moves])


def _word(move: ZoneMove, kind: Event.Kind, role: str, unit: Unit) -> Notice:
    post = Post(role, move.case.facility_id, unit=unit.parent_id or unit.pk)
    return notices.word(move.case, kind, to=post, cycle=str(move.pk))
