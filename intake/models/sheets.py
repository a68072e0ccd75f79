"""What is written down of somebody on the day of entry: his health, and what he brought with him."""

from django.db import models
from django.db.models import F, Q

from rehab.models import Case, Document, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField


def version_says_why(name: str) -> models.CheckConstraint:
    """The first version corrects nothing; each later one names the one before it, and why."""
    return models.CheckConstraint(
        condition=Q(version=1, corrects__isnull=True, why_corrected__isnull=True)
        | Q(version__gt=1, corrects__isnull=False, why_corrected__isnull=False),
        name=name,
    )


class HealthSheet(Keyed):
    """入所健康状况检查表: what the physician found, every injury on the body, and who signed for them.

    Never changed: a correction is a further version beside it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="health_sheets")
    version = models.PositiveSmallIntegerField("版次", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正"
    )
    why_corrected = SealedField("更正理由", null=True)
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
        sealed = frozenset(
            {"findings", "injuries", "conclusion", "escort", "why_unsigned", "why_corrected"}
        )
        open = frozenset(
            {
                "id", "case", "version", "corrects", "checked_at", "checked_by", "escort_signed_at", "signed_by_person",
                "document",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "入所健康状况检查表"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"], name="one_health_sheet_per_version"
            ),
            version_says_why("corrected_health_sheet_says_why"),
            models.CheckConstraint(
                condition=Q(escort__isnull=True, escort_signed_at__isnull=True)
                | Q(escort__isnull=False, escort_signed_at__isnull=False),
                name="escort_signs_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 入所健康状况检查表"


class InjuryPhoto(Keyed):
    """伤情照片: of one injury on a sheet, by its number there."""

    sheet = models.ForeignKey(HealthSheet, models.PROTECT, related_name="photos")
    number = models.PositiveSmallIntegerField("编号")
    photo = SealedField("照片", kind="bytes")

    class Privacy:
        sealed = frozenset({"photo"})
        open = frozenset({"id", "sheet", "number"})

    class Meta:
        verbose_name = "伤情照片"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="one_photo_per_injury"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} 伤情 {self.number}"


class BelongingsRegister(Keyed):
    """物品检查登记: that somebody's things were looked through, and what stands on the receipt beside them."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="belongings_registers")
    version = models.PositiveSmallIntegerField("版次", default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正"
    )
    why_corrected = SealedField("更正理由", null=True)
    corrected_with = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField("登记时间")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cash = SealedField("现金（元）", null=True)
    collector = SealedField("领取人", kind="json", null=True)
    handed_back_at = models.DateTimeField("发还时间", null=True)
    handed_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    keeps = models.BooleanField("有代管物品", default=False)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    class Privacy:
        sealed = frozenset({"cash", "collector", "why_corrected"})
        open = frozenset(
            {
                "id", "case", "version", "corrects", "corrected_with",
                "registered_at", "registered_by", "handed_back_at", "handed_back_by",
                "keeps", "document",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "物品登记"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"], name="one_belongings_register_per_version"
            ),
            version_says_why("corrected_belongings_say_why"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, corrected_with__isnull=True)
                | Q(corrects__isnull=False, corrected_with__isnull=False)
                & ~Q(corrected_with=F("registered_by")),
                name="belongings_are_corrected_by_two",
            ),
            models.CheckConstraint(
                condition=Q(handed_back_at__isnull=True, handed_back_by__isnull=True)
                | Q(handed_back_at__isnull=False, handed_back_by__isnull=False, keeps=True),
                name="what_was_kept_is_handed_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 物品登记"


class Belonging(Keyed):
    """随身物品: one item, what became of it, and where it lies."""

    class Disposal(models.TextChoices):
        KEPT = "kept", "代管"
        COLLECTED = "collected", "交家属"
        RETURNED = "returned", "留本人使用"
        CONFISCATED = "confiscated", "依法收缴"
        DESTROYED = "destroyed", "登记销毁"

    case = models.ForeignKey(Case, models.PROTECT, related_name="belongings")
    version = models.PositiveSmallIntegerField("版次", default=1)  # of the register
    number = models.PositiveSmallIntegerField("序号")
    disposal = models.CharField("处理", max_length=11, choices=Disposal)
    item = SealedField("物品", kind="json")
    photo = SealedField("照片", kind="bytes", null=True)

    class Privacy:
        sealed = frozenset({"item", "photo"})
        open = frozenset({"id", "case", "version", "number", "disposal"})

    class Meta:
        verbose_name = "随身物品"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version", "number"], name="one_belonging_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 物品 {self.number}"
