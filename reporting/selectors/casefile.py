"""人员档案: everything one page says of one person, from the ledgers and the rows of the case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, QuerySet

from aftercare.models import Agreement
from aftercare.selectors import may_be_barred, release_obstacles
from rehab import acts
from rehab.clock import day_of
from rehab.ledgers.deadlines import clocks
from rehab.models import Case, Deadline, Document, Event, ServiceOfDocument, User
from rehab.refusal import Obstacle
from rehab.states import IN_CUSTODY, AbsenceKind, CaseStatus, Reach
from rehab.statutes import BY_CODE, Article
from zones.clocks import MOVE
from zones.models import ZoneMove

K = Event.Kind

# What an aftercare station needs of a stay: that it was, and that it ended. Nothing of body, mind or conduct.
OF_AFTERCARE = frozenset(
    {
        K.ADMITTED, K.RELEASE_NOTIFIED, K.RELEASED, K.AGREEMENT_OFFERED, K.AGREEMENT_SIGNED,
        K.AGREEMENT_DECLINED, K.AGREEMENT_RENEWED, K.AGREEMENT_WITHDRAWN, K.AGREEMENT_ENDED,
        K.CONTACTED, K.DOCUMENT_SERVED, K.IDENTITY_VIEWED,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Center:
    """A professional centre on the page: its acts and their events, never their content."""

    name: str
    icon: str
    kinds: Mapping[str, str]  # kind of event → what was done
    pages: Mapping[str, str]  # url name of a record → the word on its button


CENTERS: tuple[Center, ...] = (
    Center(
        "戒毒医疗",
        "stethoscope",
        {K.DETOX_CONCLUDED: "生理脱毒结论", K.DRUG_TESTED: "毒品检测"},
        {"centers:detox-create": "脱毒结论", "centers:drug-test-create": "毒品检测"},
    ),
    Center(
        "教育矫正",
        "school",
        {K.ENTRY_EDUCATION_RECORDED: "入所教育"},
        {"centers:entry-education-create": "入所教育"},
    ),
    Center(
        "心理矫治",
        "brain",
        {K.SCREENED: "心理测评（结果封存）"},
        {"centers:screening-create": "心理测评"},
    ),
    Center(
        "康复训练",
        "run",
        {K.FITNESS_TESTED: "体能测试"},
        {"centers:fitness-test-create": "体能测试"},
    ),
    Center(
        "诊断评估",
        "clipboard-check",
        {
            K.ASSESSMENT_CONCLUDED: "评估结论",
            K.CONDUCT_CONFIRMED: "月考核",
            K.SOCIAL_RECORDED: "社会环境与适应能力",
        },
        {
            "centers:assessment-create": "评估",
            "centers:conduct-create": "月考核",
            "centers:social-create": "社会环境",
        },
    ),
)
RETURN, RAN = "intake:return-create", "脱逃登记"  # who is out can only come back, or run
NOT_WHILE_OUT = frozenset({"zones:leave-create", "intake:departure-create"})
CONVERSION = "aftercare:conversion-detail"
OUT = frozenset({CaseStatus.MEDICAL_LEAVE, CaseStatus.HELD_ELSEWHERE, CaseStatus.ESCAPED})
ACTS: tuple[tuple[str, str, frozenset[CaseStatus]], ...] = (
    ("入所事项", "intake:completion-record", IN_CUSTODY),
    ("转区", "zones:proposal-create", frozenset({CaseStatus.IN_FACILITY})),
    ("调整床位", "zones:bed-change", frozenset({CaseStatus.IN_FACILITY})),
    ("分开管理", "zones:apart-create", IN_CUSTODY),
    ("外出探视", "zones:outing-detail", frozenset({CaseStatus.IN_FACILITY})),
    ("所外就医", "zones:leave-create", frozenset({CaseStatus.IN_FACILITY})),
    ("转所", "zones:transfer-create", frozenset({CaseStatus.IN_FACILITY, CaseStatus.IN_TRANSIT})),
    ("离所登记", "intake:departure-create", frozenset({CaseStatus.IN_FACILITY})),
    ("回所登记", RETURN, OUT),
    (
        RAN,
        "intake:departure-create",
        frozenset({CaseStatus.MEDICAL_LEAVE, CaseStatus.HELD_ELSEWHERE, CaseStatus.IN_TRANSIT}),
    ),
    ("告知本人", "centers:told-print", IN_CUSTODY),
    ("期限意见", "centers:opinion-detail", IN_CUSTODY | {CaseStatus.ESCAPED}),
    ("期限决定", "aftercare:term-decision-create", IN_CUSTODY),
    ("照管协议", "aftercare:agreement-create", IN_CUSTODY | {CaseStatus.RELEASED}),
    ("记录联系", "aftercare:contact-create", frozenset({CaseStatus.RELEASED})),
    ("解除", "aftercare:release-detail", IN_CUSTODY),
    (
        "变更社区戒毒",
        CONVERSION,
        frozenset({CaseStatus.MEDICAL_LEAVE, CaseStatus.CONVERTED}),
    ),
    (
        "决定撤销",
        "aftercare:revocation-detail",
        IN_CUSTODY | {CaseStatus.ESCAPED, CaseStatus.REVOKED},
    ),
    (
        "死亡",
        "aftercare:death-detail",
        IN_CUSTODY | {CaseStatus.ESCAPED, CaseStatus.DIED},
    ),
)


def pages(user: User) -> QuerySet[Case]:
    """The cases whose page a user may open, with everything its header says."""
    return Case.objects.opened_to(user).select_related(
        "person", "decision", "facility", "unit", "zone", "station", "receiving_unit"
    )


# What happened, what is due


def happened(case: Case, user: User) -> list[Event]:
    """执法记录 of the case, the newest first; a station reads only what concerns aftercare."""
    events = case.events.select_related("by").order_by("-happened_at", "-recorded_at")
    if user.reach == Reach.STATION:
        events = events.filter(kind__in=OF_AFTERCARE)
    return list(events)


def stay_words(events: Iterable[Event]) -> str:
    """第几次, as was found when he was received; empty for the first time."""
    found = [one.facts for one in events if one.kind == K.ADMITTED]
    admitted = found[0] if found else {}
    if not admitted.get("returning"):
        return ""
    serial = admitted.get("stay")
    return f"第 {serial} 次强制隔离戒毒" if serial else "再次强制隔离戒毒"


def out_for(events: Sequence[Event]) -> str:
    """Why somebody is out whose bed stays his, from 执法记录, the newest first; empty for who is here."""
    ends = (K.WENT_OUT, K.CAME_BACK, K.RAN_FROM)
    last = next((one for one in events if one.kind in ends), None)
    if last is None or last.kind != K.WENT_OUT:
        return ""
    return AbsenceKind(last.facts["reason"]).label


def ever_escaped(events: Sequence[Event]) -> bool:
    """Whether an escape stands: one that was taken back as wrongly recorded is none."""
    taken_back = {one.corrects_id for one in events if one.kind == K.ESCAPE_REVERSED}
    return any(one.kind == K.ESCAPED and one.pk not in taken_back for one in events)


@dataclass(frozen=True)
class Due:
    """What is still to be done for him, and the page on which this user may do it."""

    label: str
    act: str
    due_at: datetime
    opens_on: date | None
    article: Article | None
    url: str | None
    url_name: str
    clock: str


def next_of_each(dues: Iterable[Due]) -> list[Due]:
    """Of every clock the soonest; twelve months of conduct are one line."""
    first: dict[str, Due] = {}
    for one in dues:
        first.setdefault(one.clock, one)
    return list(first.values())


def due(case: Case, user: User, *, on: date) -> list[Due]:
    """The open deadlines of the case, soonest first."""
    if user.reach == Reach.STATION:
        rows = Deadline.objects.open().owed_by(user).filter(case=case)
    else:
        rows = case.deadlines.open()
    found = []
    for row in rows.order_by("due_at", "clock"):
        one, opens_on = clocks()[row.clock], day_of(row.opened_at)
        found.append(
            Due(
                label=one.label,
                act=one.act,
                due_at=row.due_at,
                opens_on=opens_on if opens_on > on else None,
                article=BY_CODE.get(row.article),
                url=acts.address(user, one.url_name, case.number),
                url_name=one.url_name,
                clock=row.clock,
            )
        )
    return found


@dataclass(frozen=True)
class Act:
    """A button of the header: where it is done, or from when it can be."""

    label: str
    url: str
    opens: str = ""  # from when
    obstacles: tuple[Obstacle, ...] = ()  # why it is not possible yet; the button is disabled then


@dataclass(frozen=True)
class CenterLine:
    """A centre's line: when each of its acts was last done, what it owes next, where it is recorded."""

    center: Center
    done: tuple[tuple[str, datetime], ...]
    due: Due | None
    pages: tuple[Act, ...]


