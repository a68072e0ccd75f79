"""教育矫正中心：entry education."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from centers.models.base import Record


class EntryEducation(Record):
    """入所教育：when it began and ended, its hours and its result."""

    class Result(models.TextChoices):
        PASS = "pass", "合格"
        FAIL = "fail", "不合格"

    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期")
    hours = models.PositiveSmallIntegerField("课时", validators=[MinValueValidator(1)])
    result = models.CharField("结果", max_length=4, choices=Result)
    recorded_at = models.DateTimeField("录入时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {"id", "case", "by", "started_on", "ended_on", "hours", "result", "recorded_at"}
        )

    class Meta:
        verbose_name = "入所教育"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(result="pass"), name="entry_education_is_passed_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gt=F("started_on"), hours__gte=1),
                name="entry_education_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 入所教育"
