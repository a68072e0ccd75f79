"""Rows of the rooms: stage rules, moves between zones and facilities, outings, and roll-calls as they were taken."""

from zones.models.moves import StageRule, ZoneMove
from zones.models.musters import Muster, MusterLine
from zones.models.outings import Outing
from zones.models.transfers import FacilityTransfer

__all__ = ["FacilityTransfer", "Muster", "MusterLine", "Outing", "StageRule", "ZoneMove"]
