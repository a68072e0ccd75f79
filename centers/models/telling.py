"""告知本人: that somebody was told of himself, in which language, by whom, and what he signed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from centers.models.base import Record, RecordQuerySet
from centers.states import TellingManner
from rehab.models.base import Keyed
from rehab.sealed import SealedField


class TellingQuerySet(RecordQuerySet["Telling"]):
    def standing(self) -> "TellingQuerySet":
        """Those that were not taken back as entered for the wrong person."""
        return self.filter(withdrawn_at__isnull=True)


class Telling(Record):
    """告知：one sheet, told to its person by `by`. Never changed; one entered wrongly is withdrawn."""

    moment = "told_at"

    sheet = models.ForeignKey("rehab.Document", models.PROTECT, related_name="tellings")
    told_at = models.DateTimeField("告知时间")
    recorded_at = models.DateTimeField("录入时间")
    language = models.CharField("告知语言", max_length=10)
    manner = models.CharField("告知方式", max_length=15, choices=TellingManner)
    interpreter = SealedField("翻译人员", null=True)
    signed = models.BooleanField("本人已签名")
    witness = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    refusal = SealedField("拒绝签名的情况", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey("rehab.User", models.PROTECT, null=True, related_name="+")
    why_withdrawn = SealedField("撤回理由", null=True)

    objects: ClassVar[Any] = TellingQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"interpreter", "refusal", "why_withdrawn"})
        open = frozenset(
            {
                "id", "case", "by", "sheet", "told_at", "recorded_at", "language", "manner",
                "signed", "witness", "withdrawn_at", "withdrawn_by",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "告知本人"
        indexes = [models.Index(fields=["case", "-told_at"], name="telling_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "told_at"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_telling_of_a_sheet_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(signed=True, witness__isnull=True, refusal__isnull=True)
                | Q(signed=False, witness__isnull=False, refusal__isnull=False),
                name="unsigned_telling_has_its_witness",
            ),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("by")),
                name="another_witnesses_the_telling",
            ),
            models.CheckConstraint(
                condition=Q(manner="interpreter", interpreter__isnull=False)
                | ~Q(manner="interpreter") & Q(interpreter__isnull=True),
                name="interpreted_telling_names_who",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=F("told_at")), name="telling_is_recorded_afterwards"
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, why_withdrawn__isnull=True
                )
                | Q(
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                    why_withdrawn__isnull=False,
                ),
                name="withdrawn_telling_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 告知本人"


class TellingScan(Keyed):
    """签名扫描件: the signed sheet as it was scanned. Each opening of it leaves an AccessRecord."""

    telling = models.ForeignKey(Telling, models.PROTECT, related_name="scans")
    scan = SealedField("扫描件", kind="bytes")
    sha256 = models.CharField("摘要", max_length=64)
    uploaded_by = models.ForeignKey("rehab.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")

    class Privacy:
        sealed = frozenset({"scan"})
        open = frozenset({"id", "telling", "sha256", "uploaded_by", "uploaded_at"})

    class Meta:
        verbose_name = "告知单签名扫描件"
        constraints = [
            models.UniqueConstraint(fields=["telling", "sha256"], name="one_scan_once_per_telling"),
        ]

    def __str__(self) -> str:
        return f"{self.telling} 签名扫描件"
