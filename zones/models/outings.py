"""外出探视: what an officer asks for of somebody, and what a leader answers."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from rehab.models import Absence, Case, Document, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from zones.states import OUTING_OPEN, Kin, OutingGround, OutingStatus, ProofBy

if TYPE_CHECKING:
    from typing import Self


class OutingQuerySet(models.QuerySet["Outing"]):
    def open(self) -> "Self":
        """Those that wait for an answer, or for the day."""
        return self.filter(status__in=OUTING_OPEN)


class Outing(Keyed):
    """外出探视审批: proposed by one, approved by another; the time out itself is an `Absence`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="outings")
    status = models.CharField("状态", max_length=10, choices=OutingStatus)
    ground = models.CharField("事由", max_length=15, choices=OutingGround)
    kin = models.CharField("与本人关系", max_length=15, choices=Kin)
    whom = SealedField("探视何人")
    place = SealedField("探视地点")
    proof_by = models.CharField("证明出具单位", max_length=10, choices=ProofBy, blank=True)
    papers = SealedField("证明材料", null=True)
    escorts = SealedField("陪同民警", null=True)
    leaves_on = models.DateField("外出日期")
    returns_on = models.DateField("回所日期")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提请时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("答复时间", null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    reason = SealedField("不批准或者撤回的理由", null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    absence = models.OneToOneField(Absence, models.PROTECT, null=True, related_name="outing")

    objects = OutingQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"whom", "place", "papers", "escorts", "reason"})
        open = frozenset(
            {
                "id", "case", "status", "ground", "kin", "proof_by", "leaves_on", "returns_on",
                "proposed_by", "proposed_at", "decided_by", "decided_at", "withdrawn_by",
                "withdrawn_at", "document", "absence",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "外出探视"
        indexes = [models.Index(fields=["case", "-proposed_at"], name="outing_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "approved"]),
                name="one_open_outing_per_case",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="outing_is_not_approved_by_its_proposer",
            ),
            models.CheckConstraint(
                condition=Q(returns_on__gte=F("leaves_on")), name="outing_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="answer_to_an_outing_is_signed_and_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, document__isnull=True)
                | Q(
                    status__in=["approved", "gone"],
                    decided_by__isnull=False,
                    document__isnull=False,
                )
                | Q(status="returned", decided_by__isnull=False, reason__isnull=False)
                | Q(
                    status="withdrawn",
                    withdrawn_by__isnull=False,
                    withdrawn_at__isnull=False,
                    reason__isnull=False,
                ),
                name="outing_says_who_answered_it_and_how",
            ),
            models.CheckConstraint(
                condition=Q(status="gone", absence__isnull=False)
                | (~Q(status="gone") & Q(absence__isnull=True)),
                name="outing_that_was_used_names_the_time_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 外出探视"
