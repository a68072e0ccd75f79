"""From the bytes of a spreadsheet of people to its lines; columns are found by title, synonyms tolerated."""

from collections.abc import Iterable, Mapping, Sequence

from intake.rules import cells
from intake.rules.cells import Cell
from intake.rules.checkup.people import SYNONYMS, PeopleSheet, PersonRow, Title
from intake.sheets import HEADER_WITHIN_ROWS, NoSheet, Rows, is_note, sheets_of, title_of

MAX_PEOPLE = 5_000
_FEWEST_TITLES = 2
_WHO = (Title.NAME, Title.NUMBER, Title.ID_NUMBER)
_KNOWN = frozenset(word for title in Title for word in (title.value, *SYNONYMS.get(title, ())))


def read(content: bytes) -> PeopleSheet:
    """The lines of a spreadsheet of people. Raises `NoSheet`."""
    found = [
        (name, _below(rows, at))
        for name, rows in sheets_of(content)
        if (at := _header_at(rows)) is not None
    ]
    if not found:
        raise NoSheet("没有找到表头：表里要有“姓名”（或者“编号”）和“决定日期”两列。")
    whole = [(name, sheet) for name, sheet in found if not _lacks(sheet)]
    if not whole:
        raise NoSheet(_lacks(found[0][1]))
    filled = [(name, sheet) for name, sheet in whole if sheet.rows]
    if len(filled) > 1:
        names = "、".join(f"“{name}”" for name, _ in filled)
        raise NoSheet(f"有多个工作表像人员名单（{names}），请只保留一个后再上传。")
    if not filled:
        raise NoSheet("表头下面没有人员，请填写后再上传。")
    sheet = filled[0][1]
    if len(sheet.rows) > MAX_PEOPLE:
        raise NoSheet(f"有 {len(sheet.rows)} 人，一次最多 {MAX_PEOPLE} 人，请拆成几份后再上传。")
    return sheet


def _lacks(sheet: PeopleSheet) -> str:
    """What a sheet must have and has not; empty where it is whole."""
    if Title.DECIDED_ON not in sheet.titles:
        return "表里没有“决定日期”一列，期限无从推算，请补上后再上传。"
    if not sheet.titles.keys() & set(_WHO):
        return "表里没有“姓名”或者“编号”一列，请补上后再上传。"
    return ""


def _header_at(rows: Rows) -> int | None:
    """The index of the row that holds the titles: the one with the most that are known."""
    known = [
        (sum(title in _KNOWN for title in {title_of(cell) for cell in row}), -at)
        for at, row in enumerate(rows[:HEADER_WITHIN_ROWS])
    ]
    most, at = max(known, default=(0, 0))
    return -at if most >= _FEWEST_TITLES else None


def _below(rows: Rows, header_at: int) -> PeopleSheet:
    titles = [title_of(cell) for cell in rows[header_at]]
    places = _places(titles)
    lines = enumerate(rows[header_at + 1 :], start=header_at + 2)
    return PeopleSheet(
        rows=tuple(
            PersonRow(
                line,
                {title: row[at] if at < len(row) else None for title, at in places.items()},
            )
            for line, row in lines
            if _is_person(row, titles, places)
        ),
        titles={title: titles[at] for title, at in places.items()},
        unused=tuple(
            title for at, title in enumerate(titles) if title and at not in places.values()
        ),
    )


def _places(titles: Sequence[str]) -> Mapping[Title, int]:
    """Where each column is: under its own title, or else under the first synonym that is there."""
    places = {}
    for title in Title:
        words = (title.value, *SYNONYMS.get(title, ()))
        here = next((word for word in words if word in titles), None)
        if here and titles.count(here) > 1:
            raise NoSheet(f"有两列都叫“{here}”，请改名或者删去一列后再上传。")
        if here:
            places[title] = titles.index(here)
    return places


def _is_person(row: Sequence[Cell], titles: Sequence[str], places: Mapping[Title, int]) -> bool:
    """Whether a row is about somebody: not blank, not 合计, no signature, no repeated header."""
    texts = [cells.text(cell) for cell in row]
    known = [(titles[at], texts[at]) for at in places.values() if at < len(texts) and texts[at]]
    if not known or all(said == title for title, said in known):
        return False
    first = next(text for text in texts if text)
    return not (len(known) <= _FEWEST_TITLES and is_note(first))


def titles_and_synonyms() -> Iterable[tuple[Title, tuple[str, ...]]]:
    """Every column that is understood, with the other titles it may have."""
    return ((title, SYNONYMS.get(title, ())) for title in Title)
