"""What is done in the rooms: moves from zone to zone, medical leave, outings, roll-calls, a province's stage rules."""

from zones.actions.absences import come_back, come_back_to_extra_bed, leave_facility
from zones.actions.asks import ask_for_conditions
from zones.actions.beds import change_bed
from zones.actions.endings import end_open_move, return_zone_move, withdraw_zone_move
from zones.actions.leaves import end_leave, grant_leave
from zones.actions.moves import (
    approve_zone_move,
    approve_zone_moves,
    next_batch,
    propose_zone_move,
    propose_zone_moves,
    receive_zone_move,
    receive_zone_moves,
)
from zones.actions.musters import Missing, correct_muster, record_muster
from zones.actions.outings import (
    approve_outing,
    propose_outing,
    return_outing,
    withdraw_outing,
)
from zones.actions.papers import make_handover_sheets
from zones.actions.stage_rules import set_stage_rule
from zones.actions.units import close_unit

__all__ = [
    "Missing", "approve_outing", "approve_zone_move", "approve_zone_moves", "ask_for_conditions", "change_bed",
    "close_unit", "come_back", "come_back_to_extra_bed", "correct_muster", "end_leave", "end_open_move",
    "grant_leave", "leave_facility", "make_handover_sheets", "next_batch", "propose_outing",
    "propose_zone_move", "propose_zone_moves", "receive_zone_move", "receive_zone_moves", "record_muster",
    "return_outing", "return_zone_move", "set_stage_rule", "withdraw_outing", "withdraw_zone_move",
]  # fmt: skip
