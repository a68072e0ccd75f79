"""A list as a workbook: the same rows as on the page, every cell text or a number, never a formula."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from rehab.clock import SHANGHAI, day_of
from rehab.models import User
from reporting.naming import shown_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A column of a list: its title, and what it says of a row to a user."""

    title: str
    value: Callable[[Any, User], str]
    width: int = 14  # characters


@dataclass(frozen=True)
class Note:
    """What stands on the second sheet: which figure this is, of when, and who took it out."""

    title: str
    definition: str
    unit: str
    version: int
    as_of: datetime
    by: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        return (
            ("名称", self.title),
            ("口径", self.definition),
            ("单位", self.unit),
            ("口径版本", str(self.version)),
            ("数据截至", minute(self.as_of)),
            ("导出人", self.by),
        )


def day(value: date | datetime | None) -> str:
    """2026-11-21, or nothing."""
    if value is None:
        return ""
    return (day_of(value) if isinstance(value, datetime) else value).isoformat()


def minute(value: datetime) -> str:
    """2026-11-21 14:20, Asia/Shanghai."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


NUMBER = Column("编号", lambda case, user: case.number, 18)
NAME = Column("姓名", lambda case, user: shown_name(case.person, user))
SEX = Column("性别", lambda case, user: case.person.get_sex_display(), 6)
FACILITY = Column("戒毒所", lambda case, user: case.facility.short_name, 20)
ZONE = Column("所在区", lambda case, user: case.zone.name if case.zone else "")
UNIT = Column("大队", lambda case, user: case.unit.name if case.unit else "")
STATUS = Column("状态", lambda case, user: case.get_status_display())
ENTERED = Column("入所日期", lambda case, user: day(case.entered_at))
ENDS = Column("期满日", lambda case, user: day(case.ends_on))
ENDED = Column("终结日期", lambda case, user: day(case.ended_at))

CASE_COLUMNS = (NUMBER, NAME, SEX, FACILITY, ZONE, UNIT, STATUS, ENTERED, ENDS, ENDED)


def workbook(
    note: Note, columns: Iterable[Column], rows: Iterable[Any], *, user: User
) -> HttpResponse:
    """The answer that downloads the list; numbers of people and papers are text."""
    columns = tuple(columns)
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("清单")
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.title, head)
    for line, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            sheet.write_string(line, at, column.value(row, user))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)
    about = book.add_worksheet("说明")
    about.set_column(0, 0, 12)
    about.set_column(1, 1, 70)
    for line, (label, words) in enumerate(note.lines):
        about.write_string(line, 0, label, head)
        about.write_string(line, 1, words)
    book.close()
    return HttpResponse(
        held.getvalue(),
        content_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="{day(note.as_of)}.xlsx"',
            "Cache-Control": "no-store",
        },
    )
