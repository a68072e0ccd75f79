"""时限: what must happen, and by when."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.organisation import Facility, Unit
from rehab.models.people import Case, in_reach_of
from rehab.states import Reach

if TYPE_CHECKING:
    from datetime import datetime


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        return self.filter(satisfied_at__isnull=True)

    def overdue(self, *, at: "datetime") -> "DeadlineQuerySet":
        return self.open().filter(due_at__lt=at)

    def owed_by(self, user: User) -> "DeadlineQuerySet":
        """What this user's post owes: its role, within its place, of cases he may see."""
        mine = self.filter(owed_by=user.role)
        if user.posting is None:
            return self.none()
        if user.reach == Reach.STATION:
            return mine.filter(case__in=Case.objects.filter(in_reach_of(user)))
        if user.reach == Reach.UNIT:
            units = Unit.objects.of_brigade(user.unit)
            own = Q(unit__isnull=True, case__unit__in=units)
            return mine.filter(own | Q(unit__in=units))
        if user.reach == Reach.FACILITY:
            return mine.filter(facility=user.facility)
        return self.none()


class Deadline(Keyed):
    """时限：what must happen, by when, who owes it. A projection of facts, never a counter."""

    class Unit(models.TextChoices):
        CALENDAR = "calendar", "日"
        WORKING = "working", "工作日"

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    facility = models.ForeignKey(Facility, models.PROTECT)
    clock = models.CharField("时钟", max_length=40)
    cycle = models.CharField("轮次", max_length=40, blank=True)
    opened_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("应办结时间")
    day_unit = models.CharField("日的种类", max_length=10, choices=Unit, default=Unit.CALENDAR)
    article = models.CharField("依据", max_length=40, blank=True)
    owed_by = models.CharField("责任岗位", max_length=30)
    unit = models.ForeignKey(  # null: the case's own
        "rehab.Unit", models.PROTECT, null=True, related_name="+", verbose_name="责任大队"
    )
    satisfied_at = models.DateTimeField("办结时间", null=True)

    objects = DeadlineQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "case", "facility", "clock", "cycle", "opened_at", "due_at", "day_unit",
                "article", "owed_by", "unit", "satisfied_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "时限"
        indexes = [
            models.Index(
                fields=["facility", "owed_by", "due_at"],
                condition=Q(satisfied_at__isnull=True),
                name="deadline_open_by_post",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "cycle"], name="one_deadline_per_cycle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.clock}"
