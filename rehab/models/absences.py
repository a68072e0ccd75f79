"""Who is out of the facility while his case goes on, since when, and with whom he came back."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.people import Case
from rehab.sealed import SealedField
from rehab.states import AbsenceKind

if TYPE_CHECKING:
    from typing import Self


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: User) -> "Self":
        return self.filter(case__in=Case.objects.visible_to(user))

    def standing(self) -> "Self":
        """Those that were not taken back as wrongly recorded."""
        return self.filter(reversed_at__isnull=True)

    def open(self) -> "Self":
        """Those who are out and whose case goes on."""
        return self.filter(returned_at__isnull=True, case__ended_at__isnull=True)


class Absence(Keyed):
    """离所: one time out of the facility. Of a hospital, a court or his family he keeps his bed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="absences")
    kind = models.CharField("事由", max_length=15, choices=AbsenceKind)
    left_at = models.DateTimeField("离所时间")
    expected_on = models.DateField("预计返回日", null=True)
    leaving = SealedField("去向、押送、文书", kind="json", null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField("回所时间", null=True)
    coming = SealedField("送回、检查、物品", kind="json", null=True)
    ran = models.BooleanField("在外脱逃", default=False)  # it ended where an escape begins
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    check_owed = models.BooleanField("待回所体检", default=False)  # injured, or not looked at yet
    checked_at = models.DateTimeField("回所体检时间", null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    findings = SealedField("回所体检结果", null=True)
    test_owed = models.BooleanField("待回所检测", default=False)  # after an outing to his family
    tested_at = models.DateTimeField("回所检测时间", null=True)
    tested_positive = models.BooleanField(
        "回所检测阳性", null=True
    )  # bars a proposal of early release
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uncounted_days = models.PositiveSmallIntegerField("不计入期限的天数", default=0)
    reversed_at = models.DateTimeField("撤销时间", null=True)

    objects = AbsenceQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"leaving", "coming", "findings"})
        masked = frozenset({"tested_positive"})
        open = frozenset(
            {
                "id", "case", "kind", "left_at", "expected_on", "recorded_by", "returned_at",
                "ran", "check_owed", "checked_at", "checked_by", "received_by", "confirmed_by",
                "uncounted_days", "reversed_at", "test_owed", "tested_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "离所"
        indexes = [models.Index(fields=["case", "-left_at"], name="absence_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(returned_at__isnull=True),
                name="one_open_absence_per_case",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, received_by__isnull=True, ran=False)
                | Q(
                    returned_at__isnull=False,
                    received_by__isnull=False,
                    returned_at__gte=F("left_at"),
                    ran=False,
                )
                | Q(
                    returned_at__isnull=False,
                    returned_at__gte=F("left_at"),
                    received_by__isnull=True,
                    ran=True,
                ),
                name="who_came_back_was_received",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, findings__isnull=True)
                | Q(
                    check_owed=True,
                    checked_at__isnull=False,
                    checked_by__isnull=False,
                    findings__isnull=False,
                ),
                name="a_check_on_return_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(tested_at__isnull=True, tested_positive__isnull=True)
                | Q(
                    kind="home_visit",
                    test_owed=True,
                    tested_at__gte=F("returned_at"),
                    tested_positive__isnull=False,
                ),
                name="a_test_on_return_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(ran=False) | ~Q(kind="escape"), name="nobody_runs_from_an_escape"
            ),
            models.CheckConstraint(
                condition=Q(uncounted_days=0)
                | Q(kind="escape", confirmed_by__isnull=False, returned_at__isnull=False),
                name="only_a_proved_escape_is_not_counted",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("received_by")),
                name="an_escape_is_proved_by_two",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True) | Q(kind="escape", returned_at__isnull=False),
                name="only_an_escape_that_is_over_is_reversed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"

    @property
    def back_label(self) -> str:
        """What coming back from it is called."""
        return AbsenceKind(self.kind).back_label
