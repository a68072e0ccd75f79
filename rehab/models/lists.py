"""Lists that officers keep, what left the system as a list, and the words by which cases are found."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from rehab.models.access import Posting, User
from rehab.models.base import Keyed
from rehab.models.organisation import Facility, Station
from rehab.models.people import Case

if TYPE_CHECKING:
    from typing import Self


class SavedListQuerySet(models.QuerySet["SavedList"]):
    def visible_to(self, user: User) -> "Self":
        """His own, and those that colleagues in the same place share."""
        own = Q(posting__user=user)
        if user.posting is None:
            return self.filter(own)
        places = ("bureau_id", "facility_id", "unit_id", "station_id")
        here = {f"posting__{place}": getattr(user.posting, place) for place in places}
        shared = Q(shared=True)
        for path, key in here.items():
            shared &= Q(**{path: key}) if key else Q(**{f"{path}__isnull": True})
        return self.filter(own | shared)


class SavedList(Keyed):
    """常用名单: the address of a list under a name; of the post that made it, and shared with its place."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="saved_lists")
    path = models.CharField("页面", max_length=200)
    query = models.CharField("筛选和排序", max_length=800, blank=True)
    name = models.CharField("名称", max_length=30)
    shared = models.BooleanField("本单位共用", default=False)
    saved_at = models.DateTimeField("保存时间")

    objects = SavedListQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "posting", "path", "query", "name", "shared", "saved_at"})

    class Meta:
        verbose_name = "常用名单"
        constraints = [
            models.UniqueConstraint(
                fields=["posting", "name"], name="one_saved_list_of_a_name_per_post"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


class ListTaking(Keyed):
    """名单取走留痕: who took which list out, as a workbook or on paper. Real time. Append-only."""

    user = models.ForeignKey(User, models.PROTECT)
    title = models.CharField("名单", max_length=60)
    address = models.TextField("地址")
    way = models.CharField("方式", max_length=5, choices=[("xlsx", "导出"), ("print", "打印")])
    rows = models.PositiveIntegerField("行数")
    at = models.DateTimeField("时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "user", "title", "address", "way", "rows", "at"})

    class Meta:
        verbose_name = "名单取走留痕"

    def __str__(self) -> str:
        return f"{self.user} {self.title}"


class CaseWords(Keyed):
    """检索词: the pieces of name, spelling and number by which a case is found.

    Written by triggers alone, read by `rehab_cases_with` alone: see ADR-0024.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="+")
    pieces = ArrayField(models.TextField(), verbose_name="检索词")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "case", "facility", "station", "pieces"})

    class Meta:
        verbose_name = "检索词"
        indexes = [
            GinIndex(
                fields=["facility", "pieces"], name="case_words_of_a_facility", fastupdate=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
