"""期限推演: from facts to the last day, step by step, each with its article.

A = decision date + two years + the months of served extensions; the last day is the day before A, or the month's
last day where A's day does not exist; escape days are added after. Medical leave, detention, arrest and
prison run on. Nothing else moves the end: no opinion, no pending decision, no holiday.

A printed end governs. The alarm of over-detention runs from the earlier of the two, and what came after that
does not put it off.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from rehab import statutes
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules import term_facts
from rehab.rules.term import (
    TERM_YEARS,
    Step,
    earliest_early_release,
    is_beyond_two_years,
    last_day_before_anniversary,
    printed_end_caution,
    release_status,
    two_years_end,
)
from rehab.rules.term_facts import Bar, EarlyRelease, Extension, Interval, TermFacts
from rehab.statutes import Article

ALARM_FROM_EARLIER = "alarm_from_earlier"
BEYOND_TWO_YEARS = "beyond_two_years"
RAN_AFTER_EARLY_RELEASE = "ran_after_early_release"
RELEASE_DUE = "release_due"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Explanation:
    """The last day with its working, and what follows from the same facts."""

    steps: tuple[Step, ...]
    ends_on: date | None  # None while an escape goes on
    alarm_on: date | None  # the last day after which somebody still here is over-detained
    earliest_early_release: date | None  # the first day on which it may be proposed
    early_release_reason: Obstacle | None  # why it never may
    warnings: tuple[Caution, ...]


def explain(facts: TermFacts) -> Explanation:
    """The last day in custody as the facts and the law give it, on the day `facts.on`.

    Raises `Refused` with everything that contradicts itself or the law (禁毒法第四十七条；戒毒条例第二十七、三十一、
    三十二、三十六条).
    """
    Refused.if_any(term_facts.obstacles(facts))
    walk = _Walk(facts)
    walk.through()
    Refused.if_any(walk.obstacles)
    ends_on = walk.steps[-1].ends_on
    never = never_early(facts, ends_on)
    return Explanation(
        steps=tuple(walk.steps),
        ends_on=ends_on,
        alarm_on=walk.alarm_on,
        earliest_early_release=None if never else earliest_early_release(facts.decided_on),
        early_release_reason=never,
        warnings=tuple(_warnings(facts, walk)),
    )


@dataclass
class _Walk:
    """Goes through what happened in the order in which it did; the end as it then stood judges what comes next."""

    facts: TermFacts
    steps: list[Step] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    months: int = 0
    escaped_days: int = 0
    timely_months: int = 0  # what came while the computed end had not passed
    timely_days: int = 0
    released_on: date | None = None  # the day that a decision of early release sets
    ran_after_early_release: bool = False

    @property
    def printed_later(self) -> int:
        """By how many days the printed end of the decision is later than the computed one; negative: earlier."""
        printed = self.facts.printed_ends_on
        return 0 if printed is None else (printed - two_years_end(self.facts.decided_on)).days

    @property
    def end(self) -> date:
        """The last day as it stands. Where the printed end differs, extensions are counted from it."""
        if self.released_on is not None:
            return self.released_on
        printed = self.facts.printed_ends_on
        if printed is None or not self.printed_later:
            last = _computed(self.facts.decided_on, self.months)
        elif self.months:
            last = last_day_before_anniversary(printed + ONE_DAY, years=0, months=self.months)
        else:
            last = printed
        return last + timedelta(days=self.escaped_days)

    @property
    def lawful_end(self) -> date:
        """The last day by the calendar and what moved it in time; a convention of the province is no difference."""
        last = _computed(self.facts.decided_on, self.timely_months)
        if is_convention(self.facts, self.printed_later):
            last += timedelta(days=self.printed_later)
        return last + timedelta(days=self.timely_days)

    @property
    def alarm_on(self) -> date | None:
        """The earlier of the two ends; None while somebody is away who ran before either."""
        gone = self.facts.open_escape
        if gone and gone.begins_on <= self.lawful_end:
            return None
        return min(self.end, self.lawful_end)

    def through(self) -> None:
        """Every step, in order."""
        by_law = two_years_end(self.facts.decided_on)
        self._step(statutes.TERM_STARTS, "自作出决定之日起满二年", by_law)
        if self.printed_later:
            self._step(statutes.DECISION_SERVED, "以决定书载明的截止日期为准", self.end)
        moments = [
            *((one.until, 0, self._is_back, one) for one in self.facts.escapes if one.until),
            *((one.begins_on, 1, self._runs, one) for one in self.facts.escapes),
            *((one.served_on, 2, self._is_served, one) for one in self.facts.decisions),
        ]
        for _, _, happens, what in sorted(moments, key=lambda moment: moment[:2]):
            happens(what)  # type: ignore[operator]  # each takes what stands beside it

    def _step(self, article: Article, label: str, ends_on: date | None) -> None:
        self.steps.append(Step(article, label, ends_on))

    def _runs(self, escape: Interval) -> None:
        if escape.begins_on > self.end:
            self.obstacles.append(
                Obstacle(
                    f"脱逃开始日期 {escape.begins_on} 晚于当时的期满日 {self.end}：期满后不在期限内，不能登记脱逃",
                    statutes.RELEASE_ON_EXPIRY,
                )
            )
        self.ran_after_early_release |= self.released_on is not None
        if escape.until is None:
            label = f"{escape.begins_on} 脱逃未归，追回之前期满日不能确定"
            self._step(statutes.ESCAPE, label, None)

    def _is_back(self, escape: Interval) -> None:
        if escape.begins_on <= self.lawful_end:
            self.timely_days += escape.days
        self.escaped_days += escape.days
        if self.released_on is not None:
            self.released_on += timedelta(days=escape.days)
        self._step(
            statutes.ESCAPE,
            f"{escape.begins_on} 脱逃，{escape.until} 追回，{escape.days} 日不计入期限",
            self.end,
        )

    def _is_served(self, decision: Extension | EarlyRelease) -> None:
        gone = [one for one in self.facts.escapes if one.holds(decision.served_on)]
        if decision.served_on > self.end and not gone:
            self.obstacles.append(
                Obstacle(
                    f"{term_facts.named(decision)} {decision.served_on} 送达，晚于当时的期满日 {self.end}："
                    "期满应当解除，期满后送达的决定不改变期满日",
                    term_facts.ARTICLES[type(decision)],
                )
            )
        elif isinstance(decision, Extension):
            since = gone[0].begins_on if gone else decision.served_on
            if since <= self.lawful_end:
                self.timely_months += decision.months
            self.months += decision.months
            label = f"{decision.served_on} 送达延长决定，延长 {decision.months} 个月"
            still_away = any(one.until is None for one in gone)
            self._step(statutes.EXTENSION, label, None if still_away else self.end)
        elif reasons := list(_not_early(self.facts, decision, self.end)):
            self.obstacles += reasons
        else:
            self.released_on = decision.ends_on
            label = f"{decision.served_on} 送达提前解除决定"
            self._step(statutes.EARLY_RELEASE, label, decision.ends_on)


def _computed(decided_on: date, months: int) -> date:
    return last_day_before_anniversary(decided_on, years=TERM_YEARS, months=months)


def _not_early(facts: TermFacts, decision: EarlyRelease, end: date) -> Iterator[Obstacle]:
    """Why a decision of early release cannot be one."""
    earliest = earliest_early_release(facts.decided_on)
    ran = [one for one in facts.escapes if one.begins_on <= decision.served_on]
    if ran:
        yield Obstacle("曾脱逃的人员不得提前解除", statutes.ESCAPE)
    if Bar.COMMUNITY_REFUSAL in facts.barred:
        yield _COMMUNITY
    if decision.served_on < earliest:
        message = f"提前解除决定 {decision.served_on} 送达时执行不满一年（{earliest} 起方可提出）"
        yield Obstacle(message, statutes.EARLY_RELEASE)
    if decision.ends_on < decision.served_on:
        message = (
            f"提前解除决定载明的期满日 {decision.ends_on} 早于送达日期 {decision.served_on}，请核对"
        )
        yield Obstacle(message, statutes.EARLY_RELEASE)
    if decision.ends_on >= end:
        message = f"提前解除决定载明的期满日 {decision.ends_on} 不早于原期满日 {end}，请核对"
        yield Obstacle(message, statutes.EARLY_RELEASE)


_COMMUNITY = Obstacle(
    "拒绝接受或者严重违反社区康复协议并再次吸毒被决定强制隔离戒毒，不得提前解除",
    statutes.EARLY_RELEASE_BARRED,
)


def never_early(facts: TermFacts, ends_on: date | None) -> Obstacle | None:
    """Why early release may never be proposed."""
    if facts.escapes:
        return Obstacle("曾脱逃，不得提前解除", statutes.ESCAPE)
    if Bar.COMMUNITY_REFUSAL in facts.barred:
        return _COMMUNITY
    earliest = earliest_early_release(facts.decided_on)
    if ends_on is not None and ends_on < earliest:
        message = f"期满日 {ends_on} 早于执行满一年的 {earliest}，没有提前解除"
        return Obstacle(message, statutes.EARLY_RELEASE)
    return None


def is_convention(facts: TermFacts, later: int) -> bool:
    """Whether the printed end differs by no more than what the province prints as the last day."""
    return later == 0 or (facts.ends_on_anniversary and later == 1)


def _warnings(facts: TermFacts, walk: _Walk) -> Iterator[Caution]:
    if facts.printed_ends_on is not None and not is_convention(facts, walk.printed_later):
        yield from printed_end_caution(
            decided_on=facts.decided_on, printed_ends_on=facts.printed_ends_on
        )
        if is_beyond_two_years(facts.decided_on, facts.printed_ends_on):
            message = f"决定书载明的截止日期 {facts.printed_ends_on} 超过二年，没有法律依据，请立即与决定机关核实"
            yield Caution(BEYOND_TWO_YEARS, message, statutes.TWO_YEAR_TERM)
        if walk.alarm_on is not None and walk.alarm_on < walk.end:
            yield Caution(
                ALARM_FROM_EARLIER,
                f"推算的期满日 {walk.alarm_on} 已过，决定书载明 {walk.end}，请立即致函决定机关核实"
                if facts.on > walk.alarm_on
                else f"推算的期满日 {walk.alarm_on} 较早，超期在所自其次日起预警，请致函决定机关核实",
                statutes.UNLAWFUL_CUSTODY,
            )
    if walk.ran_after_early_release:
        message = "提前解除决定送达以后脱逃：该决定是否仍然有效，请与决定机关核实"
        yield Caution(RAN_AFTER_EARLY_RELEASE, message, statutes.ESCAPE)
    if walk.alarm_on is not None:
        status = release_status(ends_on=walk.alarm_on, on=facts.on)
        if status.must_release:
            days = -status.days_left
            which = "推算的期满日" if walk.alarm_on < walk.end else "期满日"
            since = f"，{which} {walk.alarm_on} 已过 {days} 日" if days else ""
            yield Caution(
                RELEASE_DUE, f"{facts.on} 仍在所的，为{status.label}{since}", status.article
            )
