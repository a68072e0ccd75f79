"""解除准备: who fetches somebody on his last day, and how he travels where nobody does."""

from django.db import models
from django.db.models import Q

from aftercare.states import FetchedBy, WayHome
from rehab.models import Case, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField


class ReleasePlan(Keyed):
    """解除准备: written anew as it changes, until he has left. A release never waits for it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="release_plan")
    fetched_by = models.CharField("谁来接", max_length=10, choices=FetchedBy)
    who = SealedField("来接的人", null=True)
    way = models.CharField("无人来接时", max_length=10, choices=WayHome, blank=True)
    where = SealedField("去处", null=True)
    chosen_on = models.DateField("本人书面选择日期", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    class Privacy:
        sealed = frozenset({"who", "where"})
        open = frozenset(
            {"id", "case", "fetched_by", "way", "chosen_on", "recorded_by", "recorded_at"}
        )

    class Meta:
        verbose_name = "解除准备"
        constraints = [
            models.CheckConstraint(
                condition=Q(fetched_by="nobody", way__in=["transport", "lodging", "alone"])
                | (~Q(fetched_by="nobody") & Q(way="")),
                name="whom_nobody_fetches_has_a_way_home",
            ),
            models.CheckConstraint(
                condition=Q(way="lodging", chosen_on__isnull=False)
                | (~Q(way="lodging") & Q(chosen_on__isnull=True)),
                name="lodging_is_his_own_written_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 解除准备"

    @property
    def words(self) -> str:
        """Who fetches him, or how and where to he goes, in one line."""
        beyond = (self.where if self.way else self.who) or ""
        return "，".join(one for one in (self.outline, beyond) if one)

    @property
    def outline(self) -> str:
        """The same for a letter that leaves the house: no name, no telephone, no address."""
        way = self.get_way_display() if self.way else ""
        return "，".join(one for one in (self.get_fetched_by_display(), way) if one)
