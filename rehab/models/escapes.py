"""What is proposed of an escape that is over, and who confirmed it under a sign-in of his own."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models.absences import Absence
from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.people import Case
from rehab.sealed import SealedField
from rehab.states import EscapeQuestion, ProposalStatus

if TYPE_CHECKING:
    from typing import Self


class EscapeProposalQuerySet(models.QuerySet["EscapeProposal"]):
    def visible_to(self, user: User) -> "Self":
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> "Self":
        """Those that wait for a leader."""
        return self.filter(status=ProposalStatus.PROPOSED)

    def waiting(self) -> "Self":
        """Open ones that may still be confirmed: no term moves once its case has ended, a wrong record is put right."""
        return self.open().filter(
            Q(question=EscapeQuestion.REVERSAL) | Q(case__ended_at__isnull=True)
        )


class EscapeProposal(Keyed):
    """脱逃事项: one officer proposes what moves a last day, another one decides. 戒毒条例第三十二条."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="escape_proposals")
    absence = models.ForeignKey(Absence, models.PROTECT, related_name="proposals")
    question = models.CharField("事项", max_length=10, choices=EscapeQuestion)
    status = models.CharField("状态", max_length=10, choices=ProposalStatus)
    days = models.PositiveSmallIntegerField("天数", default=0)
    grounds = SealedField("依据", kind="json")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提请时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)
    return_reason = SealedField("退回或者撤回的理由", null=True)

    objects = EscapeProposalQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"grounds", "return_reason"})
        open = frozenset(
            {
                "id", "case", "absence", "question", "status", "days", "proposed_by",
                "proposed_at", "decided_by", "decided_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "脱逃事项"
        indexes = [
            models.Index(fields=["case", "-proposed_at"], name="escape_proposal_by_case"),
            models.Index(fields=["status", "-proposed_at"], name="escape_proposal_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["absence"],
                condition=Q(status="proposed"),
                name="one_open_proposal_per_escape",
            ),
            models.UniqueConstraint(
                fields=["absence", "question"],
                condition=Q(status="confirmed"),
                name="an_escape_is_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["confirmed", "returned"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(status="withdrawn", decided_by__isnull=True, decided_at__isnull=False),
                name="decided_escape_proposal_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="two_people_judge_an_escape",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["returned", "withdrawn"]) | Q(return_reason__isnull=False),
                name="returned_escape_proposal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(question="uncounted", days__gt=0) | Q(question="reversal", days=0),
                name="days_are_of_what_is_not_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_question_display()}"

    def get_absolute_url(self) -> str:
        return reverse("intake:escape-detail", args=[self.pk])
