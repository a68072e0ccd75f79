"""From the bytes of a roster file to its lines: .xlsx, and .csv in GB18030 or UTF-8.

The sheet is the one that holds the header; the header is found by its titles, columns by title in
any order. `intake.sheets` opens the file.
"""

import re
from collections.abc import Iterable, Sequence

from intake.rules import cells
from intake.rules.cells import Cell
from intake.rules.rows import REQUIRED_COLUMNS, Column, RosterFile, RosterRow
from intake.sheets import HEADER_WITHIN_ROWS, NoSheet, Rows, is_note, sheets_of, title_of

_SENT_BY = re.compile(r"移[送交]单位\s*[:：]\s*(\S+)")
_SENT_TO = re.compile(r"接收单位\s*[:：]\s*(\S+)")
_TITLES = {column.value: column for column in Column}
_LINE_COLUMNS = frozenset(REQUIRED_COLUMNS)


def read(content: bytes) -> RosterFile:
    """The lines of a roster, whatever kind of file it is. Raises `NoSheet`."""
    return _the_roster(sheets_of(content))


# The header and the lines below it


def _the_roster(sheets: Iterable[tuple[str, Rows]]) -> RosterFile:
    rosters = [
        (name, _roster_below(rows, at))
        for name, rows in sheets
        if (at := _header_at(rows)) is not None
    ]
    if not rosters:
        raise NoSheet("没有找到名册的表头（姓名、公民身份号码、决定书文号等列名）。")
    filled = [(name, roster) for name, roster in rosters if roster.rows]
    if len(filled) > 1:
        names = "、".join(f"“{name}”" for name, _ in filled)
        raise NoSheet(f"有多个工作表像名册（{names}），请只保留一个后再导入。")
    return (filled or rosters)[0][1]


def _header_at(rows: Rows) -> int | None:
    """The index of the row that holds the titles."""
    for at, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        titles = {title_of(cell) for cell in row}
        if len(titles & _LINE_COLUMNS) > len(_LINE_COLUMNS) // 2:
            return at
    return None


def _roster_below(rows: Rows, header_at: int) -> RosterFile:
    titles = [title_of(cell) for cell in rows[header_at]]
    _refuse_header(titles)
    above = " ".join(cells.text(cell) for row in rows[:header_at] for cell in row)
    places = [(at, title) for at, title in enumerate(titles) if title in _TITLES]
    return RosterFile(
        rows=tuple(
            RosterRow(line, {title: row[at] for at, title in places if at < len(row)})
            for line, row in enumerate(rows[header_at + 1 :], start=header_at + 2)
            if _is_line(row, titles)
        ),
        sent_by=_found(_SENT_BY, above),
        sent_to=_found(_SENT_TO, above),
    )


def _refuse_header(titles: list[str]) -> None:
    missing = [column.value for column in REQUIRED_COLUMNS if column.value not in titles]
    if missing:
        raise NoSheet(f"名册缺少这些列：{'、'.join(missing)}。")
    double = [title for title in _TITLES if titles.count(title) > 1]
    if double:
        raise NoSheet(f"名册有重复的列：{'、'.join(double)}。")


def _is_line(row: Sequence[Cell], titles: list[str]) -> bool:
    """Whether a row is about a person: not blank, not 合计, no signature, no repeated header."""
    texts = [cells.text(cell) for cell in row]
    filled = [(title, said) for title, said in zip(titles, texts, strict=False) if said]
    about_a_person = sum(title in _LINE_COLUMNS for title, _ in filled)
    if about_a_person > 2:
        return any(said != title for title, said in filled)
    if not about_a_person:
        return False
    first = filled[0][1]
    return not is_note(first)


def _found(pattern: re.Pattern[str], above: str) -> str:
    match = pattern.search(above)
    return match[1] if match else ""
