"""法定节假日和调休上班日: the yearly notices of the State Council, as a table.

A year that is not here is not maintained, and whoever asks for its working days is told so.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType


def _span(first: str, last: str) -> frozenset[date]:
    """All days from the first to the last, both ISO dates, both included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return frozenset(start + timedelta(days=n) for n in range((end - start).days + 1))


def _days(*days: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, days))


DAYS_OFF: Mapping[int, frozenset[date]] = MappingProxyType(
    {
        2024: frozenset().union(
            _span("2024-01-01", "2024-01-01"),  # 元旦
            _span("2024-02-10", "2024-02-17"),  # 春节
            _span("2024-04-04", "2024-04-06"),  # 清明节
            _span("2024-05-01", "2024-05-05"),  # 劳动节
            _span("2024-06-10", "2024-06-10"),  # 端午节
            _span("2024-09-15", "2024-09-17"),  # 中秋节
            _span("2024-10-01", "2024-10-07"),  # 国庆节
        ),
        2025: frozenset().union(
            _span("2025-01-01", "2025-01-01"),  # 元旦
            _span("2025-01-28", "2025-02-04"),  # 春节
            _span("2025-04-04", "2025-04-06"),  # 清明节
            _span("2025-05-01", "2025-05-05"),  # 劳动节
            _span("2025-05-31", "2025-06-02"),  # 端午节
            _span("2025-10-01", "2025-10-08"),  # 国庆节、中秋节
        ),
        2026: frozenset().union(
            _span("2026-01-01", "2026-01-03"),  # 元旦
            _span("2026-02-15", "2026-02-23"),  # 春节
            _span("2026-04-04", "2026-04-06"),  # 清明节
            _span("2026-05-01", "2026-05-05"),  # 劳动节
            _span("2026-06-19", "2026-06-21"),  # 端午节
            _span("2026-09-25", "2026-09-27"),  # 中秋节
            _span("2026-10-01", "2026-10-07"),  # 国庆节
        ),
    }
)

MAKE_UP_DAYS: Mapping[int, frozenset[date]] = MappingProxyType(
    {
        2024: _days(
            "2024-02-04",
            "2024-02-18",
            "2024-04-07",
            "2024-04-28",
            "2024-05-11",
            "2024-09-14",
            "2024-09-29",
            "2024-10-12",
        ),
        2025: _days("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        2026: _days(
            "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"
        ),
    }
)
