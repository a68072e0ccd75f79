"""工作台: what this post must do, sorted by the law's clock; and the figures that stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.urls import reverse

from centers.assessment.rules import telling
from rehab import acts, naming
from rehab.clock import day_of
from rehab.ledgers.deadlines import clocks
from rehab.models import Bed, Case, Deadline, PersonMerge, User
from rehab.permissions import Permission
from rehab.rules.days import start_of
from rehab.rules.timing import Category
from rehab.selectors import decision_corrections, escapes, term_decisions
from rehab.states import Reach, Stage
from rehab.statutes import BY_CODE, Article
from reporting.selectors.people import presences
from zones.selectors import transfers
from zones.transfer_clocks import ROAD

HORIZON_DAYS = 30
SUPERVISED_DAYS = 7  # a supervisor is shown what is late or near, not every plan of the house
NEAR_DAYS = 7
STAGE_RULES = "分区流转规则"
BASES = {ROAD: "途中 24 小时，未经确认", telling.CLOCK: "告知时限，未经确认"}
MERGES, ESCAPES = "merges", "escapes"
TERMS, OVERRUN, CORRECTIONS = "terms", "terms_overrun", "decision_corrections"
FROM_THE_ROAD = {
    transfers.COMING: "转所途中，将到本所",
    transfers.LATE: "其中逾 24 小时未到",
    transfers.LEAVING: "期满日已到，请立即接收并办理解除",
}
CASE_PAGE = "reporting:case-detail"  # tells how far it is to who may not do it
CUSTODIANS = frozenset({Reach.UNIT, Reach.FACILITY, Reach.PROVINCE, Reach.NATION})


@dataclass(frozen=True)
class Todo:
    """One line: what must be done for whom, by when, on whose authority, and where it is done."""

    due_at: datetime
    opens_on: date | None
    act: str
    category: Category
    person: str
    number: str
    stage: str | None
    article: Article | None
    basis: str  # where no article says it
    mine: bool  # this post's own act, not one it watches over
    button: str
    url: str | None
    spoken: str = ""  # the name as lists are ordered by it


@dataclass(frozen=True)
class Group:
    """Lines that fall due in the same span, and how many there are of them on all pages."""

    label: str
    count: int
    todos: tuple[Todo, ...]


@dataclass(frozen=True)
class Tile:
    """One zone: how many of whose people are in it, and what is due there."""

    stage: Stage
    count: int
    capacity: int
    soon: int
    late: int
    scope: str
    url: str


@dataclass(frozen=True)
class Figure:
    """A number that opens the list it counts."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Redline:
    """A line of the card 权利与时限红线, as components/redline.html shows it."""

    label: str
    value: str
    tone: str
    url: str


def supervises(user: User) -> bool:
    """Whether a post is answerable for others' deadlines: bureaus, and whoever lateness is told to."""
    told = {one.escalates_to for one in clocks().values()}
    return user.reach in (Reach.PROVINCE, Reach.NATION) or user.role in told


def todos(user: User, *, at: datetime) -> list[Todo]:
    """Everything due within the horizon for this post, or within a supervisor's reach, soonest first."""
    on = day_of(at)
    if supervises(user):
        rows = Deadline.objects.open().filter(case__in=Case.objects.visible_to(user))
        days = SUPERVISED_DAYS
    else:
        rows = Deadline.objects.open().owed_by(user)
        days = HORIZON_DAYS
    near = (
        rows.filter(due_at__lt=start_of(on + timedelta(days=days + 1)))
        .select_related("case__person", "case__zone")
        .order_by("due_at", "case__number", "clock")
    )
    return [_todo(row, user, on) for row in near]


def open_deadlines(
    user: User, *, clock: str = "", due_before: datetime | None = None
) -> QuerySet[Deadline]:
    """Every open deadline of the cases a user may see, soonest first."""
    rows = Deadline.objects.open().filter(case__in=Case.objects.visible_to(user))
    if clock:
        rows = rows.filter(clock=clock)
    if due_before:
        rows = rows.filter(due_at__lt=due_before)
    return rows.select_related("case", "facility").order_by("due_at", "case__number", "clock")


