"""The days of a term: two years, the year before early release, and what the last day means today.

`rehab.rules.explaining` puts them together, step by step, from the facts of a case.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from dateutil.relativedelta import relativedelta

from rehab import statutes
from rehab.refusal import Caution
from rehab.statutes import Article

TERM_YEARS = 2
EARLY_RELEASE_AFTER_YEARS = 1
NOTICE_DAYS = 3  # calendar days before the last day, 戒毒条例第三十四条

# of a province, from when on its decisions print the anniversary as the last day, or no longer do
Convention: TypeAlias = tuple[tuple[date, bool], ...]

PRINTED_END_DIFFERS = "printed_end_differs"
LATE_DAYS_ALLOWED = 1  # a printed end later than that passes 禁毒法第四十七条


@dataclass(frozen=True)
class Step:
    """One line of the working: what was counted, on whose authority, and the end it gives."""

    article: Article
    label: str
    ends_on: date | None  # None: not to be told while an escape goes on


def last_day_before_anniversary(start: date, *, years: int, months: int = 0) -> date:
    """The last day of a period of whole years and months that begins on `start`.

    The day before the anniversary; where the month has no such day, the month's last day.
    """
    anniversary: date = start + relativedelta(years=years, months=months)
    return anniversary if anniversary.day != start.day else anniversary - timedelta(days=1)


def two_years_end(decided_on: date) -> date:
    """The last day by the law alone: two years from the decision on (戒毒条例第二十七条)."""
    return last_day_before_anniversary(decided_on, years=TERM_YEARS)


def printed_end_caution(*, decided_on: date, printed_ends_on: date) -> tuple[Caution, ...]:
    """提示 when the printed end differs from the computed one; empty when they agree."""
    computed = two_years_end(decided_on)
    days = (printed_ends_on - computed).days
    if days == 0:
        return ()
    message = (
        f"决定书载明的截止日期 {printed_ends_on} 比按二年计算的 {computed} "
        f"{'晚' if days > 0 else '早'} {abs(days)} 日，以决定书为准，请与决定机关核实"
    )
    return (Caution(PRINTED_END_DIFFERS, message, statutes.TWO_YEAR_TERM),)


def prints_anniversary(convention: Convention, decided_on: date) -> bool:
    """Whether a decision of that day prints the anniversary as its last day, by the version that then held."""
    held = [prints for since, prints in sorted(convention) if since <= decided_on]
    return bool(held) and held[-1]


def is_beyond_two_years(decided_on: date, ends_on: date) -> bool:
    """Whether a first decision's printed end passes 禁毒法第四十七条: it would keep somebody unlawfully."""
    return (ends_on - two_years_end(decided_on)).days > LATE_DAYS_ALLOWED


def earliest_early_release(decided_on: date) -> date:
    """The first day on which a proposal of early release is lawful: one year is then full."""
    year_ends_on = last_day_before_anniversary(decided_on, years=EARLY_RELEASE_AFTER_YEARS)
    return year_ends_on + timedelta(days=1)


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
