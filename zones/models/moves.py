"""A province's stage rules, and the moves of people from zone to zone."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from centers.states import AssessmentKind
from rehab.models import Bureau, Case, Unit, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import Stage
from zones.states import OPEN, MoveStatus


class StageRule(Keyed):
    """分期规则：how long a province wants a stage to last and what leaving it needs, from a day on.

    Days are calendar days from the day the zone was entered. Empty in the product.
    """

    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name="省级局")
    stage = models.CharField("期", max_length=2, choices=Stage)
    effective_from = models.DateField("施行日期")
    minimum_days = models.PositiveSmallIntegerField("最短天数")
    target_days = models.PositiveSmallIntegerField("应转天数")
    maximum_days = models.PositiveSmallIntegerField("最长天数")
    needs_assessment = models.CharField(
        "转出所需评估", max_length=20, choices=AssessmentKind, blank=True
    )
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设定人")
    set_at = models.DateTimeField("设定时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "province", "stage", "effective_from", "minimum_days", "target_days",
                "maximum_days", "needs_assessment", "set_by", "set_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "分期规则"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "stage", "effective_from"],
                name="one_stage_rule_per_province_stage_and_day",
            ),
            models.CheckConstraint(
                condition=Q(target_days__gte=F("minimum_days"), maximum_days__gte=F("target_days")),
                name="stage_days_stand_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.effective_from}"


class ZoneMoveQuerySet(models.QuerySet["ZoneMove"]):
    def visible_to(self, user: User) -> "ZoneMoveQuerySet":
        """Moves of the people a user may see: both sides of an open one, the receivers afterwards."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> "ZoneMoveQuerySet":
        return self.filter(status__in=OPEN)

    def in_transit_at(self, moment: datetime) -> "ZoneMoveQuerySet":
        """Approved by then, and neither received nor ended."""
        return self.filter(
            Q(received_at__gt=moment) | Q(received_at__isnull=True),
            Q(ended_at__gt=moment) | Q(ended_at__isnull=True),
            approved_at__lte=moment,
        )


class ZoneMove(Keyed):
    """转区：one person's way from a zone to the next, under three different signatures."""

    case = models.ForeignKey("rehab.Case", models.PROTECT, related_name="zone_moves")
    batch = models.CharField("批次", max_length=20)
    stage = models.CharField("转出的期", max_length=2, choices=Stage)
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="转出大队")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="接收大队")
    entered_at = models.DateTimeField("入区时间")
    due_on = models.DateField("应转日")
    status = models.CharField("状态", max_length=10, choices=MoveStatus)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提请人")
    proposed_at = models.DateTimeField("提请时间")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    approved_at = models.DateTimeField("审批时间", null=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    received_at = models.DateTimeField("接收时间", null=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="退回或撤回人"
    )
    ended_at = models.DateTimeField("退回或撤回时间", null=True)
    reason = SealedField("理由", null=True)

    objects = ZoneMoveQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"reason"})
        open = frozenset(
            {
                "id", "case", "batch", "stage", "from_unit", "to_unit", "entered_at", "due_on",
                "status", "proposed_by", "proposed_at", "approved_by", "approved_at",
                "received_by", "received_at", "ended_by", "ended_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "转区"
        indexes = [
            models.Index(fields=["case", "status"], name="zone_move_by_case"),
            models.Index(fields=["proposed_by", "-proposed_at"], name="zone_move_by_proposer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=[status.value for status in sorted(OPEN)]),
                name="one_open_zone_move_per_case",
            ),
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")), name="zone_move_leaves_its_unit"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="zone_move_is_not_approved_by_its_proposer",
            ),
            models.CheckConstraint(
                condition=Q(received_by__isnull=True)
                | (~Q(received_by=F("proposed_by")) & ~Q(received_by=F("approved_by"))),
                name="zone_move_is_received_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="zone_move_approval_is_signed_and_dated",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="received",
                    approved_at__isnull=False,
                    received_by__isnull=False,
                    received_at__isnull=False,
                )
                | (~Q(status="received") & Q(received_by__isnull=True, received_at__isnull=True)),
                name="zone_move_is_received_under_a_signature",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["returned", "withdrawn"],
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                )
                | (
                    ~Q(status__in=["returned", "withdrawn"])
                    & Q(ended_by__isnull=True, ended_at__isnull=True)
                ),
                name="zone_move_that_failed_says_who_ended_it",
            ),
            models.CheckConstraint(
                condition=~Q(status="proposed", approved_at__isnull=False)
                & ~Q(status="in_transit", approved_at__isnull=True),
                name="zone_move_in_transit_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(reason__isnull=False),
                name="returned_zone_move_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.batch}"

    def get_absolute_url(self) -> str:
        return reverse("zones:proposal-create", args=[self.case.number])
