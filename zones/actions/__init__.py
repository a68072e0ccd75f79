"""What is done in the rooms: moves between zones and between facilities, medical leave, outings, roll-calls, rules."""

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
from zones.actions.transfer_arrivals import arrive_at_extra_bed, receive_transfer, take_back
from zones.actions.transfer_endings import end_open_transfer, return_transfer, withdraw_transfer
from zones.actions.transfers import (
    alarm_receivers,
    approve_transfer,
    hand_over,
    propose_transfer,
    tell_family,
)
from zones.actions.units import close_unit

__all__ = [
    "Missing", "alarm_receivers", "approve_outing", "approve_transfer", "approve_zone_move", "approve_zone_moves",
    "arrive_at_extra_bed", "ask_for_conditions", "change_bed", "close_unit", "come_back", "come_back_to_extra_bed",
    "correct_muster", "end_leave", "end_open_move", "end_open_transfer", "grant_leave", "hand_over",
    "leave_facility", "make_handover_sheets", "next_batch", "propose_outing", "propose_transfer",
    "propose_zone_move", "propose_zone_moves", "receive_transfer", "receive_zone_move", "receive_zone_moves",
    "record_muster", "return_outing", "return_transfer", "return_zone_move", "set_stage_rule", "take_back",
    "tell_family", "withdraw_outing", "withdraw_transfer", "withdraw_zone_move",
]  # fmt: skip
