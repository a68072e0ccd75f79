"""身份比对: what the papers say beside what the register knows of somebody found, field by field.

Of somebody beyond the officer's reach the register tells only whether a field agrees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rehab.rules import codes, identity

SEXES = {codes.MALE: "男", codes.FEMALE: "女"}
UNKNOWN = "未登记"


class Verdict(StrEnum):
    SAME = "一致"
    DIFFERENT = "不一致"
    UNKNOWN = "无从比对"


TONES = {Verdict.SAME: "ok", Verdict.DIFFERENT: "bad", Verdict.UNKNOWN: "mut"}


@dataclass(frozen=True)
class Line:
    """One field of the two sides."""

    label: str
    brought: str
    known: str
    verdict: Verdict

    @property
    def tone(self) -> str:
        """How the page marks it; never by colour alone."""
        return TONES[self.verdict]


@dataclass(frozen=True)
class Brought:
    """Who stands at the gate, as the papers say."""

    name: str
    sex: str
    birth_date: date | None
    id_number: str | None


@dataclass(frozen=True)
class Agreement:
    """What the match across the nation says: whether a field agrees, None where one side has none."""

    masked_name: str
    name: bool
    sex: bool
    birth_date: bool | None
    id_number: bool | None


def lines(brought: Brought, agrees: Agreement, known: Brought | None) -> tuple[Line, ...]:
    """The two sides; `known` is what the register says of somebody within reach."""
    return tuple(_lines(brought, agrees, known))


def _lines(brought: Brought, agrees: Agreement, known: Brought | None) -> Iterator[Line]:
    yield Line(
        "姓名",
        brought.name,
        known.name if known else agrees.masked_name,
        _verdict(agrees.name),
    )
    yield Line(
        "性别",
        SEXES[brought.sex],
        SEXES[known.sex] if known else _untold(agrees.sex),
        _verdict(agrees.sex),
    )
    yield Line(
        "出生日期",
        _day(brought.birth_date),
        _day(known.birth_date) if known else _untold(agrees.birth_date),
        _verdict(agrees.birth_date),
    )
    yield Line(
        "公民身份号码",
        _number(brought.id_number),
        _number(known.id_number) if known else _untold(agrees.id_number),
        _verdict(agrees.id_number),
    )


def _verdict(agrees: bool | None) -> Verdict:
    if agrees is None:
        return Verdict.UNKNOWN
    return Verdict.SAME if agrees else Verdict.DIFFERENT


def _untold(agrees: bool | None) -> str:
    """What stands in the place of a value that is beyond reach."""
    if agrees is None:
        return "—"
    return "与材料相同" if agrees else "与材料不同"


def _day(on: date | None) -> str:
    return on.isoformat() if on else UNKNOWN


def _number(number: str | None) -> str:
    return identity.mask_number(number) if number else UNKNOWN
