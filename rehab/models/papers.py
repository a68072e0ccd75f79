"""How a province words its 文书, whom a 文书 about several people names, and every print of one."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.organisation import Bureau


class DocumentWordingQuerySet(models.QuerySet["DocumentWording"]):
    def in_force(self, *, on: date) -> "DocumentWordingQuerySet":
        """Those confirmed that have begun by a day, the one that counts first."""
        confirmed = self.filter(confirmed_at__isnull=False, effective_from__lte=on)
        return confirmed.order_by("-effective_from", "-version")


class DocumentWording(Keyed):
    """文书格式：how a province words one kind of 文书, from a day on. Never edited; a new version follows.

    It waits until a second person has confirmed it.
    Empty in the product, which has a wording of its own. A translation is a row of its own language.
    """

    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+", verbose_name="省级局")
    kind = models.CharField("文书种类", max_length=40)
    language = models.CharField("语言", max_length=8, default="zh")
    version = models.PositiveSmallIntegerField("版本")
    effective_from = models.DateField("施行日期")
    parts: Any = models.JSONField("用语")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟定人")
    set_at = models.DateTimeField("拟定时间")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)

    objects = DocumentWordingQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "province", "kind", "language", "version", "effective_from", "parts",
                "set_by", "set_at", "confirmed_by", "confirmed_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "文书格式"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "kind", "language", "version"],
                name="document_wording_has_one_row_per_version",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("set_by")),
                name="two_people_set_a_wording",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} 第 {self.version} 版"


class DocumentMention(Keyed):
    """One of the people a 文书 about several names: by this it is found on his case."""

    document = models.ForeignKey("rehab.Document", models.PROTECT, related_name="mentions")
    case = models.ForeignKey("rehab.Case", models.PROTECT, related_name="mentions")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "document", "case"})

    class Meta:
        verbose_name = "文书所列人员"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "case"], name="document_mentions_a_case_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.case_id}"


class DocumentPrint(Keyed):
    """打印留痕：every print of a 文书, who and when. 0 is the 正本, n the 重印第 n 份. Append-only."""

    document = models.ForeignKey("rehab.Document", models.PROTECT, related_name="prints")
    copy = models.PositiveSmallIntegerField("份次")
    by = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField("时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "document", "copy", "by", "at"})

    class Meta:
        verbose_name = "打印留痕"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "copy"], name="each_copy_of_a_document_is_printed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"重印第 {self.copy} 份" if self.copy else "正本"
