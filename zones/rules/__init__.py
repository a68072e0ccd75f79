"""四区的规则。Pure: facts in; an answer and its reasons out. 点名 has a module of its own: `zones.rules.musters`."""

from zones.rules.beds import BedChange, bed_change_obstacles
from zones.rules.moves import (
    APPROVED_WITHIN,
    SEEN,
    MoveFacts,
    Schedule,
    Signing,
    StageDays,
    asking_obstacles,
    assessment_obstacles,
    day_obstacles,
    move_conditions,
    move_obstacles,
    owner_label,
    schedule,
    seen_obstacles,
    signing_obstacles,
    stage_rule_obstacles,
    to_be_asked,
)

__all__ = [
    "APPROVED_WITHIN", "SEEN", "BedChange", "MoveFacts", "Schedule", "Signing", "StageDays",
    "asking_obstacles", "assessment_obstacles", "bed_change_obstacles", "day_obstacles",
    "move_conditions", "move_obstacles", "owner_label", "schedule", "seen_obstacles",
    "signing_obstacles", "stage_rule_obstacles", "to_be_asked",
]  # fmt: skip
