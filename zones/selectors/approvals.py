"""待我审批: the proposals that wait for a leader, those with something to look at first.

A constant number of queries for any number of proposals; the act judges each again under its lock.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rehab.models import User
from rehab.refusal import Obstacle
from rehab.selectors.apart import number_kept_apart
from zones import rules
from zones.models import ZoneMove
from zones.selectors.beds import first_beds
from zones.selectors.moves import is_of, move_facts, signing_obstacles
from zones.states import MoveStatus


@dataclass(frozen=True)
class Proposal:
    """One proposal: why it may not be approved, and what the leader should have read before he does."""

    move: ZoneMove
    obstacles: tuple[Obstacle, ...]
    cautions: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.obstacles and not self.cautions


@dataclass(frozen=True)
class Approvals:
    """Exceptions stand open, one by one; the rest is one tick."""

    exceptions: tuple[Proposal, ...]
    rest: tuple[Proposal, ...]

    @property
    def people(self) -> int:
        return len(self.exceptions) + len(self.rest)


def approvals(user: User, *, on: date) -> Approvals:
    """The proposals of the user's 大队 in the order of batches."""
    waiting = [
        move
        for move in ZoneMove.objects.visible_to(user)
        .filter(status=MoveStatus.PROPOSED)
        .select_related(
            "case__person", "from_unit__zone", "to_unit__zone", "proposed_by", "approved_by"
        )
        .annotate(kept_apart=number_kept_apart("case", on=on))
        .defer("reason")
        .order_by("batch", "case__number")
        if is_of(user, move.from_unit)
    ]
    facts = move_facts([move.case for move in waiting], under_way={})
    beds = first_beds(waiting, on=on)
    proposals = [
        Proposal(
            move,
            signing_obstacles(move, MoveStatus.IN_TRANSIT, act="审批", by=user)
            or rules.move_obstacles(facts[move.case_id], on=on),
            _cautions(move, on=on, no_bed=move.case_id not in beds),
        )
        for move in waiting
    ]
    return Approvals(
        exceptions=tuple(one for one in proposals if not one.is_clean),
        rest=tuple(one for one in proposals if one.is_clean),
    )


def _cautions(move: Any, *, on: date, no_bed: bool) -> tuple[str, ...]:
    said = []
    if no_bed:
        said.append("接收大队没有适合的空床")
    if move.case.needs_isolation:
        said.append("需要隔离")
    if move.kept_apart:
        said.append(f"与 {move.kept_apart} 人分开管理")
    if move.case.precautions:
        said.append(f"注意事项：{move.case.precautions}")
    if (late := (on - move.due_on).days) > 0:
        said.append(f"已过应转日 {late} 天")
    return tuple(said)
