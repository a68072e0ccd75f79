"""死亡: what is known of it, who confirmed it, and who was told when and by which means."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from aftercare.states import DeathAudience, Means
from rehab.models import Case, Document, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import ProposalStatus

if TYPE_CHECKING:
    from typing import Self


class DeathQuerySet(models.QuerySet["Death"]):
    def standing(self) -> "Self":
        """Those that were not taken back."""
        return self.exclude(status=ProposalStatus.WITHDRAWN)


class Death(Keyed):
    """死亡登记：one officer records it, a leader confirms it; until then it can be taken back."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="deaths")
    status = models.CharField("状态", max_length=10, choices=ProposalStatus)
    died_at = models.DateTimeField("死亡时间")
    learned_at = models.DateTimeField("得知时间")
    place = SealedField("死亡地点")
    manner = SealedField("死亡经过")
    established_by = SealedField("认定人")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)
    withdrawal = SealedField("撤回理由", null=True)

    objects = DeathQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"place", "manner", "established_by", "withdrawal"})
        open = frozenset(
            {
                "id", "case", "status", "died_at", "learned_at", "recorded_by", "recorded_at",
                "decided_by", "decided_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "死亡登记"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "confirmed"]),
                name="nobody_dies_twice",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["confirmed", "withdrawn"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_death_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(decided_by=F("recorded_by")),
                name="two_people_establish_a_death",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | Q(withdrawal__isnull=False),
                name="withdrawn_death_says_why",
            ),
            models.CheckConstraint(
                condition=Q(died_at__lte=F("learned_at"), learned_at__lte=F("recorded_at")),
                name="a_death_is_learned_of_after_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 死亡登记"


class DeathNotice(Keyed):
    """死亡通知书 to one recipient, and how he was told; a telephone is quicker than paper."""

    death = models.ForeignKey(Death, models.PROTECT, related_name="notices")
    audience = models.CharField("告知对象", max_length=20, choices=DeathAudience)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    told_at = models.DateTimeField("告知时间", null=True)
    means = models.CharField("告知方式", max_length=10, choices=Means, blank=True)
    received_by = SealedField("接收人", null=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Privacy:
        sealed = frozenset({"received_by"})
        open = frozenset({"id", "death", "audience", "document", "told_at", "means", "told_by"})

    class Meta:
        verbose_name = "死亡通知书"
        constraints = [
            models.UniqueConstraint(
                fields=["death", "audience"], name="one_death_notice_per_recipient"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True, means="")
                | Q(told_at__isnull=False, told_by__isnull=False) & ~Q(means=""),
                name="told_of_a_death_at_a_moment_by_some_means",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.death} {self.get_audience_display()}"
