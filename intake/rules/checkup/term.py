"""期限: what the last day is by the facts of a line, and what in the line speaks against it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from intake.rules.checkup.findings import Finding, Kind, Severity, found
from intake.rules.checkup.people import Person, Status, Title
from rehab import statutes
from rehab.refusal import Obstacle, Refused
from rehab.rules.explaining import RAN_AFTER_EARLY_RELEASE, Explanation, explain
from rehab.rules.term import (
    PRINTED_END_DIFFERS,
    Convention,
    ReleasePhase,
    Step,
    is_beyond_two_years,
    prints_anniversary,
    release_status,
    two_years_end,
)
from rehab.rules.term_facts import (
    Bar,
    EarlyRelease,
    Extension,
    Interval,
    ServedDecision,
    TermFacts,
)

LEFT_OUT = "（自相矛盾的登记未计入）"
AS_HELD = "（没有可用的决定日期，按登记的期满日）"


@dataclass(frozen=True)
class Checked:
    """A line on a day: who it is about, and what the engine says of the facts in it."""

    person: Person
    on: date
    facts: TermFacts | None = None  # None: no decision date
    explanation: Explanation | None = None
    refused: tuple[Obstacle, ...] = ()
    lawful: Explanation | None = (
        None  # of the facts, or of those that do not contradict one another
    )

    @property
    def alarm_on(self) -> date | None:
        """The last day after which somebody still here is over-detained; None where it cannot be told.

        Without a decision date it is the earliest that the sheet itself says.
        """
        if self.facts is None:
            ends = (self.person.day(Title.PRINTED_ENDS_ON), self.person.day(Title.HELD_ENDS_ON))
            return min((day for day in ends if day), default=None)
        return self.lawful.alarm_on if self.lawful else None

    @property
    def working(self) -> tuple[Step, ...]:
        return self.lawful.steps if self.lawful else ()

    @property
    def doubt(self) -> str:
        """Said behind a last day that does not rest on everything in the line."""
        if self.facts is None:
            return AS_HELD
        return LEFT_OUT if self.refused else ""

    @property
    def left_on(self) -> date | None:
        """The day on which he left; a day still to come is a plan."""
        left = self.person.day(Title.RELEASED_ON)
        return left if left and left <= self.on else None

    @property
    def has_left(self) -> bool:
        return self.left_on is not None or self.person.status in (Status.RELEASED, Status.ENDED)

    @property
    def has_run(self) -> bool:
        away = self.facts is not None and self.facts.open_escape is not None
        return away or self.person.status is Status.ESCAPED

    @property
    def watched_until(self) -> date | None:
        """The day until which clocks ran; None where nobody can tell, or somebody has run."""
        if self.has_run or (self.has_left and self.left_on is None):
            return None
        return self.left_on or self.on


def checked(person: Person, *, on: date, convention: Convention = ()) -> Checked:
    """Ask the engine. Where it refuses, what contradicts itself is left out until it answers: nobody's
    over-detention is hidden by a faulty entry."""
    decided_on = person.day(Title.DECIDED_ON)
    if decided_on is None:
        return Checked(person, on)
    facts = replace(
        _facts(person, decided_on, on),
        ends_on_anniversary=prints_anniversary(convention, decided_on),
    )
    try:
        explanation = explain(facts)
    except Refused as refused:
        return Checked(person, on, facts, None, refused.obstacles, _without_doubtful(facts))
    return Checked(person, on, facts, explanation, (), explanation)


def _without_doubtful(facts: TermFacts) -> Explanation | None:
    """What the engine says of as much as does not contradict itself; what never moves the end goes first."""
    early = tuple(one for one in facts.decisions if isinstance(one, EarlyRelease))
    extensions = tuple(one for one in facts.decisions if isinstance(one, Extension))
    core = replace(facts, medical_leaves=(), held_elsewhere=())
    fewer: tuple[tuple[ServedDecision, ...], ...] = (facts.decisions, early, extensions, ())
    for printed, escapes, decisions in product(
        (facts.printed_ends_on, None), (facts.escapes, ()), fewer
    ):
        try:
            return explain(
                replace(core, printed_ends_on=printed, escapes=escapes, decisions=decisions)
            )
        except Refused:
            continue
    return None


def _facts(person: Person, decided_on: date, on: date) -> TermFacts:
    served = person.days_of(Title.EXTENSION_SERVED_ON)
    early_on, ends_on = person.day(Title.EARLY_SERVED_ON), person.day(Title.EARLY_ENDS_ON)
    early = (EarlyRelease(early_on, ends_on),) if early_on and ends_on else ()
    facts = TermFacts(
        decided_on=decided_on,
        on=on,
        escapes=_intervals(person, Title.ESCAPED_ON, Title.RECAPTURED_ON),
        medical_leaves=_intervals(person, Title.LEAVE_FROM, Title.LEAVE_TO),
        held_elsewhere=_intervals(person, Title.DETAINED_FROM, Title.DETAINED_TO),
        decisions=(*map(Extension, served, person.months), *early),
        barred=frozenset({Bar.COMMUNITY_REFUSAL} if person.refused_community else ()),
    )
    printed = person.day(Title.PRINTED_ENDS_ON)
    return facts if _is_current_end(facts, printed) else replace(facts, printed_ends_on=printed)


def _is_current_end(facts: TermFacts, printed: date | None) -> bool:
    """Whether 截止日期 holds the end as it stands now, with all that moved it: many systems overwrite it."""
    try:
        return explain(facts).ends_on == printed
    except Refused:
        return False


def _intervals(person: Person, begins: Title, ends: Title) -> tuple[Interval, ...]:
    until = person.days_of(ends)
    return tuple(
        Interval(day, until[at] if at < len(until) else None)
        for at, day in enumerate(person.days_of(begins))
    )


# What speaks against it, a function each


def _overstay(one: Checked) -> Iterator[Finding]:
    """期满应当解除；所外就医、被羁押的期限连续计算，期满同样解除。"""
    if one.alarm_on is None or one.has_left or one.has_run:
        return
    status = release_status(ends_on=one.alarm_on, on=one.on)
    if status.phase is ReleasePhase.OVERSTAYED:
        days = -status.days_left
        message = f"期满日 {one.alarm_on}，至 {one.on} 没有解除，已超期 {days} 日{one.doubt}"
        yield found(
            one.person, Title.RELEASED_ON, Kind.OVERSTAY, Severity.SERIOUS, message,
            expected="立即办理解除；已解除的，填写解除日期", article=status.article,
            working=one.working, days=days,
        )  # fmt: skip
    elif status.phase is ReleasePhase.DUE_TODAY:
        message = f"期满日 {one.alarm_on} 就是今日{one.doubt}"
        yield found(
            one.person, Title.RELEASED_ON, Kind.DUE_TODAY, Severity.SERIOUS, message,
            expected="今日办理解除", article=status.article, working=one.working,
        )  # fmt: skip


def _released(one: Checked) -> Iterator[Finding]:
    """解除不得晚于期满日；早于期满日的，须有送达的提前解除决定。"""
    person, released_on = one.person, one.person.day(Title.RELEASED_ON)
    if released_on is None or one.alarm_on is None or person.status is Status.ENDED:
        return
    days = (released_on - one.alarm_on).days
    if days > 0:
        word = "解除日期" if one.left_on else "拟定的解除日期"
        message = f"{word} {released_on} 比期满日 {one.alarm_on} 晚 {days} 日{one.doubt}"
        yield found(
            person, Title.RELEASED_ON, Kind.LATE_RELEASE, Severity.SERIOUS, message,
            expected=f"不晚于 {one.alarm_on}", article=statutes.UNLAWFUL_CUSTODY,
            working=one.working, days=days,
        )  # fmt: skip
    elif days < 0 and not person.day(Title.EARLY_SERVED_ON):
        message = f"解除日期 {released_on} 比期满日 {one.alarm_on} 早 {-days} 日，没有提前解除决定"
        yield found(
            person, Title.RELEASED_ON, Kind.CONTRADICTION, Severity.WRONG, message,
            expected="核对解除日期；提前解除的，填写决定送达日期", article=statutes.EARLY_RELEASE,
            working=one.working, days=-days,
        )  # fmt: skip


def _held_end(one: Checked) -> Iterator[Finding]:
    """登记的期满日与推算的一致；较晚的会使人超期。"""
    held = one.person.day(Title.HELD_ENDS_ON)
    if held is None or one.explanation is None:
        return
    ends_on = one.explanation.ends_on
    if ends_on is None:
        yield found(
            one.person, Title.HELD_ENDS_ON, Kind.WRONG_END, Severity.WRONG,
            f"脱逃未归，期满日不能确定，却登记为 {held}",
            expected="追回以后推算", article=statutes.ESCAPE, working=one.working,
        )  # fmt: skip
    elif held not in (ends_on, one.alarm_on):
        days = (held - ends_on).days
        yield found(
            one.person, Title.HELD_ENDS_ON, Kind.WRONG_END,
            Severity.SERIOUS if days > 0 else Severity.WRONG,
            f"登记的期满日 {held} 比推算的 {ends_on} {'晚' if days > 0 else '早'} {abs(days)} 日",
            expected=str(ends_on), article=one.explanation.steps[-1].article,
            working=one.working, days=abs(days),
        )  # fmt: skip


def _printed_end(one: Checked) -> Iterator[Finding]:
    """决定书载明的截止日期与二年不符的，致函决定机关；脱逃在提前解除决定以后的，核实决定是否有效。"""
    if one.facts is None or one.explanation is None:
        return
    decided_on, printed = one.facts.decided_on, one.facts.printed_ends_on
    for caution in one.explanation.warnings:
        if caution.code == PRINTED_END_DIFFERS and printed:
            late = is_beyond_two_years(decided_on, printed)
            yield found(
                one.person, Title.PRINTED_ENDS_ON, Kind.WRONG_END,
                Severity.SERIOUS if late else Severity.NOTE, caution.message,
                expected=f"按二年计算为 {two_years_end(decided_on)}，致函决定机关核实",
                article=caution.article, working=one.working,
                days=abs((printed - two_years_end(decided_on)).days),
            )  # fmt: skip
        elif caution.code == RAN_AFTER_EARLY_RELEASE:
            yield found(
                one.person, Title.EARLY_SERVED_ON, Kind.BARRED, Severity.NOTE, caution.message,
                expected="与决定机关核实", article=caution.article, working=one.working,
            )  # fmt: skip


def _refused(one: Checked) -> Iterator[Finding]:
    """推算不了的，逐条写明为什么。"""
    for obstacle in one.refused:
        title, kind = next(
            (title, kind)
            for begins, article, title, kind in _PLACES
            if obstacle.message.startswith(begins) and article in (None, obstacle.article)
        )
        moves_liberty = kind in (Kind.BARRED, Kind.EXTENSION)
        yield found(
            one.person, title, kind, Severity.SERIOUS if moves_liberty else Severity.WRONG,
            obstacle.message, expected="核对后更正；更正以前不能推算期满日", article=obstacle.article,
        )  # fmt: skip


_PLACES = (  # where an obstacle of the engine belongs, by its first words and its article
    ("", statutes.EXTENSION, Title.EXTENSION_SERVED_ON, Kind.EXTENSION),
    ("", statutes.EARLY_RELEASE_BARRED, Title.REFUSED_COMMUNITY, Kind.BARRED),
    ("", statutes.EARLY_RELEASE, Title.EARLY_SERVED_ON, Kind.BARRED),
    ("曾脱逃", statutes.ESCAPE, Title.EARLY_SERVED_ON, Kind.BARRED),
    ("决定书", None, Title.PRINTED_ENDS_ON, Kind.CONTRADICTION),
    ("脱逃", None, Title.ESCAPED_ON, Kind.CONTRADICTION),
    ("所外就医", None, Title.LEAVE_FROM, Kind.CONTRADICTION),
    ("被拘留", None, Title.DETAINED_FROM, Kind.CONTRADICTION),
    ("延长", None, Title.EXTENSION_SERVED_ON, Kind.CONTRADICTION),
    ("提前", None, Title.EARLY_SERVED_ON, Kind.CONTRADICTION),
    ("", None, Title.DECIDED_ON, Kind.CONTRADICTION),
)


def _barred(one: Checked) -> Iterator[Finding]:
    """曾脱逃的、拒绝社区康复的，不得提前解除。"""
    reason = one.explanation.early_release_reason if one.explanation else None
    if reason is None or one.has_left or reason.article == statutes.EARLY_RELEASE:
        return
    ran = reason.article == statutes.ESCAPE
    yield found(
        one.person, Title.ESCAPED_ON if ran else Title.REFUSED_COMMUNITY, Kind.BARRED, Severity.NOTE,
        reason.message, expected="不提出提前解除的意见", article=reason.article,
    )  # fmt: skip


TERM_CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    _overstay, _released, _held_end, _printed_end, _refused, _barred,
)  # fmt: skip
