"""The columns of lists: what each says of a row, and by what it orders. Page, paper and workbook share them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rehab.clock import SHANGHAI, day_of
from rehab.models import User
from rehab.naming import shown_name


@dataclass(frozen=True)
class Column:
    """A column of a list: its title, and what it says of a row to a user."""

    title: str
    value: Callable[[Any, User], str]
    width: int = 14  # characters
    key: str = ""  # its word in the address: ?sort=name, ?sort=-name
    order: tuple[str, ...] = ()  # paths from a row, as in order_by; none: it cannot be sorted by
    shown: bool = True  # False: on paper and in the workbook alone
    number: bool = False  # figures stand on the right
    opens: bool = False  # its words lead to what the row is about


def day(value: date | datetime | None) -> str:
    """2026-11-21, or nothing."""
    if value is None:
        return ""
    return (day_of(value) if isinstance(value, datetime) else value).isoformat()


def minute(value: datetime | None) -> str:
    """2026-11-21 14:20, Asia/Shanghai, or nothing."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""


NUMBER = Column("编号", lambda case, user: case.number, 18, "number", ("number",), opens=True)
NAME = Column(
    "姓名",
    lambda case, user: shown_name(case.person, user),
    14,
    "name",
    ("person__name_pinyin",),
    opens=True,
)
SEX = Column("性别", lambda case, user: case.person.get_sex_display(), 6, "sex", ("person__sex",))
FACILITY = Column(
    "戒毒所", lambda case, user: case.facility.short_name, 20, "facility", ("facility__code",)
)
ZONE = Column(
    "所在区", lambda case, user: case.zone.name if case.zone else "", 14, "zone", ("zone__stage",)
)
UNIT = Column(
    "大队", lambda case, user: case.unit.name if case.unit else "", 14, "unit", ("unit__name",)
)
STATUS = Column("状态", lambda case, user: case.get_status_display(), 14, "status", ("status",))
ENTERED = Column(
    "入所日期", lambda case, user: day(case.entered_at), 12, "entered", ("entered_at",)
)
IN_ZONE = Column(
    "入区日期", lambda case, user: day(case.zone_entered_at), 12, "since", ("zone_entered_at",)
)
ENDS = Column("期满日", lambda case, user: day(case.ends_on), 12, "ends", ("ends_on",))
ENDED = Column("终结日期", lambda case, user: day(case.ended_at), 12, "ended", ("ended_at",))


def beside(*columns: Column) -> tuple[Column, ...]:
    """Columns that share the cell of another on the page, and have their own on paper."""
    return tuple(replace(one, shown=False) for one in columns)


def of(path: str, *columns: Column) -> tuple[Column, ...]:
    """Columns of a case, said of a row that leads to one: `of("case", NUMBER, NAME)`."""
    return tuple(
        replace(
            one, value=_through(path, one), order=tuple(f"{path}__{name}" for name in one.order)
        )
        for one in columns
    )


def _through(path: str, column: Column) -> Callable[[Any, User], str]:
    return lambda row, user: column.value(followed(row, path), user)


def followed(row: Any, path: str) -> Any:
    """What stands at the end of a path such as case__person; nothing where it breaks off."""
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


OF_CASE = (NAME, NUMBER, SEX, ZONE, UNIT, STATUS, ENTERED, ENDS, *beside(ENDED), FACILITY)
