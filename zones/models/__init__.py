"""Rows of the rooms: a province's stage rules, moves from zone to zone, and roll-calls as they were taken."""

from zones.models.moves import StageRule, ZoneMove
from zones.models.musters import Muster, MusterLine

__all__ = ["Muster", "MusterLine", "StageRule", "ZoneMove"]
