"""康复训练中心：fitness tests."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from centers.measures import MEASURES
from centers.models.base import Record

_ROUND_BMI = Decimal("0.1")


class FitnessTest(Record):
    """体能测试, after the medical screening that says it is safe."""

    moment = "recorded_at"

    class Result(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        GOOD = "good", "良好"
        PASS = "pass", "合格"
        FAIL = "fail", "不合格"

    tested_on = models.DateField("测试日期")
    cleared = models.BooleanField("医疗筛查合格")
    height_cm = models.DecimalField("身高", max_digits=4, decimal_places=1)
    weight_kg = models.DecimalField("体重", max_digits=4, decimal_places=1)
    vital_capacity_ml = models.PositiveSmallIntegerField("肺活量")
    grip_kg = models.DecimalField("握力", max_digits=4, decimal_places=1)
    sit_and_reach_cm = models.DecimalField("坐位体前屈", max_digits=4, decimal_places=1)
    steps_two_minutes = models.PositiveSmallIntegerField("二分钟原地高抬腿")
    result = models.CharField("等级", max_length=10, choices=Result)
    recorded_at = models.DateTimeField("录入时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "case", "by", "tested_on", "cleared", "result", "recorded_at",
                *(measure.code for measure in MEASURES),
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "体能测试"
        indexes = [models.Index(fields=["case", "-recorded_at"], name="fitness_test_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared=True), name="fitness_is_tested_after_medical_clearance"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(
                        **{
                            f"{measure.code}__gte": measure.lowest,
                            f"{measure.code}__lte": measure.highest,
                        }
                    ),
                    name=f"{measure.code}_is_plausible",
                )
                for measure in MEASURES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 体能测试"

    @property
    def bmi(self) -> Decimal:
        """体重指数, kg/m², to one decimal."""
        metres = self.height_cm / 100
        return (self.weight_kg / (metres * metres)).quantize(_ROUND_BMI)
