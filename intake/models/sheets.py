"""What is written down of somebody on the day of entry: his health, and what he brought with him."""

from django.db import models
from django.db.models import Q

from rehab.models import Case, Document, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField


class HealthSheet(Keyed):
    """入所健康状况检查表: what the physician found, every injury on the body, and who signed for them."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="health_sheet")
    checked_at = models.DateTimeField("检查时间")
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    findings = SealedField("检查项目", kind="json")
    injuries = SealedField("体表伤情", kind="json")
    conclusion = SealedField("检查结论")
    escort = SealedField("移送民警姓名、警号", kind="json", null=True)
    escort_signed_at = models.DateTimeField("移送民警签名时间", null=True)
    signed_by_person = models.BooleanField("本人签名", default=False)
    why_unsigned = SealedField("未签名的原因", null=True)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    class Privacy:
        sealed = frozenset({"findings", "injuries", "conclusion", "escort", "why_unsigned"})
        open = frozenset(
            {
                "id", "case", "checked_at", "checked_by", "escort_signed_at", "signed_by_person",
                "document",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "入所健康状况检查表"
        constraints = [
            models.CheckConstraint(
                condition=Q(escort__isnull=True, escort_signed_at__isnull=True)
                | Q(escort__isnull=False, escort_signed_at__isnull=False),
                name="escort_signs_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 入所健康状况检查表"
