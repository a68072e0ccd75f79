"""One line of a roster, read: typed values where they could be had, and what could not be read."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from intake.rules import cells
from intake.rules.cells import BadCell, Cell
from intake.rules.rows import Column, RosterRow
from rehab.rules import codes, identity
from rehab.rules.decisions import decision_key
from rehab.rules.identity import BadIdentityNumber, IdentityNumber

T = TypeVar("T")

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_DOCUMENT = re.compile(
    r"(?P<kind>[一-鿿]*(?:护照|通行证|居住证|居留证|身份证|回乡证|台胞证))"
    r"(?:号码?)?[:：\s]*(?P<number>[A-Za-z0-9()（）-]{5,20})"
)
_SEVERAL = re.compile(r"[、,，;；\s]+")
_NO_INJURY = frozenset({"正常", "无伤", "无外伤", "无异常", "未见", "未见异常", "未见外伤"})


@dataclass(frozen=True)
class Line:
    """The values of one line; None where a cell could not be read, and `unread` says why."""

    row: RosterRow
    name: str | None
    number: IdentityNumber | None
    sex: str | None
    birth_date: date | None
    decision_number: str | None
    decided_on: date | None
    printed_term: tuple[date, date] | None
    transferred_on: date | None
    unread: tuple[tuple[Column, str], ...]

    def text(self, column: Column) -> str:
        """What the cell says; empty where it says 无, 不详 or nothing."""
        return cells.text_or_none(self.row.cell(column))

    @property
    def number_unread(self) -> bool:
        """A number was given that is none."""
        return any(column is Column.ID_NUMBER for column, _ in self.unread)

    @property
    def other_document(self) -> str:
        """Kind and number of the document that the remark names; empty when it names none."""
        match = _DOCUMENT.search(self.text(Column.REMARK))
        return f"{match['kind']} {match['number'].upper()}" if match else ""

    @property
    def drugs(self) -> tuple[str, ...]:
        """The kinds named, brackets half-width."""
        said = unicodedata.normalize("NFKC", cells.text(self.row.cell(Column.DRUG)))
        return tuple(name for name in _SEVERAL.split(said) if name)

    @property
    def injury(self) -> str:
        """The injury on the body; empty when there is none."""
        said = self.text(Column.INJURY)
        return "" if said in _NO_INJURY else said

    @property
    def person_key(self) -> str:
        """See `person_key`; empty while a number is given that cannot be read."""
        if self.number_unread:
            return ""
        return person_key(
            id_number=self.number.number if self.number else None,
            other_document=self.other_document,
            name=self.name or "",
            birth_date=self.birth_date,
        )


def read_line(row: RosterRow) -> Line:
    """Read every cell that the rules compare; never raises."""
    unread: list[tuple[Column, str]] = []

    def read(column: Column, reader: Callable[[Cell], T]) -> T | None:
        try:
            return reader(row.cell(column))
        except BadCell as bad:
            unread.append((column, str(bad)))
            return None

    return Line(
        row=row,
        name=read(Column.NAME, _name),
        number=read(Column.ID_NUMBER, citizen_number),
        sex=read(Column.SEX, _sex),
        birth_date=read(Column.BIRTH_DATE, cells.day),
        decision_number=read(Column.DECISION_NUMBER, _decision_number),
        decided_on=read(Column.DECIDED_ON, cells.day),
        printed_term=read(Column.PRINTED_TERM, cells.span),
        transferred_on=read(Column.TRANSFERRED_ON, cells.day),
        unread=tuple(unread),
    )


def person_key(
    *, id_number: str | None, other_document: str, name: str, birth_date: date | None
) -> str:
    """What tells one person from another: the number, else the document, else name and birth.

    Empty when none of them is there.
    """
    if id_number:
        return id_number
    if other_document:
        return "".join(unicodedata.normalize("NFKC", other_document).split()).upper()
    return f"{name} {birth_date}" if name and birth_date else ""


def person_keys(rows: Iterable[RosterRow]) -> frozenset[str]:
    """The keys under which the people of a roster would be found again."""
    return frozenset(key for row in rows if (key := read_line(row).person_key))


def decision_keys(rows: Iterable[RosterRow]) -> frozenset[str]:
    """The keys of all decision numbers in a roster."""
    numbers = (cells.text_or_none(row.cell(Column.DECISION_NUMBER)) for row in rows)
    return frozenset(decision_key(number) for number in numbers if number)


def _name(cell: Cell) -> str:
    name = identity.clean_name(cells.text(cell))
    if not name:
        raise BadCell("未填写")
    if len(name) > identity.NAME_LENGTH:
        raise BadCell(f"姓名有 {len(name)} 个字，不能超过 {identity.NAME_LENGTH} 个")
    return name


def citizen_number(cell: Cell) -> IdentityNumber | None:
    """None where the cell gives no number. Raises `BadCell`."""
    said = cells.text_or_none(cell)
    if not said:
        return None
    if cells.is_number(cell) or _SCIENTIFIC.fullmatch(said):
        raise BadCell("号码存成了数值，末几位已丢失，请把单元格改为文本后重新填写")
    try:
        return identity.identity_number(said)
    except BadIdentityNumber as bad:
        raise BadCell(str(bad)) from bad


def _sex(cell: Cell) -> str:
    said = cells.text(cell)
    if said not in codes.SEXES:
        raise BadCell(f"应填“男”或“女”，现为“{said}”" if said else "未填写")
    return codes.SEXES[said]


def _decision_number(cell: Cell) -> str:
    number = "".join(cells.text_or_none(cell).split())
    if not number:
        raise BadCell("未填写")
    return number