def _todo(row: Deadline, user: User, on: date) -> Todo:
    one, case = clocks()[row.clock], row.case
    opens_on = day_of(row.opened_at)
    mine = row.owed_by == user.role
    done_at = acts.address(user, one.url_name, case.number)
    return Todo(
        due_at=row.due_at,
        opens_on=opens_on if opens_on > on else None,
        act=one.label,
        category=one.category,
        person=naming.shown_name(case.person, user),
        number=case.number,
        stage=case.zone.stage if case.zone and not case.ended_at else None,
        article=BY_CODE.get(row.article),
        basis=_basis(row.clock),
        mine=mine,
        button=one.act if mine and done_at else "查看",
        url=done_at or acts.address(user, CASE_PAGE, case.number),
        spoken=case.person.name_pinyin,
    )


def _basis(clock: str) -> str:
    """What a line goes by where no article says it."""
    return BASES.get(clock) or (STAGE_RULES if clock.startswith("zones.") else "")


def groups(page: Sequence[Todo], every: Sequence[Todo], *, on: date) -> tuple[Group, ...]:
    """The lines of a page under 逾期 / 今天 / 7 天内 / 30 天内, each with its count on all pages."""
    counts: dict[str, int] = {}
    for todo in every:
        counts[_span(todo, on)] = counts.get(_span(todo, on), 0) + 1
    lines: dict[str, list[Todo]] = {}
    for todo in page:
        lines.setdefault(_span(todo, on), []).append(todo)
    return tuple(Group(label, counts[label], tuple(held)) for label, held in lines.items())


def _span(todo: Todo, on: date) -> str:
    left = (day_of(todo.due_at) - on).days
    if left < 0:
        return "逾期"
    if left == 0:
        return "今天"
    return f"{NEAR_DAYS} 天内" if left <= NEAR_DAYS else f"{HORIZON_DAYS} 天内"


def tiles(user: User, *, at: datetime) -> tuple[Tile, ...]:
    """The zones a custodian's post is answerable for, in one query; a 大队 has its own zone alone."""
    if user.reach not in CUSTODIANS:
        return ()
    cases = Case.objects.visible_to(user).filter(presences()["in_facility"].condition(at))
    moves = [code for code, one in clocks().items() if one.category == Category.MOVE]
    due = Deadline.objects.open().filter(case__in=cases, clock__in=moves)
    near = start_of(day_of(at) + timedelta(days=NEAR_DAYS + 1))
    counted = (
        _by_stage("people", cases, "zone__stage"),
        _by_stage("beds", Bed.objects.in_use().filter(_beds_of(user)), "room__unit__zone__stage"),
        _by_stage("soon", due.filter(due_at__gte=at, due_at__lt=near), "case__zone__stage"),
        _by_stage("late", due.filter(due_at__lt=at), "case__zone__stage"),
    )
    figures: dict[tuple[str, str], int] = {
        (what, stage): number for what, stage, number in counted[0].union(*counted[1:], all=True)
    }
    own = user.unit.zone if user.reach == Reach.UNIT and user.unit else None
    return tuple(
        Tile(
            stage=stage,
            count=figures.get(("people", stage), 0),
            capacity=figures.get(("beds", stage), 0),
            soon=figures.get(("soon", stage), 0),
            late=figures.get(("late", stage), 0),
            scope=whose(user),
            url=case_list(presence="in_facility", stage=stage.value),
        )
        for stage in Stage
        if own is None or own.stage == stage
    )


