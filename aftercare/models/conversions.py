"""变更为社区戒毒: what the facility proposes, and what the deciding organ answers."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from aftercare.states import CONVERSION_OPEN, ConversionStatus, Inapplicable
from rehab.models import Case, Document, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField

if TYPE_CHECKING:
    from typing import Self


class ConversionQuerySet(models.QuerySet["Conversion"]):
    def open(self) -> "Self":
        """Those on their way."""
        return self.filter(status__in=CONVERSION_OPEN)


class Conversion(Keyed):
    """变更社区戒毒建议：proposed by one, sent by another, answered by the deciding organ."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="conversions")
    status = models.CharField("状态", max_length=10, choices=ConversionStatus)
    grounds = SealedField("理由")
    diagnosed_by = SealedField("诊断机构")
    bar = SealedField("不适用的情形", null=True)  # a word of states.Inapplicable
    found_at = models.DateTimeField("查明时间", null=True)  # of a bar: sent on the same day
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提请时间")
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField("报送时间", null=True)
    received_on = models.DateField("决定机关收到日期", null=True)
    receipt = SealedField("签收人或者回执", null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    decision_number = SealedField("决定文号", null=True)
    decided_on = models.DateField("决定日期", null=True)
    reason = SealedField("不变更或者撤回的理由", null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("办结时间", null=True)

    objects = ConversionQuerySet.as_manager()

    class Privacy:
        sealed = frozenset(
            {"grounds", "diagnosed_by", "bar", "receipt", "decision_number", "reason"}
        )
        open = frozenset(
            {
                "id", "case", "status", "found_at", "proposed_by", "proposed_at", "sent_by",
                "sent_at", "received_on", "document", "decided_on", "closed_by", "closed_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "变更社区戒毒建议"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "sent"]),
                name="one_open_conversion_per_case",
            ),
            models.CheckConstraint(
                condition=Q(bar__isnull=True, found_at__isnull=True)
                | Q(bar__isnull=False, found_at__isnull=False),
                name="what_bars_the_measure_has_its_hour",
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=True) | ~Q(sent_by=F("proposed_by")),
                name="two_people_ask_for_a_conversion",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", sent_by__isnull=True)
                | Q(status="withdrawn")
                | Q(
                    status__in=["sent", "converted", "refused"],
                    sent_by__isnull=False,
                    sent_at__isnull=False,
                    received_on__isnull=False,
                    document__isnull=False,
                ),
                name="sent_conversion_has_its_paper_and_day",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "sent"], closed_by__isnull=True)
                | Q(status="converted", closed_by__isnull=False, decided_on__isnull=False)
                | Q(
                    status="refused",
                    closed_by__isnull=False,
                    decided_on__isnull=False,
                    reason__isnull=False,
                )
                | Q(status="withdrawn", closed_by__isnull=False, reason__isnull=False),
                name="closed_conversion_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 变更社区戒毒建议"

    @property
    def bars(self) -> bool:
        """Whether the measure does not apply to her at all, wherever she is."""
        return self.found_at is not None

    @property
    def bar_label(self) -> str:
        """What it is, in words."""
        return Inapplicable(str(self.bar)).label if self.bars else ""
