"""戒毒医疗中心：own drug tests, and the conclusion that ends the detox stage."""

from django.db import models
from django.db.models import F, Q

from centers.models.base import Record
from centers.states import DetoxCriterion
from rehab.sealed import SealedField

ALL_MET = dict.fromkeys(DetoxCriterion.values, True)


class DrugTest(Record):
    """所内毒品检测：the facility's own, never the police's determination. Two people take it."""

    moment = "tested_at"

    class Sample(models.TextChoices):
        URINE = "urine", "尿液"
        BLOOD = "blood", "血液"
        HAIR = "hair", "毛发"

    class Result(models.TextChoices):
        NEGATIVE = "negative", "阴性"
        POSITIVE = "positive", "阳性"
        INVALID = "invalid", "无效"

    sample = models.CharField("样本", max_length=10, choices=Sample)
    tested_at = models.DateTimeField("检测时间")
    result = models.CharField("结果", max_length=10, choices=Result)
    note = SealedField("备注", null=True)
    second = models.ForeignKey("rehab.User", models.PROTECT, related_name="+")

    class Privacy:
        sealed = frozenset({"note"})
        masked = frozenset({"result"})
        open = frozenset({"id", "case", "by", "sample", "tested_at", "second"})

    class Meta:
        verbose_name = "所内毒品检测"
        indexes = [models.Index(fields=["case", "-tested_at"], name="drug_test_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(second=F("by")), name="two_people_take_a_drug_test"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_sample_display()}检测"


class DetoxConclusion(Record):
    """生理脱毒结论：the five criteria of statutes.DETOX_CRITERIA, each met or not."""

    moment = "concluded_at"

    test_negative = models.BooleanField(DetoxCriterion.TEST_NEGATIVE.label)
    medicine_stopped = models.BooleanField(DetoxCriterion.MEDICINE_STOPPED.label)
    acute_gone = models.BooleanField(DetoxCriterion.ACUTE_GONE.label)
    no_protracted = models.BooleanField(DetoxCriterion.NO_PROTRACTED.label)
    mind_stable = models.BooleanField(DetoxCriterion.MIND_STABLE.label)
    notes = SealedField("各项说明", kind="json", null=True)
    passed = models.BooleanField("合格")
    concluded_at = models.DateTimeField("结论时间")

    class Privacy:
        sealed = frozenset({"notes"})
        masked = frozenset(DetoxCriterion.values)
        open = frozenset({"id", "case", "by", "passed", "concluded_at"})

    class Meta:
        verbose_name = "生理脱毒结论"
        indexes = [models.Index(fields=["case", "-concluded_at"], name="detox_conclusion_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True, **ALL_MET) | (Q(passed=False) & ~Q(**ALL_MET)),
                name="detox_is_passed_when_all_five_are_met",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 生理脱毒结论"
