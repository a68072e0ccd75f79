"""The only place that reads the time.

Business time (`now`, `today`) can be moved in the demo, for web, worker and beat alike, because the
shift is a row in the database. Sign-in, sessions and access records keep `real_now`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection

from rehab.rules.days import SHANGHAI, day_of, start_of

__all__ = [
    "SHANGHAI",
    "day_of",
    "moment_on",
    "move_to",
    "now",
    "one_reading",
    "real_now",
    "shift",
    "standing_at",
    "today",
]

_fixed: ContextVar[datetime | None] = ContextVar("business_moment", default=None)
_shift: ContextVar[timedelta | None] = ContextVar("business_shift", default=None)


def real_now() -> datetime:
    """The moment on the wall clock, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The business moment, aware; equals `real_now` unless the demo's clock was moved."""
    if (fixed := _fixed.get()) is not None:
        return fixed
    return real_now() + shift() if settings.DEMO else real_now()


def today() -> date:
    """The business day in Asia/Shanghai."""
    return day_of(now())


def moment_on(on: date, at: datetime) -> datetime:
    """When something of a given day happened whose hour nobody said: now when it is today's, else its start."""
    return at if on == day_of(at) else start_of(on)


def shift() -> timedelta:
    """By how much the demo's business time runs ahead of the wall clock."""
    if (known := _shift.get()) is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT seconds FROM rehab_democlock")
        row = cursor.fetchone()
    return timedelta(seconds=row[0] if row else 0)


def move_to(on: date) -> None:
    """Let the demo's business time stand on `on`, at the hour it is now. Days only, for all processes."""
    if not settings.DEMO:
        raise RuntimeError("业务时间只能在演示环境（DEMO=1）中移动。")
    seconds = (on - day_of(real_now())).days * 86_400
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rehab_democlock (id, seconds) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET seconds = excluded.seconds",
            [seconds],
        )


@contextmanager
def one_reading() -> Iterator[None]:
    """Read the demo's shift once for a whole request or task."""
    if not settings.DEMO or _fixed.get() is not None:
        yield
        return
    token = _shift.set(shift())
    try:
        yield
    finally:
        _shift.reset(token)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let business time stand at `moment` inside the block: the seed and the tests walk through time."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
