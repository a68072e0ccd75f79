"""决定书更正: what is on file of a decision written anew, or the deciding organ's word that it is right."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.people import Case
from rehab.sealed import SealedField
from rehab.states import CorrectionCause, ProposalStatus

if TYPE_CHECKING:
    from typing import Self


class DecisionCorrectionQuerySet(models.QuerySet["DecisionCorrection"]):
    def visible_to(self, user: User) -> "Self":
        return self.filter(case__in=Case.objects.visible_to(user))

    def waiting(self) -> "Self":
        """Those that somebody else must decide, in a case that goes on: no term moves once it has ended."""
        return self.filter(status=ProposalStatus.PROPOSED, case__ended_at__isnull=True)

    def upholding(self) -> "Self":
        """Confirmed answers of a deciding organ that the day it printed is right."""
        return self.filter(status=ProposalStatus.CONFIRMED, cause=CorrectionCause.UPHELD)


class DecisionCorrection(Keyed):
    """决定书更正: proposed by one officer, confirmed by another. 禁毒法第四十条；个人信息保护法第四十六条."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decision_corrections")
    cause = models.CharField("原因", max_length=6, choices=CorrectionCause)
    number = SealedField("决定书文号")
    authority = models.CharField("决定机关", max_length=60)
    decided_on = models.DateField("决定日期")
    printed_starts_on = models.DateField("载明起日", null=True)
    printed_ends_on = models.DateField("载明止日")
    was = SealedField("更正前", kind="json")
    letter = SealedField("决定机关的函", null=True)
    written_on = models.DateField("函的日期", null=True)
    received_on = models.DateField("收到日期", null=True)
    reason = SealedField("依据")
    status = models.CharField("状态", max_length=10, choices=ProposalStatus)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)
    return_reason = SealedField("退回理由", null=True)

    objects = DecisionCorrectionQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"number", "was", "letter", "reason", "return_reason"})
        open = frozenset(
            {
                "id", "case", "cause", "authority", "decided_on", "printed_starts_on",
                "printed_ends_on", "written_on", "received_on", "status", "proposed_by",
                "proposed_at", "decided_by", "decided_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "决定书更正"
        indexes = [
            models.Index(fields=["case", "-proposed_at"], name="decision_correction_by_case"),
            models.Index(fields=["status", "-proposed_at"], name="decision_correction_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status="proposed"),
                name="one_decision_correction_waits_in_a_case",
            ),
            models.CheckConstraint(
                condition=Q(
                    cause="entry",
                    letter__isnull=True,
                    written_on__isnull=True,
                    received_on__isnull=True,
                )
                | Q(
                    cause__in=["organ", "upheld"],
                    letter__isnull=False,
                    written_on__isnull=False,
                    received_on__gte=F("written_on"),
                ),
                name="the_word_of_an_organ_is_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["confirmed", "returned"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="a_decided_decision_correction_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="two_people_correct_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(return_reason__isnull=False),
                name="a_returned_decision_correction_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_cause_display()}"

    def get_absolute_url(self) -> str:
        return reverse("aftercare:decision-correction-detail", args=[self.pk])
