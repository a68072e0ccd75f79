"""人员档案: everything one page says of one person, from the ledgers and the rows of the case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from django.db.models import QuerySet

from rehab import statutes
from rehab.clock import day_of
from rehab.ledgers.deadlines import clocks
from rehab.models import Case, Deadline, Document, Event, Placement, User
from rehab.refusal import Caution, Obstacle
from rehab.rules.term import (
    ReleaseStatus,
    Term,
    earliest_early_release,
    printed_end_caution,
    release_status,
    term,
)
from rehab.states import FINAL, CaseStatus, Reach, Stage
from rehab.statutes import BY_CODE, Article
from reporting import acts
from reporting.term_bar import Milestone, Stay, TermBar, term_bar

K = Event.Kind

# What an aftercare station needs of a stay: that it was, and that it ended. Nothing of body, mind or conduct.
OF_AFTERCARE = frozenset(
    {
        K.ADMITTED, K.RELEASE_NOTIFIED, K.RELEASED, K.AGREEMENT_OFFERED, K.AGREEMENT_SIGNED,
        K.AGREEMENT_DECLINED, K.AGREEMENT_RENEWED, K.AGREEMENT_WITHDRAWN, K.CONTACTED,
        K.DOCUMENT_SERVED, K.IDENTITY_VIEWED,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Center:
    """A professional centre on the side of the page: its acts and their events, never their content."""

    name: str
    icon: str
    kinds: Mapping[str, str]  # kind of event → the words that it was done


CENTERS: tuple[Center, ...] = (
    Center(
        "戒毒医疗", "stethoscope", {K.DETOX_CONCLUDED: "生理脱毒结论", K.DRUG_TESTED: "毒品检测"}
    ),
    Center("教育矫正", "school", {K.ENTRY_EDUCATION_RECORDED: "入所教育"}),
    Center("心理矫治", "brain", {K.SCREENED: "测评（结果封存）"}),
    Center("康复训练", "run", {K.FITNESS_TESTED: "体能测试"}),
    Center("诊断评估", "clipboard-check", {K.ASSESSMENT_CONCLUDED: "评估结论"}),
)


def pages(user: User) -> QuerySet[Case]:
    """The cases whose page a user may open, with everything its header says."""
    return Case.objects.visible_to(user).select_related(
        "person", "decision", "facility", "unit", "zone", "station", "receiving_unit"
    )


# The term


@dataclass(frozen=True)
class Explained:
    """期限 with its working, where it stands today, and what speaks against the printed end."""

    term: Term
    status: ReleaseStatus | None  # None once the case has ended
    cautions: tuple[Caution, ...]


def explained(case: Case, *, on: date) -> Explained:
    """Why the last day is what it is, by the served decision."""
    decision = case.decision
    return Explained(
        term=term(decided_on=decision.decided_on, printed_ends_on=decision.printed_ends_on),
        status=None if case.status in FINAL else release_status(ends_on=case.ends_on, on=on),
        cautions=printed_end_caution(
            decided_on=decision.decided_on, printed_ends_on=decision.printed_ends_on
        ),
    )


def term_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Why no last day can be told: it stands still during an escape, and falls with the decision."""
    match case.status:
        case CaseStatus.ESCAPED:
            message = "此人脱逃在外，脱逃期间不计入期限，追回之前不能推算期满日"
            return (Obstacle(message, statutes.ESCAPE),)
        case CaseStatus.REVOKED:
            return (Obstacle("强制隔离戒毒决定已撤销，没有期满日", statutes.REMEDIES),)
        case _:
            return ()


def placements(case: Case) -> list[Placement]:
    """Where he lay, in order, without beds only held for him."""
    lain_in = Placement.objects.filter(case=case, held=False)
    return list(lain_in.select_related("bed__room__unit__zone").order_by("period"))


def bar(case: Case, lain_in: Sequence[Placement], *, on: date) -> TermBar:
    """The term as a picture: with the police, zone by zone, away, and what is still to come."""
    begins_on = case.decision.decided_on
    one_year = earliest_early_release(begins_on)
    until = day_of(case.ended_at) if case.ended_at else on
    words = f"满一年 {one_year.isoformat()}"
    return term_bar(
        begins_on=begins_on,
        ends_on=case.ends_on,
        today=until,
        stays=stays(case, lain_in),
        milestones=(Milestone(f"{words} 起可评" if one_year > on else words, one_year),),
    )


def stays(case: Case, lain_in: Sequence[Placement]) -> tuple[Stay, ...]:
    """The stretches of the term so far: a change of bed inside a zone begins no new one."""
    found: list[Stay] = []
    entered_on = day_of(case.entered_at)
    if case.decision.decided_on < entered_on:
        found.append(Stay("公安机关执行", case.decision.decided_on, entered_on - timedelta(days=1)))
    for index, placement in enumerate(lain_in):
        stage = Stage(placement.bed.room.unit.zone.stage)
        begins_on = day_of(placement.period.lower)
        ends_on = _last_day(placement, lain_in[index + 1 :])
        before = found[-1] if found else None
        if before and before.stage == stage:
            found[-1] = Stay(stage.label, before.begins_on, ends_on, stage)
            continue
        if before and before.ends_on and before.ends_on + timedelta(days=1) < begins_on:
            gap_from = before.ends_on + timedelta(days=1)
            found.append(Stay("不在区", gap_from, begins_on - timedelta(days=1)))
        found.append(Stay(stage.label, begins_on, ends_on, stage))
    return tuple(found)


def _last_day(placement: Placement, later: Sequence[Placement]) -> date | None:
    """The last day a placement colours: the day before the next begins, or the day it ended."""
    if placement.period.upper is None:
        return None
    ended_on = day_of(placement.period.upper)
    if later and day_of(later[0].period.lower) == ended_on:
        return ended_on - timedelta(days=1)
    return ended_on


# What happened, what is due


def happened(case: Case, user: User) -> list[Event]:
    """执法记录 of the case, the newest first; a station reads only what concerns aftercare."""
    events = case.events.select_related("by").order_by("-happened_at", "-recorded_at")
    if user.reach == Reach.STATION:
        events = events.filter(kind__in=OF_AFTERCARE)
    return list(events)


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
            )
        )
    return found


@dataclass(frozen=True)
class CenterLine:
    """A centre's line: when each of its acts was last done, and what it owes next."""

    center: Center
    done: tuple[tuple[str, datetime], ...]
    due: Due | None


def center_lines(events: Iterable[Event], dues: Iterable[Due]) -> tuple[CenterLine, ...]:
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
            due=next((by_page[url] for url in PAGES_OF[center.name] if url in by_page), None),
        )
        for center in CENTERS
    )


PAGES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "戒毒医疗": ("centers:detox-create", "centers:drug-test-create"),
        "教育矫正": ("centers:entry-education-create",),
        "心理矫治": ("centers:screening-create",),
        "康复训练": ("centers:fitness-test-create",),
        "诊断评估": ("centers:assessment-create",),
    }
)


def documents(case: Case, user: User) -> list[Document]:
    """文书 of the case, the newest first, without their bytes."""
    visible = Document.objects.visible_to(user).filter(case=case)
    return list(
        visible.defer("body", "facts").select_related("signed_by").order_by("-made_at", "-number")
    )
