"""The four ledgers: what happened, what must happen, what we said, what was served."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from rehab.document_kinds import kinds
from rehab.models.access import Role, User
from rehab.models.base import Keyed
from rehab.models.organisation import Facility, Station, Unit
from rehab.models.papers import DocumentMention, DocumentWording
from rehab.models.people import Case, in_reach_of
from rehab.sealed import SealedField
from rehab.states import Reach

if TYPE_CHECKING:
    from datetime import datetime


class Subject(models.TextChoices):
    CASE = "case", "戒治档案"
    ARRIVAL = "arrival", "待收人员"
    ROSTER = "roster", "移交名册"
    FACILITY = "facility", "场所"
    STATION = "station", "后续照管站"
    ACCOUNT = "account", "账号"
    BUREAU = "bureau", "戒毒管理局"


class Event(Keyed):
    """执法记录：append-only. Facts are codes and keys, never names, numbers or free words about people.

    What an officer wrote in answer stands in `words`, sealed, by the code that the facts name.
    """

    class Kind(models.TextChoices):
        ROSTER_IMPORTED = "roster_imported", "名册导入"
        ARRIVAL_REGISTERED = "arrival_registered", "到所登记"
        ARRIVAL_DEFERRED = "arrival_deferred", "暂不接收"
        ARRIVAL_REFUSED = "arrival_refused", "不予接收"
        ADMITTED = "admitted", "收治入所"
        COMPLETED = "completed", "入所事项办结"
        BELONGINGS_HANDED_BACK = "belongings_handed_back", "发还代管物品"
        PLACED = "placed", "调整床位"
        VACATED = "vacated", "腾出床位"
        ZONE_MOVE_PROPOSED = "zone_move_proposed", "提请转区"
        ZONE_MOVE_APPROVED = "zone_move_approved", "批准转区"
        ZONE_MOVE_RECEIVED = "zone_move_received", "接收转区"
        ZONE_MOVE_RETURNED = "zone_move_returned", "退回转区"
        ZONE_MOVE_WITHDRAWN = "zone_move_withdrawn", "撤回转区"
        CONDITION_ASKED = "condition_asked", "请办理转区条件"
        KEPT_APART = "kept_apart", "登记分开管理"
        KEEPING_APART_ENDED = "keeping_apart_ended", "终止分开管理"
        LEAVE_GRANTED = "leave_granted", "所外就医"
        LEAVE_ENDED = "leave_ended", "所外就医返回"
        DETOX_CONCLUDED = "detox_concluded", "生理脱毒结论"
        DRUG_TESTED = "drug_tested", "所内毒品检测"
        ENTRY_EDUCATION_RECORDED = "entry_education_recorded", "入所教育"
        SCREENED = "screened", "心理测评"
        FITNESS_TESTED = "fitness_tested", "体能测试"
        CONDUCT_MARKED = "conduct_marked", "行为表现月考核"
        CONDUCT_CONFIRMED = "conduct_confirmed", "月考核复核"
        SOCIAL_RECORDED = "social_recorded", "社会环境与适应能力"
        ASSESSMENT_DRAFTED = "assessment_drafted", "诊断评估拟定"
        ASSESSMENT_CONCLUDED = "assessment_concluded", "诊断评估结论"
        ASSESSMENT_RETURNED = "assessment_returned", "诊断评估退回"
        RELEASE_NOTIFIED = "release_notified", "解除前通知"
        RELEASED = "released", "解除强制隔离戒毒"
        GATE_REFUSED = "gate_refused", "出所核验不符"
        GATE_MARK_MISSING = "gate_mark_missing", "出所核验缺项"
        CERTIFICATE_WAITS = "certificate_waits", "证明书待打印"
        CERTIFICATE_PRINTED = "certificate_printed", "证明书补打"
        AGREEMENT_OFFERED = "agreement_offered", "照管协议征询"
        AGREEMENT_SIGNED = "agreement_signed", "照管协议签订"
        AGREEMENT_DECLINED = "agreement_declined", "照管协议不签"
        AGREEMENT_RENEWED = "agreement_renewed", "照管协议续签"
        AGREEMENT_WITHDRAWN = "agreement_withdrawn", "照管协议退出"
        AGREEMENT_ENDED = "agreement_ended", "照管协议期满"
        CONTACTED = "contacted", "照管联系"
        DOCUMENT_SERVED = "document_served", "文书送达"
        IDENTITY_VIEWED = "identity_viewed", "查看身份号码"
        CORRECTED = "corrected", "更正信息"
        POSTED = "posted", "任职"
        POSTING_ENDED = "posting_ended", "免去任职"
        ACCOUNT_OPENED = "account_opened", "开户"
        ACCOUNT_LOCKED = "account_locked", "停用账号"
        ACCOUNT_UNLOCKED = "account_unlocked", "恢复账号"
        SECRET_RESET = "secret_reset", "重置密码"
        PASSWORD_CHANGED = "password_changed", "修改密码"
        ROLE_SHAPED = "role_shaped", "调整角色"
        GRANTED = "granted", "授权"
        GRANT_ENDED = "grant_ended", "收回授权"
        DELEGATED = "delegated", "委托值班"
        DELEGATION_ENDED = "delegation_ended", "结束委托"
        UNIT_OPENED = "unit_opened", "开设大队、中队"
        UNIT_CLOSED = "unit_closed", "撤销大队、中队"
        ROOMS_ADDED = "rooms_added", "增设房间"
        BEDS_ADDED = "beds_added", "增设床位"
        BEDS_CLOSED = "beds_closed", "停用床位"
        BEDS_REOPENED = "beds_reopened", "恢复床位"
        STATION_OPENED = "station_opened", "设立照管站"
        STATION_CLOSED = "station_closed", "撤销照管站"
        RULE_PROPOSED = "rule_proposed", "拟定省级规则"
        RULE_RETURNED = "rule_returned", "退回省级规则"
        RULE_WITHDRAWN = "rule_withdrawn", "撤回省级规则"
        RULE_SET = "rule_set", "设定省级规则"
        DRIFT_MENDED = "drift_mended", "时限校正"

    subject_type = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="events")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True)
    kind = models.CharField("事项", max_length=30, choices=Kind)
    happened_at = models.DateTimeField("发生时间")
    time_known = models.BooleanField("知道时刻", default=True)
    recorded_at = models.DateTimeField("录入时间")
    by = models.ForeignKey(User, models.PROTECT, null=True)
    facts = models.JSONField("事实", default=dict)
    words = SealedField("原话", kind="json", null=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True)

    class Privacy:
        sealed = frozenset({"words"})
        open = frozenset(
            {
                "id", "subject_type", "subject_id", "case", "facility", "kind", "happened_at",
                "time_known", "recorded_at", "by", "facts", "corrects",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "执法记录"
        indexes = [
            models.Index(fields=["case", "-happened_at"], name="event_by_case"),
            models.Index(fields=["facility", "kind", "happened_at"], name="event_by_kind"),
            models.Index(fields=["subject_id"], name="event_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject_type="case") | Q(case__isnull=False, facility__isnull=False),
                name="event_of_a_case_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        return self.filter(satisfied_at__isnull=True)

    def overdue(self, *, at: "datetime") -> "DeadlineQuerySet":
        return self.open().filter(due_at__lt=at)

    def owed_by(self, user: User) -> "DeadlineQuerySet":
        """What this user's post owes: its role, within its place, of cases he may see."""
        mine = self.filter(owed_by=user.role)
        if user.posting is None:
            return self.none()
        if user.reach == Reach.STATION:
            return mine.filter(case__in=Case.objects.filter(in_reach_of(user)))
        if user.reach == Reach.UNIT:
            units = Unit.objects.of_brigade(user.unit)
            own = Q(unit__isnull=True, case__unit__in=units)
            return mine.filter(own | Q(unit__in=units))
        if user.reach == Reach.FACILITY:
            return mine.filter(facility=user.facility)
        return self.none()


