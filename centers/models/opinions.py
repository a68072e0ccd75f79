"""提前解除、延长期限的意见: from its proposal to the deciding organ's answer, and what the person says against it."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from centers.models.base import Record, RecordQuerySet
from centers.states import OPINION_OPEN, REVIEWABLE, ObjectionStatus, OpinionStatus
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import TermDecisionKind

DISCUSSED = ("noticed", "signed", "sent", "received", "approved", "refused", "upheld", "declined")
SIGNED = ("signed", "sent", "received", "approved", "refused")
CLOSED = ("refused", "rejected", "upheld", "declined", "withdrawn", "ended")


class OpinionQuerySet(RecordQuerySet["Opinion"]):
    def open(self) -> "OpinionQuerySet":
        """Those under way."""
        return self.filter(status__in=sorted(OPINION_OPEN))


class Opinion(Record):
    """意见：the facility's, never a decision. It moves no last day; only what is served does."""

    moment = "proposed_at"

    kind = models.CharField("种类", max_length=15, choices=TermDecisionKind)
    status = models.CharField("状态", max_length=10, choices=OpinionStatus)
    assessment = models.ForeignKey("centers.Assessment", models.PROTECT, related_name="+")
    months = models.PositiveSmallIntegerField("建议月数")
    grounds = SealedField("理由")
    proposed_at = models.DateTimeField("提出时间")
    discussed_on = models.DateField("讨论日期", null=True)
    participants = ArrayField(models.UUIDField(), verbose_name="参加讨论人员", default=list)
    conclusion = SealedField("讨论结论", null=True)
    dissent = SealedField("不同意见", null=True)
    discussed_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    notice_from = models.DateField("公示起始日", null=True)
    notice_until = models.DateField("公示截止日", null=True)
    notice = models.OneToOneField("rehab.Document", models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("审批时间", null=True)
    document = models.OneToOneField("rehab.Document", models.PROTECT, null=True, related_name="+")
    sent_on = models.DateField("报送日期", null=True)
    sent_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    received_on = models.DateField("决定机关收到日期", null=True)
    receipt = SealedField("签收人或者回执", null=True)
    received_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    decision_number = SealedField("决定文号", null=True)
    decision_index = models.CharField(max_length=64, default="", blank=True)
    decided_on = models.DateField("决定日期", null=True)
    decided_months = models.PositiveSmallIntegerField("决定延长月数", null=True)
    decided_ends_on = models.DateField("决定的期满日", null=True)
    answered_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("决定登记时间", null=True)
    reply = models.OneToOneField("rehab.Document", models.PROTECT, null=True, related_name="+")
    reason = SealedField("终结的理由", null=True)
    closed_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField("终结时间", null=True)

    objects: ClassVar[Any] = OpinionQuerySet.as_manager()

    class Privacy:
        sealed = frozenset(
            {"grounds", "conclusion", "dissent", "receipt", "decision_number", "reason"}
        )
        masked = frozenset({"decision_index"})
        open = frozenset(
            {
                "id", "case", "by", "kind", "status", "assessment", "months", "proposed_at",
                "discussed_on", "participants", "discussed_by", "notice_from", "notice_until",
                "notice", "signed_by", "signed_at", "document", "sent_on", "sent_by", "received_on",
                "received_by", "decided_on", "decided_months", "decided_ends_on", "answered_by",
                "answered_at", "reply", "closed_by", "closed_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "提前解除、延长期限意见"
        indexes = [models.Index(fields=["case", "-proposed_at"], name="opinion_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["proposed", "noticed", "signed", "sent", "received"]),
                name="one_open_opinion_per_case",
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=12), name="opinion_is_of_1_to_12_months"
            ),
            models.CheckConstraint(
                condition=Q(discussed_by__isnull=True) | ~Q(discussed_by=F("by")),
                name="another_records_the_discussion",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("by")),
                name="another_signs_the_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DISCUSSED)
                | Q(
                    discussed_by__isnull=False,
                    discussed_on__isnull=False,
                    conclusion__isnull=False,
                    participants__len__gte=3,
                    notice__isnull=False,
                    notice_from__isnull=False,
                    notice_until__gte=F("notice_from"),
                ),
                name="discussed_by_three_and_noticed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SIGNED)
                | Q(signed_by__isnull=False, signed_at__isnull=False, document__isnull=False),
                name="signed_opinion_has_its_paper",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "received", "approved", "refused"])
                | Q(sent_by__isnull=False, sent_on__isnull=False),
                name="sent_opinion_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["received", "approved", "refused"])
                | Q(received_by__isnull=False, received_on__gte=F("sent_on")),
                name="received_opinion_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "refused"])
                | Q(
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    decision_number__isnull=False,
                    decided_on__gte=F("received_on"),
                ),
                name="answered_opinion_has_its_decision",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(kind="extension", decided_months__isnull=False, decided_ends_on__isnull=True)
                | Q(kind="early_release", decided_months__isnull=True, decided_ends_on__isnull=False),
                name="approved_opinion_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CLOSED)
                | Q(closed_by__isnull=False, closed_at__isnull=False, reason__isnull=False),
                name="closed_opinion_says_by_whom_and_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}意见"

    @property
    def is_reviewable(self) -> bool:
        """Whether an objection to it is still reviewed."""
        return self.status in REVIEWABLE


class Objection(Record):
    """异议：what the person, or somebody for him, says against an opinion; reviewed by who had no part in it."""

    moment = "lodged_at"

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="objections")
    status = models.CharField("状态", max_length=10, choices=ObjectionStatus)
    lodged_at = models.DateTimeField("提出时间")
    recorded_at = models.DateTimeField("录入时间")
    behalf = SealedField("代为提出的人", null=True)
    words = SealedField("异议内容")
    review_due_on = models.DateField("复核期限")
    findings = SealedField("复核意见", null=True)
    reviewed_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField("复核时间", null=True)
    reply = models.OneToOneField("rehab.Document", models.PROTECT, null=True, related_name="+")

    class Privacy:
        sealed = frozenset({"behalf", "words", "findings"})
        open = frozenset(
            {
                "id", "case", "by", "opinion", "status", "lodged_at", "recorded_at",
                "review_due_on", "reviewed_by", "reviewed_at", "reply",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "异议"
        indexes = [models.Index(fields=["opinion", "lodged_at"], name="objection_by_opinion")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="lodged", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(
                    status__in=["upheld", "dismissed"],
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                    findings__isnull=False,
                    reply__isnull=False,
                ),
                name="reviewed_objection_is_signed_and_replied_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 异议"


class OpinionRule(Keyed):
    """省级公示和复核规则：how long an opinion is on public notice, and an objection under review."""

    province = models.ForeignKey("rehab.Bureau", models.PROTECT, related_name="+")
    effective_from = models.DateField("施行日期")
    notice_days = models.PositiveSmallIntegerField("公示天数")
    review_days = models.PositiveSmallIntegerField("复核期限（日）")
    set_by = models.ForeignKey("rehab.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField("设定时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {"id", "province", "effective_from", "notice_days", "review_days", "set_by", "set_at"}
        )

    class Meta:
        verbose_name = "公示和复核规则"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "effective_from"], name="one_opinion_rule_per_province_and_day"
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=1, review_days__gte=1), name="opinion_rule_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.effective_from}"
