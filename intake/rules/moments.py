"""How a reason says when a colleague did something."""

from datetime import datetime, timedelta

from rehab.rules.days import moment_words

OPEN_FOR = timedelta(minutes=30)  # a page that was opened longer ago is taken to be closed


def ago_words(then: datetime, now: datetime) -> str:
    """刚刚, 3 分钟前 within the hour, and after that 于 2026-11-21 14:20."""
    minutes = int((now - then).total_seconds()) // 60
    if not 0 <= minutes < 60:
        return f"于 {moment_words(then)} "
    return f" {minutes} 分钟前" if minutes else "刚刚"
