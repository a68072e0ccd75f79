"""What the house keeps of its own doings: calls for a match, sweeps, the demo's day."""

from django.db import models

from rehab.models.base import Keyed
from rehab.models.organisation import Facility


class MatchCall(Keyed):
    """全国比对留痕：every question put across the nation; written by the function that answers it."""

    class Purpose(models.TextChoices):
        PERSON = "person", "核对既往"
        DECISION = "decision", "核对决定书文号"
        NUMBER = "number", "核对是否同一人"
        ROSTER = "roster", "核对名册"
        HISTORY = "history", "查阅既往"
        MERGE = "merge", "核对合并"

    actor = models.CharField(max_length=60)
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    by_number = models.BooleanField()
    asked = models.PositiveIntegerField("问了几项")
    found = models.PositiveSmallIntegerField("答了几项")
    at = models.DateTimeField()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "actor", "purpose", "by_number", "asked", "found", "at"})

    def __str__(self) -> str:
        return f"{self.actor} {self.get_purpose_display()} {self.found}/{self.asked}"


class SweepRun(Keyed):
    """One finished nightly sweep of a facility, for a business day.

    When it really finished tells an outage from a demo whose day was moved.
    """

    facility = models.ForeignKey(Facility, models.PROTECT)
    on = models.DateField()
    finished_at = models.DateTimeField()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "facility", "on", "finished_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "on"], name="one_sweep_per_facility_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.on}"


class DemoClock(models.Model):
    """By how many seconds the demo's business time runs ahead. One row at most; read by `rehab.clock`."""

    seconds = models.BigIntegerField()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "seconds"})

    def __str__(self) -> str:
        return str(self.seconds)
