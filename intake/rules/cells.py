"""What the cells of a roster mean: texts, days and spans of days, however they were typed."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NOTHING = frozenset({"", "无", "不详", "不明", "未知", "没有", "-", "--", "—", "——", "/", "／"})
_TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
_DAY = r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?|(\d{4})(\d{2})(\d{2})"
_ONE_DAY = re.compile(_DAY)
_TWO_DAYS = re.compile(f"(?P<first>{_DAY})(?:至|到|[-~—–]+)(?P<last>{_DAY})")


class BadCell(ValueError):
    """A cell that cannot be read as what its column holds; the message says why, in Chinese."""


def text(cell: Cell) -> str:
    """The cell as text, without invisible characters and outer blanks; numbers without `.0`.

    What looks like a formula or holds markup is text like any other.
    """
    if isinstance(cell, str):
        return _INVISIBLE.sub("", cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return str(cell.date())
    return str(cell)


def text_or_none(cell: Cell) -> str:
    """The text, or nothing where the cell says 无, 不详 or a dash."""
    said = text(cell)
    return "" if said in _NOTHING else said


def is_number(cell: Cell) -> bool:
    """Whether the cell was stored as a number: of eighteen digits it has kept fifteen."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def day(cell: Cell) -> date:
    """A day typed as 2026-03-05, 2026.3.5, 2026年3月5日, 20260305, or a date cell.

    Raises `BadCell`.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = _TIME_OF_DAY.sub("", text(cell))
    if not said:
        raise BadCell("未填写")
    match = _ONE_DAY.fullmatch(_without_blanks(said))
    if match is None:
        raise BadCell(f"“{said}”不是日期，请写成 2026-03-05 的样子")
    return _exists(said, match.groups())


def span(cell: Cell) -> tuple[date, date]:
    """The first and the last day of 2026-03-05至2028-03-04. Raises `BadCell`."""
    said = text(cell)
    if not said:
        raise BadCell("未填写")
    match = _TWO_DAYS.fullmatch(_without_blanks(said))
    if match is None:
        raise BadCell(f"“{said}”不是起止日期，请写成 2026-03-05至2028-03-04 的样子")
    first, last = (match[name] for name in ("first", "last"))
    return day(first), day(last)


def _without_blanks(said: str) -> str:
    return "".join(unicodedata.normalize("NFKC", said).split())


def _exists(said: str, groups: tuple[str | None, ...]) -> date:
    year, month, of_month = (int(group) for group in groups if group is not None)
    try:
        return date(year, month, of_month)
    except ValueError:
        raise BadCell(f"“{said}”这一天不存在") from None
