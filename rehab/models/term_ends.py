"""Where the printed end of a term and the computed one differ: what a province prints, and the letter that asks."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.documents import Document
from rehab.models.organisation import Bureau
from rehab.models.people import Case


class EndConvention(Keyed):
    """期满日的载明方式：what the decisions of a province print as the last day, of those made from a day on."""

    class Print(models.TextChoices):
        ANNIVERSARY = "anniversary", "决定书载明的截止日期为满二年当日"

    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    effective_from = models.DateField("生效日")
    prints = ArrayField(models.CharField(max_length=12, choices=Print), verbose_name="载明方式")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设定人")
    set_at = models.DateTimeField("设定时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "province", "effective_from", "prints", "set_by", "set_at"})

    class Meta:
        verbose_name = "期满日的载明方式"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "effective_from"],
                name="one_end_convention_per_province_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.effective_from}"


class EndInquiry(Keyed):
    """期限核实函：asks the deciding organ which of two last days is right; one for each difference."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="end_inquiries")
    ends_on = models.DateField("载明的期满日")
    alarm_on = models.DateField("推算的期满日")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    asked_at = models.DateTimeField("制作时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "case", "ends_on", "alarm_on", "document", "asked_by", "asked_at"})

    class Meta:
        verbose_name = "期限核实函"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "ends_on", "alarm_on"], name="one_inquiry_for_each_difference"
            ),
            models.CheckConstraint(
                condition=~Q(alarm_on=F("ends_on")), name="an_inquiry_asks_about_a_difference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 期限核实函"
