"""The correction sheet: lines that go back to the sender, as text, with what is wrong with each."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from intake.rules.rows import Column

REASON = "退回原因"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class FaultyLine:
    """One line as it stood in the file, and the sentences about it."""

    line: int
    cells: Mapping[str, str]
    reasons: Sequence[str]


def correction_sheet(lines: Iterable[FaultyLine]) -> bytes:
    """A workbook that can be corrected and handed over again; every cell is text, never a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@", "valign": "top"})
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        sheet = book.add_worksheet("移送名册")
        titles = [*(column.value for column in Column), "原行号", REASON]
        for at, title in enumerate(titles):
            sheet.write_string(0, at, title, head)
        for row, line in enumerate(lines, start=1):
            said = [line.cells.get(column.value, "") for column in Column]
            for at, cell in enumerate((*said, str(line.line))):
                sheet.write_string(row, at, cell, text)
            sheet.write_string(row, len(titles) - 1, "；".join(line.reasons), wrapped)
        sheet.set_column(0, len(titles) - 2, 14, text)
        sheet.set_column(len(titles) - 1, len(titles) - 1, 60, wrapped)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
