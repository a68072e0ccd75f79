"""The facts that a term is computed from, and what is wrong with them: nothing is guessed.

Intervals are [from, until): touching is allowed, overlap is refused. Who runs from a medical leave ends it;
of an escape from another organ's hands somebody must say when its hold ended.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.statutes import Article

EXTENSION_MONTHS = 12  # in all, 禁毒法第四十七条第三款


@dataclass(frozen=True)
class Interval:
    """From a day until another that no longer belongs to it; `until` None: it goes on."""

    begins_on: date
    until: date | None = None

    @property
    def days(self) -> int:
        """Whole days, the difference of the two dates. Raises `ValueError` while it goes on."""
        if self.until is None:
            raise ValueError("an interval that goes on has no days")
        return (self.until - self.begins_on).days

    def holds(self, day: date) -> bool:
        """Whether a day belongs to it."""
        return self.begins_on <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Interval") -> bool:
        """Whether a day belongs to both."""
        return (self.until is None or other.begins_on < self.until) and (
            other.until is None or self.begins_on < other.until
        )

    def __str__(self) -> str:
        return f"{self.begins_on} 至 {self.until or '今'}"


class Kind(StrEnum):
    """What an interval was spent in."""

    ESCAPE = "脱逃"
    MEDICAL_LEAVE = "所外就医"
    HELD_ELSEWHERE = "被拘留、逮捕、收监"


@dataclass(frozen=True)
class Extension:
    """延长强制隔离戒毒期限决定书, served."""

    served_on: date
    months: int


@dataclass(frozen=True)
class EarlyRelease:
    """提前解除强制隔离戒毒决定书, served; `ends_on` is the last day in custody."""

    served_on: date
    ends_on: date


ServedDecision: TypeAlias = Extension | EarlyRelease


class Bar(StrEnum):
    """Why nobody proposes that somebody is released early, beyond an escape."""

    COMMUNITY_REFUSAL = "community_refusal"


@dataclass(frozen=True)
class TermFacts:
    """What is known on a day about one decision of compulsory isolation."""

    decided_on: date
    on: date
    printed_ends_on: date | None = None
    escapes: tuple[Interval, ...] = ()
    medical_leaves: tuple[Interval, ...] = ()
    held_elsewhere: tuple[Interval, ...] = ()
    decisions: tuple[ServedDecision, ...] = ()
    barred: frozenset[Bar] = frozenset()
    ends_on_anniversary: bool = False  # a province's recorded convention of what a decision prints

    @property
    def open_escape(self) -> Interval | None:
        """The escape from which nobody has come back."""
        return next((one for one in self.escapes if one.until is None), None)

    @property
    def kinds(self) -> tuple[tuple[Kind, tuple[Interval, ...]], ...]:
        """Every interval by what it was spent in."""
        return (
            (Kind.ESCAPE, self.escapes),
            (Kind.MEDICAL_LEAVE, self.medical_leaves),
            (Kind.HELD_ELSEWHERE, self.held_elsewhere),
        )


def obstacles(facts: TermFacts) -> list[Obstacle]:
    """All that contradicts itself, the calendar or the law before anything is computed."""
    if facts.decided_on > facts.on:
        return [Obstacle(f"决定日期 {facts.decided_on} 晚于推算日 {facts.on}，请核对")]
    return [
        *_printed(facts),
        *_outside(facts),
        *_overlapping(facts),
        *_too_long(facts),
        *_decided_twice(facts),
    ]


def _printed(facts: TermFacts) -> Iterator[Obstacle]:
    if facts.printed_ends_on is not None and facts.printed_ends_on < facts.decided_on:
        yield Obstacle(
            f"决定书载明的截止日期 {facts.printed_ends_on} 早于决定日期 {facts.decided_on}，请核对"
        )


def _outside(facts: TermFacts) -> Iterator[Obstacle]:
    for kind, intervals in facts.kinds:
        for one in intervals:
            if one.until is not None and one.until < one.begins_on:
                yield Obstacle(f"{kind} {one}：结束早于开始，请核对")
            yield from _day_outside(facts, f"{kind}开始日期", one.begins_on)
            if one.until is not None and one.until >= one.begins_on:
                yield from _day_outside(facts, f"{kind}结束日期", one.until)
    for decision in facts.decisions:
        yield from _day_outside(facts, f"{named(decision)}送达日期", decision.served_on)


def _day_outside(facts: TermFacts, what: str, day: date) -> Iterator[Obstacle]:
    if day < facts.decided_on:
        yield Obstacle(f"{what} {day} 早于决定日期 {facts.decided_on}，请核对")
    elif day > facts.on:
        yield Obstacle(f"{what} {day} 晚于推算日 {facts.on}：还没有发生的事不能计入")


def named(decision: ServedDecision) -> str:
    """What the decision is called."""
    return "延长决定" if isinstance(decision, Extension) else "提前解除决定"


def _overlapping(facts: TermFacts) -> Iterator[Obstacle]:
    ends_leaves = sorted(one.begins_on for one in facts.escapes)
    stretches = sorted(
        (
            (kind, _until_he_ran(one, ends_leaves) if kind is Kind.MEDICAL_LEAVE else one)
            for kind, intervals in facts.kinds
            for one in intervals
        ),
        key=lambda pair: (pair[1].begins_on, pair[1].until or date.max),
    )
    for index, (kind, one) in enumerate(stretches):
        for other_kind, other in stretches[index + 1 :]:
            if one.overlaps(other):
                yield Obstacle(f"{kind} {one} 与{other_kind} {other} 重叠，请核对起止日期")


def _until_he_ran(leave: Interval, escapes: Sequence[date]) -> Interval:
    """A leave that goes on ended with the first escape in it."""
    ran_on = next((day for day in escapes if day >= leave.begins_on), None)
    return replace(leave, until=ran_on) if leave.until is None and ran_on else leave


def _too_long(facts: TermFacts) -> Iterator[Obstacle]:
    extensions = [one for one in facts.decisions if isinstance(one, Extension)]
    yield from (
        Obstacle(
            f"{one.served_on} 送达的延长决定为 {one.months} 个月：应为 1 至 12 个月",
            statutes.EXTENSION,
        )
        for one in extensions
        if not 1 <= one.months <= EXTENSION_MONTHS
    )
    months = sum(one.months for one in extensions)
    if len(extensions) > 1 and months > EXTENSION_MONTHS:
        yield Obstacle(f"延长累计 {months} 个月，最长不超过一年", statutes.EXTENSION)


def _decided_twice(facts: TermFacts) -> Iterator[Obstacle]:
    """A decision after that of early release, and two of one day, are for a person to sort out."""
    by_day = sorted(facts.decisions, key=lambda one: one.served_on)
    for one, other in pairwise(by_day):
        if one.served_on == other.served_on:
            yield Obstacle(
                f"{one.served_on} 送达了两份决定：是否重复登记，请核对", ARTICLES[type(other)]
            )
        elif isinstance(one, EarlyRelease):
            yield Obstacle(
                f"{one.served_on} 送达{named(one)}之后又有 {other.served_on} 送达的{named(other)}："
                "以哪一份为准，请与决定机关核实",
                ARTICLES[type(other)],
            )


ARTICLES: dict[type, Article] = {
    Extension: statutes.EXTENSION,
    EarlyRelease: statutes.EARLY_RELEASE,
}
