"""Rosters handed over, people who are to arrive, their admission, and what is owed after it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from intake.states import UNDECIDED, ArrivalStatus
from rehab.models import Case, Document, Facility, User
from rehab.models.access import facilities_in_reach
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import Reach, Sex

if TYPE_CHECKING:
    from typing import Self


class OfFacilityQuerySet(models.QuerySet):
    """Rows that belong to a facility and, until a case is born, to nobody else."""

    def visible_to(self, user: User) -> "Self":
        """Those of the facilities that the posting shows; nobody's for a 大队 or a station."""
        if user.posting is None or not user.is_active:
            return self.none()
        if user.reach == Reach.FACILITY:
            return self.filter(facility=user.posting.facility_id)
        if user.reach == Reach.PROVINCE:
            return self.filter(facility__in=facilities_in_reach(user))
        return self.all() if user.reach == Reach.NATION else self.none()


class RosterQuerySet(OfFacilityQuerySet):
    def standing(self) -> "Self":
        """Those that were not withdrawn: a file stands in one of them at most."""
        return self.filter(withdrawn_at__isnull=True)


class Roster(Keyed):
    """移送名册: the file as it was handed over, and once imported, what became of its lines."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="rosters")
    as_of = models.DateField("名册日期")
    file = SealedField("文件", kind="bytes")
    file_name = SealedField("文件名")
    sha256 = models.CharField("摘要", max_length=64)
    sent_by = models.CharField("移交单位", max_length=100, blank=True)
    sent_to = models.CharField("接收单位", max_length=100, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    receipt = models.CharField("回执号", max_length=40, null=True, unique=True)  # noqa: DJ001  # NULL until it is imported: two empty ones would clash
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField("导入时间", null=True)
    accepted = models.PositiveIntegerField("可接收", default=0)
    warned = models.PositiveIntegerField("须核对", default=0)
    refusable = models.PositiveIntegerField("只能不予接收", default=0)
    returned = models.PositiveIntegerField("退回更正", default=0)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    why_withdrawn = SealedField("撤回理由", null=True)

    objects = RosterQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"file", "file_name", "why_withdrawn"})
        open = frozenset(
            {
                "id", "facility", "as_of", "sha256", "sent_by", "sent_to", "uploaded_by",
                "uploaded_at", "receipt", "imported_by", "imported_at", "accepted", "warned",
                "refusable", "returned", "withdrawn_by", "withdrawn_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "移送名册"
        indexes = [models.Index(fields=["facility", "-uploaded_at"], name="roster_by_facility")]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_roster_per_file",
            ),
            models.CheckConstraint(
                condition=Q(
                    receipt__isnull=True, imported_by__isnull=True, imported_at__isnull=True
                )
                | Q(receipt__isnull=False, imported_by__isnull=False, imported_at__isnull=False),
                name="imported_roster_has_receipt_officer_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_by__isnull=True,
                    withdrawn_at__isnull=True,
                    why_withdrawn__isnull=True,
                )
                | Q(
                    imported_at__isnull=False,
                    withdrawn_by__isnull=False,
                    withdrawn_at__isnull=False,
                    why_withdrawn__isnull=False,
                ),
                name="withdrawn_roster_has_officer_moment_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt or f"{self.as_of} 名册"

    def get_absolute_url(self) -> str:
        return reverse("intake:roster-detail", args=[self.pk])

    @property
    def lines(self) -> int:
        """行 of an imported roster."""
        return self.accepted + self.warned + self.refusable + self.returned

    @property
    def arrivals_made(self) -> int:
        """人 who became arrivals."""
        return self.accepted + self.warned + self.refusable


class RosterRow(Keyed):
    """One line of an imported roster, as it stood there and as it was judged."""

    class Outcome(models.TextChoices):
        ACCEPT = "accept", "可接收"
        WARN = "warn", "须核对"
        REJECT = "reject", "退回"

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField("行")
    outcome = models.CharField("判定", max_length=6, choices=Outcome)
    cells = SealedField("原文", kind="json")
    problems = SealedField("问题", kind="json")

    class Privacy:
        sealed = frozenset({"cells", "problems"})
        open = frozenset({"id", "roster", "line", "outcome"})

    class Meta:
        verbose_name = "名册行"
        constraints = [
            models.UniqueConstraint(fields=["roster", "line"], name="one_row_per_line_of_a_roster"),
        ]

    def __str__(self) -> str:
        return f"{self.roster} 第 {self.line} 行"


class ArrivalQuerySet(OfFacilityQuerySet):
    def undecided(self) -> "Self":
        """待收 and 暂不接收: everyone about whom an officer has still to say."""
        return self.filter(status__in=UNDECIDED)

    def oldest_first(self) -> "Self":
        return self.order_by("transferred_on", "registered_at", "row__line")


class Arrival(Keyed):
    """待收人员: someone handed over by the police, until an officer has decided about him."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="arrivals")
    row = models.OneToOneField(RosterRow, models.PROTECT, null=True, related_name="arrival")
    status = models.CharField(
        "状态", max_length=10, choices=ArrivalStatus, default=ArrivalStatus.EXPECTED
    )
    name = models.CharField("姓名", max_length=50)
    name_pinyin = models.CharField("拼音", max_length=200)
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth_date = models.DateField("出生日期", null=True)
    person_index = models.CharField(max_length=64, null=True)  # noqa: DJ001  # unique where there is one
    decision_index = models.CharField(max_length=64, blank=True)
    transferred_on = models.DateField("移交日期")
    only_refusable = models.BooleanField("只能不予接收", default=False)
    invented = models.BooleanField("示例人员", default=False)
    details = SealedField("材料所载", kind="json")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    reason = SealedField("理由", null=True)

    objects = ArrivalQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"details", "reason"})
        masked = frozenset({"person_index", "decision_index"})
        open = frozenset(
            {
                "id", "facility", "row", "status", "name", "name_pinyin", "sex", "birth_date",
                "transferred_on", "only_refusable", "invented", "registered_by", "registered_at",
                "decided_by", "decided_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "待收人员"
        indexes = [
            models.Index(
                fields=["facility", "transferred_on", "registered_at"], name="arrival_by_age"
            ),
            models.Index(fields=["facility", "decision_index"], name="arrival_by_decision"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "person_index"],
                condition=Q(status__in=sorted(status.value for status in UNDECIDED)),
                name="one_undecided_arrival_per_person",
            ),
            models.CheckConstraint(
                condition=Q(status="expected", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="expected") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="decided_arrival_has_officer_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["expected", "admitted"]) | Q(reason__isnull=False),
                name="arrival_not_received_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="admitted", only_refusable=True),
                name="only_refusable_is_never_admitted",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("intake:arrival-detail", args=[self.pk])

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED


class ArrivalOpening(Keyed):
    """打开收治登记: who has the page of an arrival open, last when; so that no two work on one unawares."""

    arrival = models.ForeignKey(Arrival, models.PROTECT, related_name="openings")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("打开时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "arrival", "officer", "opened_at"})

    class Meta:
        verbose_name = "打开收治登记"
        constraints = [
            models.UniqueConstraint(
                fields=["arrival", "officer"], name="one_opening_per_arrival_and_officer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.arrival}"


class Admission(Keyed):
    """收治入所: what was seen and checked at the gate, by whom; the case begins here."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="admission")
    arrival = models.OneToOneField(Arrival, models.PROTECT, related_name="admission")
    entered_at = models.DateTimeField("入所时间")
    admitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    searched_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    searched_with = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    returning = models.BooleanField("再次收治", default=False)
    checks = SealedField("接收检查", kind="json")

    class Privacy:
        sealed = frozenset({"checks"})
        open = frozenset(
            {
                "id", "case", "arrival", "entered_at", "admitted_by", "searched_by",
                "searched_with", "returning",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "收治入所"
        constraints = [
            models.CheckConstraint(
                condition=Q(searched_with__isnull=True)
                | (Q(searched_by__isnull=False) & ~Q(searched_with=F("searched_by"))),
                name="second_searcher_is_another_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 收治入所"


class CompletionItem(Keyed):
    """入所事项办结: one act owed after entry, done; what is not done has no row."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="completion_items")
    duty = models.CharField("事项", max_length=30)
    done_at = models.DateTimeField("办结时间")
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    manner = models.CharField("方式", max_length=20, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = SealedField("说明", null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")

    class Privacy:
        sealed = frozenset({"note"})
        open = frozenset(
            {"id", "case", "duty", "done_at", "done_by", "manner", "confirmed_by", "document"}
        )

    class Meta:
        verbose_name = "入所事项"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "duty"], name="one_completion_per_duty_and_case"
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("done_by")), name="completion_is_confirmed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.duty}"
