"""Reads of the rooms. The page of moves has a module of its own: `zones.selectors.board`."""

from zones.selectors.beds import (
    bed_change_obstacles,
    bed_choice_obstacles,
    beds_for,
    first_beds,
    held_bed_obstacles,
    no_bed_obstacles,
    no_other_bed_obstacles,
    no_return_bed_obstacles,
    other_beds,
    receiving_units,
    return_bed_obstacles,
    return_beds,
)
from zones.selectors.moves import (
    acts_open_to,
    approval_obstacles,
    is_of,
    move_conditions,
    move_facts,
    move_obstacles,
    open_move,
    planned,
    proposer_obstacles,
    return_obstacles,
    rule_for,
    signing_obstacles,
    stage_rule_obstacles,
    target_obstacles,
    withdrawal_obstacles,
)
from zones.selectors.roll import Roll, ZoneLine, roll, whereabouts
from zones.selectors.units import (
    beds_of,
    closing_obstacles,
    history_of,
    officers_of,
    rooms_looked_after,
    rooms_of,
)

__all__ = [
    "Roll", "ZoneLine", "acts_open_to", "approval_obstacles", "bed_change_obstacles", "bed_choice_obstacles",
    "beds_for", "beds_of", "closing_obstacles", "first_beds", "held_bed_obstacles", "history_of", "is_of",
    "move_conditions", "move_facts", "move_obstacles", "no_bed_obstacles", "no_other_bed_obstacles",
    "no_return_bed_obstacles", "officers_of", "open_move", "other_beds", "planned", "proposer_obstacles",
    "receiving_units", "return_bed_obstacles", "return_beds", "return_obstacles", "roll",
    "rooms_looked_after", "rooms_of", "rule_for", "signing_obstacles",
    "stage_rule_obstacles", "target_obstacles", "whereabouts",
    "withdrawal_obstacles",
]  # fmt: skip
