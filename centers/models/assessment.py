"""诊断评估中心：monthly conduct, the social form, what a province asks for, and the assessment itself."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from centers.models.base import Record, RecordQuerySet
from centers.states import AssessmentKind, AssessmentStatus, Grade, Need, SocialCriterion
from rehab.models.base import Keyed
from rehab.sealed import SealedField

FULL_MARK = 100


class ConductMonth(Record):
    """行为表现月考核：marked by a zone officer, confirmed by another officer's signature."""

    moment = "month"

    month = models.DateField("月份")  # its first day
    mark = models.PositiveSmallIntegerField("得分")
    marked_at = models.DateTimeField("评定时间")
    confirmed_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("复核时间", null=True)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {"id", "case", "by", "month", "mark", "marked_at", "confirmed_by", "confirmed_at"}
        )

    class Meta:
        verbose_name = "行为表现月考核"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "month"], name="one_conduct_mark_per_case_and_month"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="conduct_month_is_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(mark__gte=0, mark__lte=FULL_MARK), name="conduct_mark_is_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="conduct_is_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")),
                name="two_people_sign_a_conduct_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.label}"

    @property
    def label(self) -> str:
        """2026-12."""
        return f"{self.month:%Y-%m}"


class SocialForm(Record):
    """社会环境与适应能力：the five criteria of statutes.SOCIAL_CRITERIA."""

    agreement = models.BooleanField(SocialCriterion.AGREEMENT.label)
    support = models.BooleanField(SocialCriterion.SUPPORT.label)
    accepts_help = models.BooleanField(SocialCriterion.ACCEPTS_HELP.label)
    livelihood = models.BooleanField(SocialCriterion.LIVELIHOOD.label)
    income_or_home = models.BooleanField(SocialCriterion.INCOME_OR_HOME.label)
    note = SealedField("说明", null=True)
    result = models.CharField(
        "结果", max_length=4, choices=[(g.value, g.label) for g in (Grade.GOOD, Grade.FAIR)]
    )
    recorded_at = models.DateTimeField("录入时间")

    class Privacy:
        sealed = frozenset({"note"})
        open = frozenset({"id", "case", "by", "result", "recorded_at", *SocialCriterion.values})

    class Meta:
        verbose_name = "社会环境与适应能力"

    def __str__(self) -> str:
        return f"{self.case} 社会环境与适应能力"


class AssessmentRuleQuerySet(models.QuerySet["AssessmentRule"]):
    def in_force(self, *, on: date) -> "AssessmentRuleQuerySet":
        """Of each province and kind, the rule that governs a day."""
        begun = self.filter(effective_from__lte=on)
        return begun.order_by("province", "kind", "-effective_from").distinct("province", "kind")


class AssessmentRule(Keyed):
    """省级诊断评估规则：what an assessment of a kind needs, from a day on. Empty in the product."""

    province = models.ForeignKey("rehab.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("评估", max_length=15, choices=AssessmentKind)
    effective_from = models.DateField("施行日期")
    needs = ArrayField(models.CharField(max_length=10, choices=Need), verbose_name="所需事项")
    conduct_pass_mark = models.PositiveSmallIntegerField("行为表现合格分", default=60)
    due_days = models.PositiveSmallIntegerField("办理期限（日）", default=30)
    set_by = models.ForeignKey("rehab.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField("设定时间")

    objects = AssessmentRuleQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "province", "kind", "effective_from", "needs", "conduct_pass_mark",
                "due_days", "set_by", "set_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "诊断评估规则"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "kind", "effective_from"],
                name="one_assessment_rule_per_province_kind_and_day",
            ),
            models.CheckConstraint(
                condition=Q(conduct_pass_mark__lte=FULL_MARK), name="conduct_pass_mark_is_a_mark"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.get_kind_display()} {self.effective_from}"


class AssessmentQuerySet(RecordQuerySet["Assessment"]):
    def standing(self) -> "AssessmentQuerySet":
        """Concluded, and not replaced by a later conclusion."""
        return self.filter(status=AssessmentStatus.CONCLUDED)

    def drafted(self) -> "AssessmentQuerySet":
        return self.filter(status=AssessmentStatus.DRAFTED)


class Assessment(Record):
    """诊断评估：drafted by one, concluded by another. A later conclusion supersedes, nothing is edited."""

    moment = "drafted_at"

    kind = models.CharField("评估", max_length=15, choices=AssessmentKind)
    status = models.CharField("状态", max_length=10, choices=AssessmentStatus)
    parts = models.JSONField("各项结果")  # code of Need → code of Grade
    result = models.CharField(
        "结论", max_length=4, choices=[(g.value, g.label) for g in (Grade.PASS, Grade.FAIL)]
    )
    reasons = SealedField("理由", null=True)
    drafted_at = models.DateTimeField("拟定时间")
    concluded_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField("结论时间", null=True)
    returned_for = SealedField("退回原因", null=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    corrects_for = SealedField("更正原因", null=True)

    objects: ClassVar[Any] = AssessmentQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"reasons", "returned_for", "corrects_for"})
        open = frozenset(
            {
                "id", "case", "by", "kind", "status", "parts", "result", "drafted_at",
                "concluded_by", "concluded_at", "supersedes",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "诊断评估"
        indexes = [models.Index(fields=["case", "kind", "status"], name="assessment_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(status="drafted"),
                name="one_assessment_draft_per_case_and_kind",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(status="concluded"),
                name="one_standing_assessment_per_case_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["concluded", "superseded"],
                    concluded_by__isnull=False,
                    concluded_at__isnull=False,
                )
                | Q(
                    status__in=["drafted", "returned"],
                    concluded_by__isnull=True,
                    concluded_at__isnull=True,
                ),
                name="concluded_assessment_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(concluded_by__isnull=True) | ~Q(concluded_by=F("by")),
                name="two_people_sign_an_assessment",
            ),
            models.CheckConstraint(
                condition=Q(result="pass") | Q(reasons__isnull=False),
                name="failed_assessment_gives_reasons",
            ),
            models.CheckConstraint(
                condition=Q(status="returned", returned_for__isnull=False)
                | (~Q(status="returned") & Q(returned_for__isnull=True)),
                name="returned_assessment_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"
