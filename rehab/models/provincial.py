"""省级规则的拟定稿: proposed by one, confirmed or returned by another."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.organisation import Bureau
from rehab.states import PROPOSAL_FINAL, ProposalStatus

if TYPE_CHECKING:
    from rehab.rules.provincial import Values


class RuleProposalQuerySet(models.QuerySet["RuleProposal"]):
    def visible_to(self, user: User) -> "RuleProposalQuerySet":
        """Those of the user's own province."""
        return self.filter(province=user.bureau) if user.bureau else self.none()

    def open(self) -> "RuleProposalQuerySet":
        return self.filter(status=ProposalStatus.PROPOSED)


class RuleProposal(Keyed):
    """拟定稿：a version of a province's rule, from a day on, that waits for its second person."""

    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    code = models.CharField("规则", max_length=40)
    effective_from = models.DateField("施行日期")
    values: "models.JSONField[Values, Values]" = models.JSONField("内容")
    document_number = models.CharField("依据文号", max_length=60, blank=True)
    status = models.CharField("状态", max_length=10, choices=ProposalStatus)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟定人")
    proposed_at = models.DateTimeField("拟定时间")
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    decided_at = models.DateTimeField("处理时间", null=True)
    reason = models.CharField("退回理由", max_length=200, blank=True)

    objects = RuleProposalQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "province", "code", "effective_from", "values", "document_number", "status",
                "proposed_by", "proposed_at", "decided_by", "decided_at", "reason",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "省级规则拟定稿"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "code"],
                condition=Q(status="proposed"),
                name="one_open_proposal_per_province_and_rule",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["confirmed", "returned"])
                | ~Q(decided_by=F("proposed_by")),
                name="two_people_set_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=[status.value for status in sorted(PROPOSAL_FINAL)],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_proposal_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(reason=""), name="returned_proposal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.effective_from}"

    def get_absolute_url(self) -> str:
        return reverse("rehab:rule-detail", args=[self.pk])
