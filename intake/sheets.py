"""From the bytes of a file to its sheets of cells: .xlsx, and .csv in GB18030 or UTF-8.

Nothing is unpacked before the declared sizes were looked at, and the spreadsheet reader is only ever given
what was unpacked here, within bounds.
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

Rows = Sequence[Sequence[Cell]]  # the first row is row 1 of the file


class NoSheet(Exception):
    """The file cannot be read as what it should be; the message is one sentence that says why."""


def sheets_of(content: bytes) -> Iterable[tuple[str, Rows]]:
    """Every visible sheet by its name; a .csv is one without a name. Raises `NoSheet`."""
    if not content:
        raise NoSheet("文件是空的。")
    if len(content) > MAX_FILE_BYTES:
        raise NoSheet(f"文件超过 {MAX_FILE_BYTES // 2**20} MB，请拆成几份后再上传。")
    if content.startswith(_OLD_OFFICE):
        raise NoSheet("这是旧版 .xls 或加了密码的文件，请另存为不加密的 .xlsx 后再上传。")
    if content.startswith(_ZIP):
        return _sheets_of_workbook(content)
    return [("", _rows_of_csv(content))]


def title_of(cell: Cell) -> str:
    """A title without blanks and line breaks, brackets and digits half-width."""
    return "".join(unicodedata.normalize("NFKC", cells.text(cell)).split())


def is_note(first: str) -> bool:
    """Whether a row that begins with this is about nobody: 合计, or who signs."""
    return bool(_TOTAL.match(first) or _SIGNATURE.match(first))


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
        raise NoSheet("文件已损坏，或者不是 .xlsx 工作簿，请重新另存后再上传。") from error


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
        raise NoSheet("文件解压后过大，不像人员名单，请只保留名单所在的工作表，另存后再上传。")


def _refuse_sparse(sheet: bytes) -> None:
    if _FAR_CELL.search(sheet) or _FAR_ROW.search(sheet):
        raise NoSheet("工作表超出 19999 行或 CZ 列，请删除名单以外的行和列后再上传。")
    if _CELL_NOWHERE.search(sheet):
        raise NoSheet("工作表的单元格没有标明位置，请用 WPS 或 Excel 另存为 .xlsx 后再上传。")


def _rows_of_csv(content: bytes) -> Rows:
    try:
        return list(csv.reader(io.StringIO(_decoded(content), newline="")))
    except csv.Error as error:
        raise NoSheet("文件不是逗号分隔的 .csv，请另存为 .xlsx 后再上传。") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoSheet("文件不是 .xlsx，也不是 GB18030 或 UTF-8 编码的 .csv。")
