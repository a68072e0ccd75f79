"""Rows of the rooms: a province's stage rules, moves from zone to zone, outings, and roll-calls as they were taken."""

from zones.models.moves import StageRule, ZoneMove
from zones.models.musters import Muster, MusterLine
from zones.models.outings import Outing

__all__ = ["Muster", "MusterLine", "Outing", "StageRule", "ZoneMove"]
