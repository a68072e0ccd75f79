"""决定撤销: the paper that ends custody, and that the person left on it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from aftercare.states import RevokedBy
from rehab.models import Case, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import ProposalStatus

if TYPE_CHECKING:
    from typing import Self


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def standing(self) -> "Self":
        """Those that were not taken back."""
        return self.exclude(status=ProposalStatus.WITHDRAWN)


class Revocation(Keyed):
    """决定撤销：once recorded nobody may be kept; confirmed by who lets the person go."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="revocations")
    status = models.CharField("状态", max_length=10, choices=ProposalStatus)
    revoked_by = models.CharField("由谁撤销", max_length=10, choices=RevokedBy)
    organ = models.CharField("撤销机关", max_length=60)
    number = SealedField("文书号", null=True)
    revoked_on = models.DateField("撤销日期")
    received_at = models.DateTimeField("收到时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)
    answers = SealedField("说明", kind="json", null=True)  # code of the caution → reason given
    withdrawal = SealedField("撤回理由", null=True)

    objects = RevocationQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"number", "answers", "withdrawal"})
        open = frozenset(
            {
                "id", "case", "status", "revoked_by", "organ", "revoked_on", "received_at",
                "recorded_by", "recorded_at", "decided_by", "decided_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "决定撤销"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "confirmed"]),
                name="a_decision_is_revoked_once",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["confirmed", "withdrawn"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_revocation_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | (~Q(decided_by=F("recorded_by")) & Q(withdrawal__isnull=False)),
                name="two_people_take_a_revocation_back",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed", decided_by=F("recorded_by"))
                | Q(answers__isnull=False),
                name="who_let_him_go_alone_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 决定撤销"
