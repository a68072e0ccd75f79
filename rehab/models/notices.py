"""提醒: what was said, to whom, and whether it was read."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Q

from rehab.models.access import Role, User
from rehab.models.base import Keyed
from rehab.models.events import Subject, kinds_of_event
from rehab.models.organisation import Facility, Station, Unit
from rehab.models.people import Case
from rehab.states import Reach

SAME_DEADLINE = {name: OuterRef(name) for name in ("subject_id", "clock", "cycle")}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to(self, user: User) -> "NoticeQuerySet":
        """What was said to the post this user holds."""
        if user.posting is None:
            return self.none()
        mine = self.filter(role=user.role)
        if user.reach == Reach.STATION:
            return mine.filter(station=user.posting.station_id)
        if user.reach == Reach.UNIT:
            return mine.filter(unit__in=Unit.objects.of_brigade(user.unit))
        if user.reach == Reach.PROVINCE:
            bureau = user.posting.bureau_id
            return mine.filter(Q(facility__province=bureau) | Q(facility__bureau=bureau))
        return mine.filter(facility=user.posting.facility_id, station__isnull=True)

    def standing(self, user: User) -> "NoticeQuerySet":
        """What was said to the post and still says how it stands: 已逾期 takes the place of 今日到期."""
        later = (
            Notice.objects.to(user)
            .reminders()
            .filter(written_at__gt=OuterRef("written_at"), **SAME_DEADLINE)
        )
        return self.to(user).filter(~Q(kind__in=Notice.REMINDERS) | ~Exists(later))

    def replaced_by(self, said: Iterable["Notice"], *, to: User) -> "NoticeQuerySet":
        """What was said to the post of the same deadlines before."""
        later = Notice.objects.reminders().filter(
            pk__in=[one.pk for one in said], written_at__gt=OuterRef("written_at"), **SAME_DEADLINE
        )
        return self.to(to).reminders().filter(Exists(later))

    def reminders(self) -> "NoticeQuerySet":
        return self.filter(kind__in=Notice.REMINDERS)

    def unread_by(self, user: User) -> "NoticeQuerySet":
        return self.standing(user).exclude(reads__user=user)

    def undelivered(self) -> "NoticeQuerySet":
        return self.filter(delivered_at__isnull=True)


class Notice(Keyed):
    """提醒：an outbox row, written in the transaction of the act; the recipient is a post."""

    class Kind(models.TextChoices):
        COMING = "coming", "将到期"
        DUE = "due", "今日到期"
        OVERDUE = "overdue", "已逾期"
        ESCALATED = "escalated-1", "逾期上报"
        ALARMED = "escalated-2", "逾期报省局"
        CHANGED = "changed", "期限变更"
        TOLD = "told", "告知"

    REMINDERS = (Kind.COMING, Kind.DUE, Kind.OVERDUE, Kind.ESCALATED, Kind.ALARMED)

    subject_type = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="notices")
    clock = models.CharField("时钟", max_length=40)
    cycle = models.CharField("轮次", max_length=40, blank=True)
    due_at = models.DateTimeField("应办结时间", null=True)
    kind = models.CharField("种类", max_length=12, choices=Kind)
    role = models.ForeignKey(Role, models.PROTECT)
    facility = models.ForeignKey(Facility, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    station = models.ForeignKey(Station, models.PROTECT, null=True)
    written_at = models.DateTimeField("写下时间")
    outage_from = models.DateField("停用自", null=True)
    outage_to = models.DateField("停用至", null=True)
    delivered_at = models.DateTimeField("送出时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "subject_type", "subject_id", "case", "clock", "cycle", "due_at", "kind",
                "role", "facility", "unit", "station", "written_at", "outage_from", "outage_to",
                "delivered_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "提醒"
        indexes = [
            models.Index(fields=["facility", "role", "-written_at"], name="notice_by_post"),
            models.Index(
                fields=["facility"],
                condition=Q(delivered_at__isnull=True),
                name="notice_undelivered",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "subject_id", "clock", "cycle", "due_at", "kind", "role", "facility", "unit",
                    "station",
                ],
                name="one_notice_per_thing_said",
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.clock} {self.get_kind_display()}"


class AccountNotice(Keyed):
    """账号告知：what was done to somebody's account by another, said to him alone, by mail."""

    user = models.ForeignKey(User, models.PROTECT)
    kind = models.CharField("事项", max_length=30, choices=kinds_of_event)
    written_at = models.DateTimeField("写下时间")
    delivered_at = models.DateTimeField("送出时间", null=True)

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "user", "kind", "written_at", "delivered_at"})

    class Meta:
        verbose_name = "账号告知"
        indexes = [
            models.Index(
                fields=["written_at"],
                condition=Q(delivered_at__isnull=True),
                name="account_notice_undelivered",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class NoticeRead(models.Model):
    """Who has read a notice."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="reads")
    user = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField("阅读时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "notice", "user", "at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once_per_user"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.user_id}"
