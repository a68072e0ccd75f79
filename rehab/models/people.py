"""The person, the case and the decision it stands on, and the bed held or lain in."""

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now  # noqa: TID251  # grants end in real time, the database's
from django.urls import reverse

from rehab import clock
from rehab.models.base import Keyed
from rehab.models.organisation import Bed, Facility, Station, Unit, Zone
from rehab.sealed import SealedField
from rehab.states import FINAL, IN_CUSTODY, CaseStatus, Reach, Sex

if TYPE_CHECKING:
    from rehab.models.access import User


class Person(Keyed):
    """戒毒人员：one row per human being in the nation; a returning person has a new case.

    Where two rows turn out to be one human being, one is kept and the other leads to it: see `PersonMerge`.
    """

    name = models.CharField("姓名", max_length=50)
    name_pinyin = models.CharField("拼音", max_length=200, db_index=True)
    name_initials = models.CharField("拼音首字母", max_length=50, db_index=True)
    name_spellings = models.CharField("检索拼写", max_length=1000, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth_date = models.DateField("出生日期", null=True)
    id_number = SealedField("公民身份号码", null=True)
    id_index = models.CharField(max_length=64, null=True)  # noqa: DJ001  # many have none
    other_document = SealedField("其他证件", null=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    education = models.CharField("文化程度", max_length=20, blank=True)
    household = SealedField("户籍所在地", null=True)
    address = SealedField("现住址", null=True)
    relatives = SealedField("亲属", kind="json", null=True)
    invented = models.BooleanField("示例人员", default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="absorbed", verbose_name="并入"
    )  # a second record of the same human being: found again as whom it was merged into

    class Privacy:
        sealed = frozenset({"id_number", "other_document", "household", "address", "relatives"})
        masked = frozenset({"id_index"})
        open = frozenset(
            {
                "id", "name", "name_pinyin", "name_initials", "name_spellings", "sex",
                "birth_date", "ethnicity", "education", "invented", "merged_into",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "戒毒人员"
        indexes = [
            models.Index(fields=["name", "birth_date"], name="person_by_name_and_birth"),
            models.Index(fields=["id_index"], name="person_by_identity_number"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(id_number__isnull=True, id_index__isnull=True)
                | Q(id_number__isnull=False, id_index__isnull=False),
                name="identity_number_has_its_index",
            ),
            models.UniqueConstraint(
                fields=["id_index"],
                condition=Q(merged_into__isnull=True),
                name="one_person_per_identity_number",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="nobody_is_merged_into_himself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


NONE = Q(pk__in=[])
EVERYONE = ~NONE  # an empty Q() would vanish beside an alternative


def still_sees() -> Q:
    """A station sees whom it was asked to look after, and after signing until his agreement is over."""
    return Q(station_sees_until__isnull=True) | Q(station_sees_until__gte=clock.today())


def in_reach_of(user: "User") -> Q:
    """Which cases a posting shows: own 大队 and those on the way to it, own facility, station, province."""
    if user.posting is None or not user.is_active:
        return NONE
    match user.reach:
        case Reach.UNIT:
            units = Unit.objects.of_brigade(user.unit)
            return Q(unit__in=units) | Q(receiving_unit__in=units)
        case Reach.FACILITY:
            return Q(facility=user.posting.facility_id)
        case Reach.STATION:
            return Q(station=user.posting.station_id) & still_sees()
        case Reach.PROVINCE:
            bureau = user.posting.bureau_id
            return Q(facility__province=bureau) | Q(facility__bureau=bureau)
        case Reach.NATION:
            return EVERYONE
        case _:
            return NONE


def granted_to(user: "User") -> Q:
    """Which cases grants show beyond the posting, until they end."""
    in_force = Q(grants__user=user.pk, grants__ends_at__gt=Now())
    return (
        Q(pk__in=Case.objects.filter(in_force))
        | Q(facility__in=Facility.objects.filter(in_force))
        | Q(station__in=Station.objects.filter(in_force)) & still_sees()
    )


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: "User") -> "CaseQuerySet":
        """The one sentence through which every page, act and export fetches a case."""
        return self.filter(in_reach_of(user) | granted_to(user))

    def opened_to(self, user: "User") -> "CaseQuerySet":
        """Whose file a user may read: of whom a station was only asked, it sees the name and no file."""
        seen = self.visible_to(user)
        if user.reach != Reach.STATION:
            return seen
        return seen.filter(station_reads_until__gte=clock.today())

    def in_custody(self) -> "CaseQuerySet":
        """Everyone whose term runs here: in the facility, on medical leave, or held elsewhere."""
        return self.filter(status__in=IN_CUSTODY)

    def unfinished(self) -> "CaseQuerySet":
        return self.exclude(status__in=FINAL)


class Case(Keyed):
    """戒治档案：one compulsory-isolation decision carried out. Its row is the one lock of the domain."""

    number = models.CharField("编号", max_length=20, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="cases")
    receiving_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="cases")
    zone_entered_at = models.DateTimeField("入区时间", null=True)
    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="cases")
    station_reads_until = models.DateField(
        "照管站查阅档案至", null=True
    )  # empty: asked, not signed
    station_sees_until = models.DateField("照管站补记至", null=True)
    status = models.CharField("状态", max_length=20, choices=CaseStatus)
    entered_at = models.DateTimeField("入所时间")
    ended_at = models.DateTimeField("终结时间", null=True)
    ends_on = models.DateField("期满日")
    alarm_on = models.DateField("预警期满日")  # the earlier of the printed and the computed end
    needs_isolation = models.BooleanField("需隔离", default=False)
    precautions = SealedField("注意事项", null=True)

    objects = CaseQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"precautions"})
        open = frozenset(
            {
                "id", "number", "person", "facility", "unit", "receiving_unit", "zone",
                "zone_entered_at", "station", "station_reads_until", "station_sees_until", "status",
                "entered_at", "ended_at", "ends_on", "alarm_on", "needs_isolation",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "戒治档案"
        indexes = [
            models.Index(fields=["facility", "status", "ends_on"], name="case_by_facility_and_end"),
            models.Index(
                fields=["facility", "status", "alarm_on"], name="case_by_facility_and_alarm"
            ),
            models.Index(fields=["unit", "status"], name="case_by_unit"),
            models.Index(fields=["station"], name="case_by_station"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(status__in=[status.value for status in sorted(FINAL)]),
                name="one_open_case_per_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[status.value for status in sorted(FINAL)], ended_at__isnull=False
                )
                | (
                    ~Q(status__in=[status.value for status in sorted(FINAL)])
                    & Q(ended_at__isnull=True)
                ),
                name="finished_case_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(alarm_on__lte=F("ends_on")), name="the_alarm_never_waits_beyond_the_end"
            ),
            models.CheckConstraint(
                condition=Q(station_reads_until__isnull=True, station_sees_until__isnull=True)
                | Q(
                    station__isnull=False,
                    station_reads_until__isnull=False,
                    station_sees_until__isnull=False,
                    station_sees_until__gte=F("station_reads_until"),
                ),
                name="station_sees_as_long_as_it_reads",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reporting:case-detail", args=[self.number])


class Decision(Keyed):
    """强制隔离戒毒决定书: what entitles the stay. The printed end date is authoritative."""

    class Basis(models.TextChoices):
        REFUSED_COMMUNITY = "1", "拒绝接受社区戒毒"
        USED_DURING_COMMUNITY = "2", "在社区戒毒期间吸食、注射毒品"
        BREACHED_COMMUNITY = "3", "严重违反社区戒毒协议"
        RELAPSED = "4", "经社区戒毒、强制隔离戒毒后再次吸食、注射毒品"
        DIRECT = "5", "吸毒成瘾严重，难以通过社区戒毒戒除"
        VOLUNTARY = "6", "自愿接受强制隔离戒毒"

    case = models.OneToOneField(Case, models.PROTECT, related_name="decision")
    number = SealedField("决定书文号")
    number_index = models.CharField(max_length=64, unique=True)
    authority = models.CharField("决定机关", max_length=60)
    decided_on = models.DateField("决定日期")
    printed_starts_on = models.DateField("载明起日", null=True)
    printed_ends_on = models.DateField("载明止日")
    basis = models.CharField("决定依据", max_length=1, choices=Basis, blank=True)
    drug = models.CharField("主要吸食毒品种类", max_length=30, blank=True)
    addiction = models.CharField("成瘾认定", max_length=20, blank=True)

    class Privacy:
        sealed = frozenset({"number"})
        masked = frozenset({"number_index"})
        open = frozenset(
            {
                "id", "case", "authority", "decided_on", "printed_starts_on", "printed_ends_on",
                "basis", "drug", "addiction",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "强制隔离戒毒决定"

    def __str__(self) -> str:
        return f"{self.case} 决定"


class Placement(Keyed):
    """在床记录：a bed for a person over a time; `held` while he is still on his way to it.

    The database forbids overlap per bed and per case, and keeps sex, age and isolation apart.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="placements")
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="placements")
    held = models.BooleanField("预留", default=False)
    period = DateTimeRangeField("期间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "case", "bed", "held", "period"})

    class Meta:
        verbose_name = "在床记录"
        constraints = [
            ExclusionConstraint(
                name="one_person_per_bed",
                expressions=[("bed", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="one_bed_per_person",
                expressions=[("case", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(held=False),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(held=True, period__endswith__isnull=True),
                name="one_held_bed_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.bed}"
