"""The front door: rosters handed over, people who are to arrive, their admission and its sheets."""

from intake.models.arrivals import (
    Admission,
    Arrival,
    ArrivalOpening,
    CompletionItem,
    Roster,
    RosterRow,
)
from intake.models.sheets import Belonging, BelongingsRegister, HealthSheet, InjuryPhoto

__all__ = [
    "Admission",
    "Arrival",
    "ArrivalOpening",
    "Belonging",
    "BelongingsRegister",
    "CompletionItem",
    "HealthSheet",
    "InjuryPhoto",
    "Roster",
    "RosterRow",
]