def center_lines(
    case: Case, user: User, events: Iterable[Event], dues: Iterable[Due]
) -> tuple[CenterLine, ...]:
    """The five centres: done and due, from the ledgers alone."""
    last: dict[str, datetime] = {}
    for event in events:
        last.setdefault(event.kind, event.happened_at)  # the newest comes first
    by_page: dict[str, Due] = {}
    for one in dues:
        by_page.setdefault(one.url_name, one)
    return tuple(
        CenterLine(
            center,
            done=tuple((words, last[kind]) for kind, words in center.kinds.items() if kind in last),
            due=next((by_page[name] for name in center.pages if name in by_page), None),
            pages=tuple(
                Act(label, url)
                for name, label in center.pages.items()
                if case.status in IN_CUSTODY and (url := acts.address(user, name, case.number))
            ),
        )
        for center in CENTERS
    )


# What may be done


def moves_on(dues: Iterable[Due]) -> date | None:
    """The day by which the next move between zones is due."""
    return next((day_of(one.due_at) for one in dues if one.clock == MOVE), None)


def case_acts(
    case: Case, user: User, dues: Sequence[Due], *, out: bool, on: date
) -> tuple[Act, ...]:
    """What this user may open for this case now; what is too early says from when.

    `out`: at a hospital, a court or his family, while his bed stays his.
    """
    found = []
    for label, url_name, statuses in ACTS:
        url = acts.address(user, url_name, case.number)
        if url is None or not _is_open(label, url_name, case, statuses, out):
            continue
        opens, obstacles = _too_early(url_name, case, dues, on=on)
        found.append(Act(label, url, opens, obstacles))
    return tuple(found)