class Deadline(Keyed):
    """时限：what must happen, by when, who owes it. A projection of facts, never a counter."""

    class Unit(models.TextChoices):
        CALENDAR = "calendar", "日"
        WORKING = "working", "工作日"

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    facility = models.ForeignKey(Facility, models.PROTECT)
    clock = models.CharField("时钟", max_length=40)
    cycle = models.CharField("轮次", max_length=40, blank=True)
    opened_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("应办结时间")
    day_unit = models.CharField("日的种类", max_length=10, choices=Unit, default=Unit.CALENDAR)
    article = models.CharField("依据", max_length=40, blank=True)
    owed_by = models.CharField("责任岗位", max_length=30)
    unit = models.ForeignKey(  # null: the case's own
        "rehab.Unit", models.PROTECT, null=True, related_name="+", verbose_name="责任大队"
    )
    satisfied_at = models.DateTimeField("办结时间", null=True)

    objects = DeadlineQuerySet.as_manager()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset(
            {
                "id", "case", "facility", "clock", "cycle", "opened_at", "due_at", "day_unit",
                "article", "owed_by", "unit", "satisfied_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "时限"
        indexes = [
            models.Index(
                fields=["facility", "owed_by", "due_at"],
                condition=Q(satisfied_at__isnull=True),
                name="deadline_open_by_post",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "cycle"], name="one_deadline_per_cycle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.clock}"


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


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Documents of cases the user may see, of what his facility turned away, and of several people
        where his 大队 receives them or he sees each of them. Some kinds are opened by few.
        """
        seen = Case.objects.visible_to(user)
        shown = Q(case__in=seen)
        if user.posting is not None and user.reach == Reach.FACILITY:
            shown |= Q(case__isnull=True, facility=user.posting.facility_id)
        if user.posting is not None and user.reach == Reach.UNIT:
            named = DocumentMention.objects.filter(document=OuterRef("pk"))
            shown |= Q(case__isnull=True, unit__in=Unit.objects.of_brigade(user.unit))
            shown |= Q(Exists(named), ~Exists(named.exclude(case__in=seen)), case__isnull=True)
        closed = [one.code for one in kinds().values() if not any(map(user.may, one.opened_by))]
        return self.filter(shown).exclude(template__in=closed)

    def of(self, case: Case) -> "DocumentQuerySet":
        """His own, and those about several people that name him."""
        named = DocumentMention.objects.filter(case=case)
        return self.filter(Q(case=case) | Q(pk__in=named.values("document")))


class Document(Keyed):
    """文书：numbered; the facts it was made from, its bytes and their hash; never edited, only superseded."""

    subject_type = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="documents")
    facility = models.ForeignKey(Facility, models.PROTECT)
    template = models.CharField("文书种类", max_length=40)
    title = models.CharField("名称", max_length=60)
    number = models.CharField("文号", max_length=60)
    facts = SealedField("依据的事实", kind="json")
    body = SealedField("内容", kind="bytes", null=True)  # empty while it waits to be typeset
    sha256 = models.CharField("摘要", max_length=64, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT)
    made_at = models.DateTimeField("制作时间")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    unit = models.ForeignKey(  # of a document about several people: the 大队 that receives them
        Unit, models.PROTECT, null=True, related_name="+"
    )
    wording = models.ForeignKey(  # the province's; none where the product's own was used
        DocumentWording, models.PROTECT, null=True, related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"facts", "body"})
        open = frozenset(
            {
                "id", "subject_type", "subject_id", "case", "facility", "template", "title",
                "number", "sha256", "signed_by", "made_at", "supersedes", "unit", "wording",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "文书"
        indexes = [models.Index(fields=["subject_id"], name="document_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"], name="document_number_once_per_facility"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=True, sha256="") | Q(body__isnull=False) & ~Q(sha256=""),
                name="document_has_its_hash_with_its_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_typeset(self) -> bool:
        """Whether there is something to print; told by the hash, because lists leave the bytes closed."""
        return self.sha256 != ""

    @property
    def pdf(self) -> bytes:
        """What is printed; `TypeError` while it waits to be typeset."""
        return bytes(self.body)  # type: ignore[arg-type]  # a view asks for what is typeset alone


class ServiceOfDocument(Keyed):
    """送达：when, to whom and how a document was served. Append-only."""

    class Manner(models.TextChoices):
        IN_PERSON = "in_person", "直接送达"
        POST = "post", "邮寄"
        ONLINE = "online", "平台送达"
        LEFT = "left", "留置"

    class Recipient(models.TextChoices):
        PERSON = "person", "本人"
        FAMILY = "family", "家属"
        DECIDING_AUTHORITY = "deciding_authority", "决定机关"
        EMPLOYER = "employer", "所在单位"
        POLICE_STATION = "police_station", "公安派出所"
        OTHER = "other", "其他"

    document = models.ForeignKey(Document, models.PROTECT, related_name="services")
    recipient = models.CharField("受送达人", max_length=20, choices=Recipient)
    received_by = SealedField("签收人", null=True)
    manner = models.CharField("方式", max_length=10, choices=Manner)
    served_at = models.DateTimeField("送达时间")
    by = models.ForeignKey(User, models.PROTECT)

    class Privacy:
        sealed = frozenset({"received_by"})
        open = frozenset({"id", "document", "recipient", "manner", "served_at", "by"})

    class Meta:
        verbose_name = "送达"

    def __str__(self) -> str:
        return f"{self.document} {self.get_manner_display()}"


class MatchCall(Keyed):
    """全国比对留痕：every question put across the nation; written by the function that answers it."""

    class Purpose(models.TextChoices):
        PERSON = "person", "核对既往"
        DECISION = "decision", "核对决定书文号"
        NUMBER = "number", "核对是否同一人"
        ROSTER = "roster", "核对名册"
        HISTORY = "history", "查阅既往"

    actor = models.CharField(max_length=60)
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    by_number = models.BooleanField()
    asked = models.PositiveIntegerField("问了几项")
    found = models.PositiveSmallIntegerField("答了几项")
    at = models.DateTimeField()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "actor", "purpose", "by_number", "asked", "found", "at"})

    def __str__(self) -> str:
        return f"{self.actor} {self.get_purpose_display()} {self.found}/{self.asked}"


class SweepRun(Keyed):
    """One finished nightly sweep of a facility, for a business day.

    When it really finished tells an outage from a demo whose day was moved.
    """

    facility = models.ForeignKey(Facility, models.PROTECT)
    on = models.DateField()
    finished_at = models.DateTimeField()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "facility", "on", "finished_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "on"], name="one_sweep_per_facility_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.on}"


class DemoClock(models.Model):
    """By how many seconds the demo's business time runs ahead. One row at most; read by `rehab.clock`."""

    seconds = models.BigIntegerField()

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "seconds"})

    def __str__(self) -> str:
        return str(self.seconds)