def _by_stage(what: str, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    staged = rows.filter(**{f"{path}__isnull": False}).annotate(what=Value(what), stage=F(path))
    counted: QuerySet[Any] = staged.order_by().values_list("what", "stage").annotate(Count("pk"))
    return counted


def _beds_of(user: User) -> Q:
    match user.reach:
        case Reach.UNIT:
            return Q(room__unit=user.unit) | Q(room__unit__parent=user.unit)
        case Reach.FACILITY:
            return Q(room__unit__facility=user.facility)
        case Reach.PROVINCE:
            province = Q(room__unit__facility__province=user.bureau)
            return province | Q(room__unit__facility__bureau=user.bureau)
        case _:
            return Q()


def whose(user: User) -> str:
    """Whose people a figure of this user counts."""
    return {
        Reach.UNIT: "我的大队",
        Reach.FACILITY: "全所",
        Reach.STATION: "本站",
        Reach.PROVINCE: "全省",
        Reach.NATION: "全国",
    }.get(Reach(user.reach), "")


def figures(user: User, *, at: datetime) -> dict[str, Figure]:
    """How many of the people he sees are where, by the conditions of the list that each opens."""
    conditions = {name: one.condition(at) for name, one in presences().items()}
    if user.may(Permission.MERGE_CONFIRM):
        waiting = PersonMerge.objects.open().filter(case=OuterRef("pk"))  # at most one of each case
        conditions[MERGES] = Q(Exists(waiting))
    wanted: dict[str, Any] = {
        name: Count("pk", filter=condition) for name, condition in conditions.items()
    }
    if user.may(Permission.ESCAPE_CONFIRM):
        wanted[ESCAPES] = Sum(escapes.number_waiting("pk"))
    if user.may(Permission.TERM_CONFIRM) or user.may(Permission.TERM_REVIEW):
        wanted[TERMS] = Sum(term_decisions.number_waiting("pk"))
        wanted[CORRECTIONS] = Sum(decision_corrections.number_waiting("pk"))
        wanted[OVERRUN] = Sum(term_decisions.number_overrun("pk", on=day_of(at)))
    if user.may(Permission.TRANSFER_HAND_OVER) or user.may(Permission.TRANSFER_APPROVE):
        wanted |= transfers.counted_coming(user, at=at)
    counts = Case.objects.opened_to(user).aggregate(**wanted)
    found = {
        name: Figure(one.label, counts[name], case_list(presence=name))
        for name, one in presences().items()
    }
    if ESCAPES in counts:
        found[ESCAPES] = Figure(
            "待确认的脱逃事项",
            counts[ESCAPES] or 0,
            f"{reverse('intake:escape-list')}?status=proposed",
        )
    if TERMS in counts:
        waits = f"{reverse('aftercare:term-decision-list')}?status=proposed"
        found[TERMS] = Figure("待确认的期限决定", counts[TERMS] or 0, waits)
        found[CORRECTIONS] = Figure(
            "待确认的决定书更正",
            counts[CORRECTIONS] or 0,
            f"{reverse('aftercare:decision-correction-list')}?status=proposed",
        )
        found[OVERRUN] = Figure(
            "提前解除决定载明的期满日已到，尚未确认，请立即确认并办理解除",
            counts[OVERRUN] or 0,
            waits,
        )
    found |= {
        name: Figure(label, counts[name] or 0, reverse("zones:transfer-list"))
        for name, label in FROM_THE_ROAD.items()
        if name in counts
    }
    if MERGES in counts:
        found[MERGES] = Figure(
            "待确认的人员合并", counts[MERGES], f"{reverse('rehab:merge-list')}?status=proposed"
        )
    return found


def redlines(counted: dict[str, Figure]) -> tuple[Redline, ...]:
    """What may not be above nought: who is over his term, and whose right was not kept in time."""
    late = [name for name in counted if name.startswith("late:")]
    return tuple(
        Redline(
            counted[name].label,
            f"{counted[name].count} 人",
            tone="bad" if counted[name].count else "ok",
            url=counted[name].url,
        )
        for name in ("overstayed", *late)
    )


def case_list(**filters: str) -> str:
    """The list of people under these filters."""
    return f"{reverse('reporting:case-list')}?{urlencode(filters)}"
