"""心理矫治中心：screenings, sealed; others see that one was done and when, and nothing else."""

from django.db import models

from centers.models.base import Record
from rehab.sealed import SealedField


class Screening(Record):
    """心理测评：one sheet of a scale. Each opening of it leaves an AccessRecord."""

    moment = "screened_at"

    class Scale(models.TextChoices):
        PHQ9 = "phq9", "PHQ-9"
        GAD7 = "gad7", "GAD-7"

    scale = SealedField("量表")  # a word of Scale
    sheet = SealedField("答案与得分", kind="json")
    screened_at = models.DateTimeField("测评时间")

    class Privacy:
        sealed = frozenset({"scale", "sheet"})
        open = frozenset({"id", "case", "by", "screened_at"})

    class Meta:
        verbose_name = "心理测评"
        indexes = [models.Index(fields=["case", "-screened_at"], name="screening_by_case")]

    def __str__(self) -> str:
        return f"{self.case} 心理测评"
