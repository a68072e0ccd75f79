"""From the bytes of a roster file to its lines: .xlsx, and .csv in GB18030 or UTF-8.

The sheet is the one that holds the header; the header is found by its titles, columns by title in
any order. Nothing is unpacked before the declared sizes were looked at, and the spreadsheet reader
is only ever given what was unpacked here, within bounds.
"""

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from intake.rules import cells
from intake.rules.cells import Cell
from intake.rules.rows import REQUIRED_COLUMNS, Column, RosterFile, RosterRow

MAX_FILE_BYTES = 20 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
MAX_RATIO = 100  # unpacked to packed; a filled roster has about 8
RATIO_FREE_BYTES = 2**20  # below this a high ratio is harmless
HEADER_WITHIN_ROWS = 100

_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

# The reader lays a sheet out as a full rectangle: a lone cell far out would cost gigabytes
_FAR_CELL = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{3}\d|[D-Z][A-Z]\d|[A-Z]+(?:[2-9]\d{4}|\d{6}))""")
_FAR_ROW = re.compile(
    rb"""<(?:\w+:)?row\b[^>]*\br\s*=\s*["'](?:[2-9]\d{4}|\d{6})[^>]*[^/]>\s*<[^/]"""
)
_CELL_NOWHERE = re.compile(rb"""<(?:\w+:)?c(?=[\s/>])(?![^>]*\br\s*=)""")

_TOTAL = re.compile(r"[合总小共]\s*计")
_SIGNATURE = re.compile(
    r"(移[送交]|接收|经办|制表|审核|填表|负责|签[字名]|盖章|说明|备?注)\S{0,8}[:：]"
)
_SENT_BY = re.compile(r"移[送交]单位\s*[:：]\s*(\S+)")
_SENT_TO = re.compile(r"接收单位\s*[:：]\s*(\S+)")
_TITLES = {column.value: column for column in Column}
_LINE_COLUMNS = frozenset(REQUIRED_COLUMNS)


class NoRoster(Exception):
    """The file cannot be read as a roster; the message is one sentence that says why."""


def read(content: bytes) -> RosterFile:
    """The lines of a roster, whatever kind of file it is. Raises `NoRoster`."""
    if not content:
        raise NoRoster("文件是空的。")
    if len(content) > MAX_FILE_BYTES:
        raise NoRoster(f"文件超过 {MAX_FILE_BYTES // 2**20} MB，请分批移交。")
    if content.startswith(_OLD_OFFICE):
        raise NoRoster("这是旧版 .xls 或加了密码的文件，请另存为不加密的 .xlsx 后再导入。")
    if content.startswith(_ZIP):
        return _the_roster(_sheets_of_workbook(content))
    return _the_roster([("", _rows_of_csv(content))])


# The sheets, as rows of cells; the first row is row 1 of the file

Rows = Sequence[Sequence[Cell]]


def _sheets_of_workbook(content: bytes) -> Iterable[tuple[str, Rows]]:
    """Visible sheets by name, in their order."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(content)))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        ]
        return [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in names
        ]
    except (CalamineError, *_BROKEN) as error:
        raise NoRoster("文件已损坏，或者不是 .xlsx 工作簿，请重新另存后再导入。") from error


def _repacked(content: bytes) -> bytes:
    """The parts of a workbook, unpacked within bounds and stored flat for the reader."""
    flat = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(flat, "w") as stored:
        parts = [part for part in packed.infolist() if part.filename.endswith((".xml", ".rels"))]
        _refuse_bomb(sum(part.file_size for part in parts), len(content))
        for part in parts:
            data = packed.read(part)
            if part.filename.startswith("xl/worksheets/"):
                _refuse_sparse(data)
            stored.writestr(part.filename, data)
    return flat.getvalue()


def _refuse_bomb(unpacked: int, packed: int) -> None:
    too_large = unpacked > MAX_UNPACKED_BYTES
    too_dense = unpacked > RATIO_FREE_BYTES and unpacked > packed * MAX_RATIO
    if too_large or too_dense:
        raise NoRoster("文件解压后过大，不像名册，请只保留名册工作表后另存再导入。")


def _refuse_sparse(sheet: bytes) -> None:
    if _FAR_CELL.search(sheet) or _FAR_ROW.search(sheet):
        raise NoRoster("工作表超出 19999 行或 CZ 列，请删除名册以外的行和列后再导入。")
    if _CELL_NOWHERE.search(sheet):
        raise NoRoster("工作表的单元格没有标明位置，请用 WPS 或 Excel 另存为 .xlsx 后再导入。")


def _rows_of_csv(content: bytes) -> Rows:
    try:
        return list(csv.reader(io.StringIO(_decoded(content), newline="")))
    except csv.Error as error:
        raise NoRoster("文件不是逗号分隔的 .csv，请另存为 .xlsx 后再导入。") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoRoster("文件不是 .xlsx，也不是 GB18030 或 UTF-8 编码的 .csv。")


# The header and the lines below it


def _the_roster(sheets: Iterable[tuple[str, Rows]]) -> RosterFile:
    rosters = [
        (name, _roster_below(rows, at))
        for name, rows in sheets
        if (at := _header_at(rows)) is not None
    ]
    if not rosters:
        raise NoRoster("没有找到名册的表头（姓名、公民身份号码、决定书文号等列名）。")
    filled = [(name, roster) for name, roster in rosters if roster.rows]
    if len(filled) > 1:
        names = "、".join(f"“{name}”" for name, _ in filled)
        raise NoRoster(f"有多个工作表像名册（{names}），请只保留一个后再导入。")
    return (filled or rosters)[0][1]


def _header_at(rows: Rows) -> int | None:
    """The index of the row that holds the titles."""
    for at, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        titles = {_title(cell) for cell in row}
        if len(titles & _LINE_COLUMNS) > len(_LINE_COLUMNS) // 2:
            return at
    return None


def _title(cell: Cell) -> str:
    """A title without blanks and line breaks, brackets and digits half-width."""
    return "".join(unicodedata.normalize("NFKC", cells.text(cell)).split())


def _roster_below(rows: Rows, header_at: int) -> RosterFile:
    titles = [_title(cell) for cell in rows[header_at]]
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
        raise NoRoster(f"名册缺少这些列：{'、'.join(missing)}。")
    double = [title for title in _TITLES if titles.count(title) > 1]
    if double:
        raise NoRoster(f"名册有重复的列：{'、'.join(double)}。")


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
    return not (_TOTAL.match(first) or _SIGNATURE.match(first))


def _found(pattern: re.Pattern[str], above: str) -> str:
    match = pattern.search(above)
    return match[1] if match else ""
