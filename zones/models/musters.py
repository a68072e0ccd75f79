"""点名 as it was taken: who was expected, who answered, who did not and why. What is recorded stays."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models import Facility, Unit, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import AbsenceKind, CaseStatus, Reach
from zones.states import MusterKind, NotThere, Standing, Today


class MusterQuerySet(models.QuerySet["Muster"]):
    def visible_to(self, user: User) -> "MusterQuerySet":
        """Those of the user's own 大队, or of his facility; above facilities nobody reads them."""
        if user.posting is None:
            return self.none()
        if user.reach == Reach.UNIT and user.unit is not None:
            return self.filter(unit=user.unit)
        if user.reach == Reach.FACILITY:
            return self.filter(facility=user.posting.facility_id)
        return self.none()

    def standing(self) -> "MusterQuerySet":
        """The last word on each: those that were not corrected."""
        return self.filter(corrected_by__isnull=True)


class Muster(Keyed):
    """一次点名 of a 大队: append-only. A second one of a day, and a correction, say why there is one."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="大队")
    kind = models.CharField("点名", max_length=10, choices=MusterKind)
    on = models.DateField("日期")
    called_at = models.DateTimeField("点名时间")
    recorded_at = models.DateTimeField("记录时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="记录人")
    expected = models.PositiveSmallIntegerField("应到")
    present = models.PositiveSmallIntegerField("在场")
    out = models.PositiveSmallIntegerField("离所")
    in_transit = models.PositiveSmallIntegerField("在途")
    absent = models.PositiveSmallIntegerField("不在场")
    reason = SealedField("理由", null=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正"
    )

    objects = MusterQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"reason"})
        open = frozenset(
            {
                "id", "facility", "unit", "kind", "on", "called_at", "recorded_at", "by",
                "expected", "present", "out", "in_transit", "absent", "corrects",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "点名"
        indexes = [
            models.Index(fields=["unit", "-called_at"], name="muster_by_unit"),
            models.Index(fields=["facility", "-called_at"], name="muster_by_facility"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "on"],
                condition=Q(reason__isnull=True),
                name="another_muster_of_a_kind_and_day_says_why",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | Q(reason__isnull=False),
                name="correction_of_a_muster_says_why",
            ),
            models.CheckConstraint(
                condition=Q(expected=F("present") + F("out") + F("in_transit") + F("absent")),
                name="muster_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("zones:muster-detail", args=[self.pk])


class MusterLine(Keyed):
    """One person on the list of a roll-call: where he stood by the books, and why he did not answer."""

    muster = models.ForeignKey(Muster, models.PROTECT, related_name="lines")
    case = models.ForeignKey("rehab.Case", models.PROTECT, related_name="+")
    standing = models.CharField("应在", max_length=10, choices=Standing)
    status = models.CharField("状态", max_length=20, choices=CaseStatus)
    away = models.CharField("离所事由", max_length=15, choices=AbsenceKind, blank=True)
    room = models.CharField("房间", max_length=20, blank=True)
    bed = models.CharField("床号", max_length=10, blank=True)
    today = models.CharField("今日", max_length=10, choices=Today, blank=True)
    absence = models.CharField("不在场原因", max_length=10, choices=NotThere, blank=True)
    note = SealedField("说明", null=True)

    class Privacy:
        sealed = frozenset({"note"})
        open = frozenset(
            {
                "id",
                "muster",
                "case",
                "standing",
                "status",
                "away",
                "room",
                "bed",
                "today",
                "absence",
            }
        )

    class Meta:
        verbose_name = "点名名单"
        constraints = [
            models.UniqueConstraint(fields=["muster", "case"], name="one_line_per_muster_and_case"),
            models.CheckConstraint(
                condition=~Q(standing="out") | Q(absence=""),
                name="who_is_out_is_not_absent",
            ),
            models.CheckConstraint(
                condition=Q(standing="out") | Q(away=""), name="only_who_is_out_is_away"
            ),
            models.CheckConstraint(
                condition=~Q(absence="other") | Q(note__isnull=False),
                name="other_absence_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(absence="") | Q(note__isnull=True),
                name="note_is_of_an_absence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_standing_display()}"

    @property
    def out_label(self) -> str:
        """Why somebody was out."""
        return self.get_away_display() or self.get_status_display()