def _is_open(
    label: str, url_name: str, case: Case, statuses: frozenset[CaseStatus], out: bool
) -> bool:
    """Whether an act fits how somebody stands: who is out comes back first, or ran from there."""
    if (url_name == RETURN or label == RAN) and out:
        return case.status == CaseStatus.IN_FACILITY
    if url_name == CONVERSION and may_be_barred(case) and case.status in IN_CUSTODY:
        return True
    return case.status in statuses and not (url_name in NOT_WHILE_OUT and out)


def _too_early(
    url_name: str, case: Case, dues: Sequence[Due], *, on: date
) -> tuple[str, tuple[Obstacle, ...]]:
    """From when an act is possible, and the reasons why it is not yet; nothing of what is open."""
    if url_name == "aftercare:release-detail":
        obstacles = release_obstacles(case, on=on)
        return (f"期满 {case.ends_on}" if obstacles else "", obstacles)
    due = next((one for one in dues if one.url_name == url_name), None)
    if due is None or due.opens_on is None:
        return ("", ())
    opens = f"{due.opens_on:%m-%d} 起"
    return (opens, (Obstacle(f"{due.label} {due.opens_on} 起可办", due.article),))


def moves(case: Case, user: User) -> list[ZoneMove]:
    """转区 of the case, the newest first, with their signatures."""
    found = ZoneMove.objects.visible_to(user).filter(case=case)
    related = ("from_unit", "to_unit", "proposed_by", "approved_by", "received_by", "ended_by")
    return list(found.select_related(*related).order_by("-proposed_at"))


def agreements(case: Case, user: User) -> list[Agreement]:
    """后续照管协议 of the case, the newest first."""
    found = Agreement.objects.visible_to(user).filter(case=case)
    return list(found.select_related("station").order_by("-offered_at"))


def latest_agreement(number: str, user: User) -> QuerySet[Agreement]:
    """What a station sees of whom it was asked to look after, and of whose year is over."""
    found = Agreement.objects.visible_to(user).filter(case__number=number)
    return found.order_by("-offered_at")


def document_count(case: Case, user: User) -> int:
    """How many 文书 the tab of this name lists."""
    return Document.objects.visible_to(user).of(case).count()


def documents(case: Case, user: User) -> list[Document]:
    """文书 of the case, the newest first, with their services and without their bytes."""
    visible = Document.objects.visible_to(user).of(case).annotate(printed=Count("prints"))
    related = visible.select_related("signed_by", "superseded_by", "wording").prefetch_related(
        Prefetch("services", ServiceOfDocument.objects.order_by("served_at"))
    )
    return list(
        related.defer("body", "facts", "superseded_by__body", "superseded_by__facts").order_by(
            "-made_at", "-number"
        )
    )
