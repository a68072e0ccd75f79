"""A list as a workbook: the same rows as on the page, every cell text, never a number or a formula."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from rehab.columns import Column, day, minute
from rehab.models import User

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Note:
    """What stands on the second sheet: which list this is, of when, and who took it out."""

    title: str
    definition: str
    filters: str
    unit: str
    version: int
    as_of: datetime
    by: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        return (
            ("名称", self.title),
            ("口径", self.definition),
            ("筛选", self.filters or "全部"),
            ("单位", self.unit),
            ("口径版本", str(self.version)),
            ("数据截至", minute(self.as_of)),
            ("导出人", self.by),
        )


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
    name = f"{note.title} {day(note.as_of)}.xlsx"
    return HttpResponse(
        held.getvalue(),
        content_type=XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "no-store",
        },
    )
