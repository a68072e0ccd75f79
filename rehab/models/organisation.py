"""Where people are: 部 → 省级局 → (市级) → 所 → 大队 → 中队; zones, rooms, beds; aftercare stations."""

from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Length

from rehab.models.base import Keyed
from rehab.states import Reach, Sex, Stage


def numbered(path: str) -> tuple[Any, ...]:
    """An order of names that end in a number: 男区2 before 男区10."""
    words = Func(F(path), Value(r"\d+$"), Value(""), function="regexp_replace")
    return (words, Length(path), path)


class Division(models.Model):
    """行政区划，GB/T 2260."""

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        PREFECTURE = "prefecture", "地级"
        COUNTY = "county", "县级"

    code = models.CharField("代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"code", "name", "level", "parent"})

    class Meta:
        verbose_name = "行政区划"

    def __str__(self) -> str:
        return self.name


class Bureau(Keyed):
    """戒毒管理局：部、省级、市级。"""

    class Level(models.TextChoices):
        MINISTRY = "ministry", "部"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"

    name = models.CharField("名称", max_length=60, unique=True)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    division = models.ForeignKey(Division, models.PROTECT, null=True)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "name", "level", "parent", "division"})

    class Meta:
        verbose_name = "戒毒管理局"

    def __str__(self) -> str:
        return self.name


class FacilityQuerySet(models.QuerySet["Facility"]):
    def looked_after_by(self, user: Any) -> "FacilityQuerySet":
        """Where an administrator is posted: the one house, or those of his bureau and of bureaus under it."""
        if user.facility is not None:
            return self.filter(pk=user.facility.pk)
        bureau = user.bureau
        if bureau is None:
            return self.none()
        return self.filter(Q(province=bureau) | Q(bureau=bureau) | Q(province__parent=bureau))


class Facility(Keyed):
    """强制隔离戒毒所；`code` opens every case number in it. `province` is its 省级戒毒管理局."""

    code = models.CharField("代码", max_length=8, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=20)
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="facilities")
    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, null=True)
    duty_phone = models.CharField("值班电话", max_length=20, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {"id", "code", "name", "short_name", "bureau", "province", "division", "duty_phone"}
        )

    class Meta:
        verbose_name = "强制隔离戒毒所"

    def __str__(self) -> str:
        return self.name


class Zone(Keyed):
    """区：one of the four, physically apart, in one facility."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="zones")
    stage = models.CharField("期", max_length=2, choices=Stage)
    name = models.CharField("名称", max_length=30)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "facility", "stage", "name"})

    class Meta:
        verbose_name = "区"
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "stage"], name="one_zone_per_stage_per_facility"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def open(self) -> "UnitQuerySet":
        """Those that were not closed."""
        return self.filter(closed_at__isnull=True)

    def of_brigade(self, brigade: "Unit | None") -> "UnitQuerySet":
        """A 大队 with its 中队; none of no 大队."""
        if brigade is None:
            return self.none()
        return self.filter(Q(pk=brigade.pk) | Q(parent=brigade))


class Unit(Keyed):
    """大队（belongs to one zone），or a 中队 under it."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="squads")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="units")
    name = models.CharField("名称", max_length=30)
    closed_at = models.DateTimeField("撤销时间", null=True)

    objects = UnitQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "facility", "parent", "zone", "name", "closed_at"})

    class Meta:
        verbose_name = "大队、中队"
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "name"],
                condition=Q(closed_at__isnull=True),
                name="open_unit_name_once_per_facility",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, zone__isnull=False)
                | Q(parent__isnull=False, zone__isnull=True),
                name="brigade_has_a_zone_and_squad_a_brigade",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def brigade(self) -> "Unit":
        """The 大队 that answers for its people: a 中队 shares in its 大队's."""
        return self.parent or self


class Room(Keyed):
    """宿舍或病室：for one sex, for minors or adults, for isolation or not. 禁毒法第四十四条."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rooms")
    name = models.CharField("房号", max_length=20)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    for_minors = models.BooleanField("未成年人", default=False)
    isolation = models.BooleanField("隔离", default=False)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "unit", "name", "sex", "for_minors", "isolation"})

    class Meta:
        verbose_name = "房间"
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="room_name_once_per_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class BedQuerySet(models.QuerySet["Bed"]):
    def in_use(self) -> "BedQuerySet":
        """Beds that were not put out of use, lain in or not."""
        return self.filter(closed_at__isnull=True)

    def free(self) -> "BedQuerySet":
        """Beds in use that nobody lies in and nobody is on the way to."""
        placements: Any = self.model._meta.get_field("placements").related_model
        taken = placements._default_manager.filter(period__endswith__isnull=True)
        return self.in_use().exclude(pk__in=taken.values("bed"))

    def in_order(self) -> "BedQuerySet":
        """By room, and in a room by number: 2 before 10."""
        return self.order_by(*numbered("room__name"), *numbered("label"))

    def fit_for(self, *, sex: str, minor: bool, isolation: bool) -> "BedQuerySet":
        """Beds in rooms where such a person may be placed."""
        return self.filter(room__sex=sex, room__for_minors=minor, room__isolation=isolation)


class Bed(Keyed):
    """床位；`closed_at` while it is out of use, with the reason."""

    room = models.ForeignKey(Room, models.PROTECT, related_name="beds")
    label = models.CharField("床号", max_length=10)
    closed_at = models.DateTimeField("停用时间", null=True)
    closed_for = models.CharField("停用原因", max_length=60, blank=True)
    extra = models.BooleanField("加床", default=False)  # out of use again once it is free

    objects = BedQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "room", "label", "closed_at", "closed_for", "extra"})

    class Meta:
        verbose_name = "床位"
        constraints = [
            models.UniqueConstraint(fields=["room", "label"], name="bed_label_once_per_room"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_for="")
                | (Q(closed_at__isnull=False) & ~Q(closed_for="")),
                name="bed_out_of_use_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room.name}-{self.label}"


class StationQuerySet(models.QuerySet["Station"]):
    def open(self) -> "StationQuerySet":
        """Those that were not closed."""
        return self.filter(closed_at__isnull=True)


class Station(Keyed):
    """后续照管站：指导站 under a city, 工作站 under a county, 服务站 by name under its county."""

    class Level(models.TextChoices):
        GUIDANCE = "guidance", "指导站"
        WORK = "work", "工作站"
        SERVICE = "service", "服务站"

    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level)
    division = models.ForeignKey(Division, models.PROTECT, related_name="stations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    phone = models.CharField("电话", max_length=20, blank=True)
    closed_at = models.DateTimeField("撤销时间", null=True)

    objects = StationQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {"id", "name", "level", "division", "parent", "province", "phone", "closed_at"}
        )

    class Meta:
        verbose_name = "后续照管站"
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name"], name="station_name_once_per_division"
            ),
            models.CheckConstraint(
                condition=Q(level="guidance", parent__isnull=True)
                | (~Q(level="guidance") & ~Q(parent=F("id"))),
                name="guidance_station_stands_at_the_top",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sequence(models.Model):
    """The last number given out, per facility, kind and year; its row is the lock."""

    facility = models.ForeignKey(Facility, models.PROTECT)
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "facility", "kind", "year", "last"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "year"], name="one_sequence_per_facility_kind_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


__all__ = [
    "Bed", "Bureau", "Division", "Facility", "Reach", "Room", "Sequence", "Station", "Unit", "Zone",
]  # fmt: skip
