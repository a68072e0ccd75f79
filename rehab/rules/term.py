"""The term of compulsory isolation: when it ends, why, and what that means on a given day.

The end printed on the served decision governs; what is computed here cross-checks it and shows its
working. Nothing but a served decision or a recorded escape moves an end. Holidays never do.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from rehab import statutes
from rehab.refusal import Caution
from rehab.statutes import Article

TERM_YEARS = 2
EARLY_RELEASE_AFTER_YEARS = 1
CEILING_YEARS = 3  # two years and at most one of extension
NOTICE_DAYS = 3  # calendar days before the last day, 戒毒条例第三十四条

PRINTED_END_DIFFERS = "printed_end_differs"


LATE_DAYS_ALLOWED = 1  # a printed end later than that passes 禁毒法第四十七条


@dataclass(frozen=True)
class Step:
    """One line of the working: what was counted, on whose authority, and the end it gives."""

    article: Article
    label: str
    ends_on: date


@dataclass(frozen=True)
class Term:
    """期限 with its working; the last step gives the last day in custody."""

    steps: tuple[Step, ...]

    @property
    def ends_on(self) -> date:
        """期满日, the last day in custody."""
        return self.steps[-1].ends_on


def last_day_before_anniversary(start: date, *, years: int) -> date:
    """The last day of a period of whole years that begins on `start`.

    The day before the anniversary; where the month has no such day, the month's last day.
    """
    anniversary: date = start + relativedelta(years=years)
    return anniversary if anniversary.day != start.day else anniversary - timedelta(days=1)


def term(*, decided_on: date, printed_ends_on: date | None = None, escaped_days: int = 0) -> Term:
    """自决定之日起算满二年，以决定书载明的截止日期为准；脱逃期间不计入。

    `escaped_days` are whole calendar days. Raises `ValueError` when they are negative.
    """
    if escaped_days < 0:
        raise ValueError(f"escaped_days is negative: {escaped_days}")
    ends_on = last_day_before_anniversary(decided_on, years=TERM_YEARS)
    steps = [Step(statutes.TERM_STARTS, "自作出决定之日起满二年", ends_on)]
    if printed_ends_on is not None and printed_ends_on != ends_on:
        ends_on = printed_ends_on
        steps.append(Step(statutes.DECISION_SERVED, "以决定书载明的截止日期为准", ends_on))
    if escaped_days:
        ends_on += timedelta(days=escaped_days)
        steps.append(Step(statutes.ESCAPE, f"脱逃 {escaped_days} 日不计入期限", ends_on))
    return Term(tuple(steps))


def printed_end_caution(*, decided_on: date, printed_ends_on: date) -> tuple[Caution, ...]:
    """提示 when the printed end differs from the computed one; empty when they agree."""
    computed = term(decided_on=decided_on).ends_on
    days = (printed_ends_on - computed).days
    if days == 0:
        return ()
    message = (
        f"决定书载明的截止日期 {printed_ends_on} 比按二年计算的 {computed} "
        f"{'晚' if days > 0 else '早'} {abs(days)} 日，以决定书为准，请与决定机关核实"
    )
    return (Caution(PRINTED_END_DIFFERS, message, statutes.TWO_YEAR_TERM),)


def is_beyond_two_years(decided_on: date, ends_on: date) -> bool:
    """Whether a first decision's printed end passes 禁毒法第四十七条: it would keep somebody unlawfully."""
    return (ends_on - term(decided_on=decided_on).ends_on).days > LATE_DAYS_ALLOWED


def earliest_early_release(decided_on: date) -> date:
    """The first day on which a proposal of early release is lawful: one year is then full."""
    year_ends_on = last_day_before_anniversary(decided_on, years=EARLY_RELEASE_AFTER_YEARS)
    return year_ends_on + timedelta(days=1)


def latest_possible_end(decided_on: date, *, escaped_days: int = 0) -> date:
    """The end that no extension may pass: three years in all, escape not counted."""
    ceiling = last_day_before_anniversary(decided_on, years=CEILING_YEARS)
    return ceiling + timedelta(days=escaped_days)


def day_of_term(*, decided_on: date, on: date) -> int:
    """第几日: the day of the decision is the first, the day before it 0 and so on."""
    return (on - decided_on).days + 1


@dataclass(frozen=True)
class Milestone:
    """A day that the law marks on the bar of the term."""

    code: str
    label: str
    on: date
    article: Article


def milestones(*, decided_on: date, ends_on: date) -> tuple[Milestone, ...]:
    """The days of a term that the law marks and that lie within it, in their order."""
    marks = (
        Milestone("decided", "作出决定", decided_on, statutes.TERM_STARTS),
        Milestone("one_year", "满一年", earliest_early_release(decided_on), statutes.EARLY_RELEASE),
        Milestone(
            "release_notice",
            "解除通知",
            ends_on - timedelta(days=NOTICE_DAYS),
            statutes.RELEASE_NOTICE,
        ),
        Milestone("ends", "期满", ends_on, statutes.TWO_YEAR_TERM),
    )
    within = (mark for mark in marks if decided_on <= mark.on <= ends_on)
    return tuple(sorted(within, key=lambda mark: mark.on))


class ReleasePhase(StrEnum):
    """Where a day stands against the last lawful day."""

    BEFORE = "before"
    NOTICE = "notice"
    DUE_TODAY = "due_today"
    OVERSTAYED = "overstayed"


PHASE_LABELS = {
    ReleasePhase.BEFORE: "期限内",
    ReleasePhase.NOTICE: "应发解除通知",
    ReleasePhase.DUE_TODAY: "今日应解除",
    ReleasePhase.OVERSTAYED: "超期在所",
}
_PHASE_ARTICLES = {
    ReleasePhase.BEFORE: statutes.TWO_YEAR_TERM,
    ReleasePhase.NOTICE: statutes.RELEASE_NOTICE,
    ReleasePhase.DUE_TODAY: statutes.RELEASE_ON_EXPIRY,
    ReleasePhase.OVERSTAYED: statutes.UNLAWFUL_CUSTODY,
}


@dataclass(frozen=True)
class ReleaseStatus:
    """Where the case stands on a day; `days_left` is 0 on the last day, negative after it."""

    phase: ReleasePhase
    days_left: int

    @property
    def label(self) -> str:
        return PHASE_LABELS[self.phase]

    @property
    def article(self) -> Article:
        return _PHASE_ARTICLES[self.phase]

    @property
    def must_release(self) -> bool:
        """True from 00:00 of the last lawful day on, until the person has left."""
        return self.phase in {ReleasePhase.DUE_TODAY, ReleasePhase.OVERSTAYED}


def release_status(*, ends_on: date, on: date) -> ReleaseStatus:
    """今日应解除 on the last day itself, 超期在所 from the next; neither can be dismissed."""
    days_left = (ends_on - on).days
    if days_left < 0:
        phase = ReleasePhase.OVERSTAYED
    elif days_left == 0:
        phase = ReleasePhase.DUE_TODAY
    elif days_left <= NOTICE_DAYS:
        phase = ReleasePhase.NOTICE
    else:
        phase = ReleasePhase.BEFORE
    return ReleaseStatus(phase, days_left)


def release_notice_due_on(*, ends_on: date, known_on: date) -> date:
    """The day by which 解除通知 must be sent: three calendar days before the last day.

    At once, that is on the day the end became known, when less than that remains.
    """
    return max(ends_on - timedelta(days=NOTICE_DAYS), known_on)
