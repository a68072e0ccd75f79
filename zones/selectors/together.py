"""Two who are kept apart and lie together all the same: noted when they lay there already."""

from dataclasses import dataclass
from datetime import date

from rehab.models import Case, KeepApart
from zones.selectors.rollcall import RollCall


@dataclass(frozen=True)
class Together:
    """Two people of one 大队, and what they share though they may not."""

    first: Case
    second: Case
    room: str  # the room that they share; empty: the 大队 alone


def lying_together(roll: RollCall, *, on: date) -> tuple[Together, ...]:
    """Those of a roll who may not lie where they lie; one query."""
    heads = {head.case.pk: head for head in roll.heads}
    pairs = KeepApart.objects.in_force(on=on).filter(first__in=heads, second__in=heads)
    found = []
    for first, second, distance in pairs.order_by("noted_at").values_list(
        "first", "second", "distance"
    ):
        one, other = heads[first], heads[second]
        shared = one.room if one.room == other.room else ""
        if shared or distance == KeepApart.Distance.UNIT:
            found.append(Together(one.case, other.case, shared))
    return tuple(found)
