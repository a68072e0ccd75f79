"""Periods of the law: calendar days unless a clock says working days; the start day is not counted.

A deadline that is a day ends when that day ends in Asia/Shanghai. Holidays move working days only.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rehab.rules.holidays import DAYS_OFF, MAKE_UP_DAYS

SHANGHAI = ZoneInfo("Asia/Shanghai")
_LAST_SECOND = time(23, 59, 59)


class CalendarNotMaintained(Exception):
    """The table of statutory holidays does not know this year."""

    def __init__(self, year: int):
        self.year = year
        super().__init__(f"{year} 年的法定节假日表尚未维护，不能计算工作日")


def day_of(moment: datetime) -> date:
    """The day in Asia/Shanghai on which an aware moment falls."""
    return moment.astimezone(SHANGHAI).date()


def moment_words(moment: datetime) -> str:
    """2026-11-21 14:20 in Asia/Shanghai: how a reason says when something was."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def start_of(day: date) -> datetime:
    """00:00 of the day in Asia/Shanghai, aware."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of(day: date) -> datetime:
    """The last second of the day in Asia/Shanghai, aware: what is due on a day is due then."""
    return datetime.combine(day, _LAST_SECOND, SHANGHAI)


def calendar_days_after(start: date, days: int) -> date:
    """The last day of a period of calendar days; `start` itself is not counted."""
    return start + timedelta(days=days)


def calendar_days_before(day: date, days: int) -> date:
    """The day that lies this many calendar days before another."""
    return day - timedelta(days=days)


def hours_after(moment: datetime, hours: int) -> datetime:
    """The end of a period of whole hours, counted from the moment."""
    return moment + timedelta(hours=hours)


def is_maintained(year: int) -> bool:
    """Whether working days of the year can be told."""
    return year in DAYS_OFF


def is_working_day(day: date) -> bool:
    """Raises `CalendarNotMaintained` for a year that the table does not know."""
    if not is_maintained(day.year):
        raise CalendarNotMaintained(day.year)
    if day in DAYS_OFF[day.year]:
        return False
    return day.weekday() < 5 or day in MAKE_UP_DAYS[day.year]


def working_days_after(start: date, days: int) -> date:
    """The last day of a period of working days; `start` is not counted.

    Raises `CalendarNotMaintained`.
    """
    return _working_days(start, days, timedelta(days=1))


def working_days_before(day: date, days: int) -> date:
    """The day that lies this many working days before another. Raises `CalendarNotMaintained`."""
    return _working_days(day, days, timedelta(days=-1))


def _working_days(day: date, days: int, step: timedelta) -> date:
    while days:
        day += step
        days -= is_working_day(day)
    return day
