"""One line of a spreadsheet of people from any other system: what its columns are called, and what they say."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import TypeVar

from intake.rules import cells
from intake.rules.cells import BadCell, Cell
from intake.rules.line import citizen_number
from rehab.rules import identity
from rehab.rules.identity import IdentityNumber

T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 1990, 2100  # outside them a date is a slip of the hand
_SEVERAL = re.compile(r"[、,，;；\n]+")
_MONTHS = re.compile(r"(\d{1,2})(?:个?月)?")


class Title(StrEnum):
    """The columns that are understood, by the titles of the empty sheet."""

    NAME = "姓名"
    NUMBER = "编号"
    ID_NUMBER = "公民身份号码"
    STATUS = "状态"
    DECIDED_ON = "决定日期"
    TERM = "期限起止"
    STARTS_ON = "期限起日"
    PRINTED_ENDS_ON = "决定书截止日期"
    HELD_ENDS_ON = "期满日期"
    ENTERED_ON = "入所日期"
    FAMILY_ON = "家属通知日期"
    EDUCATION_FROM = "入所教育开始日期"
    EDUCATION_TO = "入所教育结束日期"
    ESCAPED_ON = "脱逃日期"
    RECAPTURED_ON = "追回日期"
    LEAVE_FROM = "所外就医开始日期"
    LEAVE_TO = "所外就医结束日期"
    DETAINED_FROM = "被拘留逮捕开始日期"
    DETAINED_TO = "被拘留逮捕结束日期"
    EXTENSION_MONTHS = "延长月数"
    EXTENSION_SERVED_ON = "延长决定送达日期"
    EARLY_SERVED_ON = "提前解除决定送达日期"
    EARLY_ENDS_ON = "提前解除日期"
    REFUSED_COMMUNITY = "是否拒绝社区康复"
    YEAR_ASSESSED_ON = "一年评估日期"
    END_ASSESSED_ON = "期满前评估日期"
    NOTICE_ON = "解除通知日期"
    RELEASED_ON = "解除日期"


def _words(said: str) -> tuple[str, ...]:
    return tuple(said.split())


SYNONYMS: Mapping[Title, tuple[str, ...]] = MappingProxyType(
    {
        Title.NAME: _words("戒毒人员姓名 人员姓名 学员姓名 戒毒人员 名字"),
        Title.NUMBER: _words("人员编号 戒毒人员编号 学员编号 档案编号 档案号 案号 番号"),
        Title.ID_NUMBER: _words(
            "身份证号 身份证号码 公民身份证号码 居民身份证号码 居民身份证号 身份证 证件号码"
        ),
        Title.STATUS: _words("人员状态 在所状态 当前状态 管理状态 现状态 在所情况"),
        Title.DECIDED_ON: _words(
            "强制隔离戒毒决定日期 作出决定日期 决定书日期 强戒决定日期 决定时间 强制隔离戒毒决定时间 裁决日期"
        ),
        Title.TERM: _words(
            "强制隔离戒毒起止日期 强制隔离戒毒期限起止 期限起止日期 起止日期 强制隔离戒毒期限 执行期限 "
            "强戒期限 期限 起止时间"
        ),
        Title.STARTS_ON: _words("期限起始日期 期限开始日期 起始日期 起算日期 开始日期 起日"),
        Title.PRINTED_ENDS_ON: _words(
            "决定书载明截止日期 决定书载明的截止日期 决定书止日 期限截止日期 期限止日 截止日期 终止日期 "
            "结束日期 截止时间 止日"
        ),
        Title.HELD_ENDS_ON: _words(
            "期满日 期满时间 到期日期 到期日 到期时间 应解除日期 预计解除日期 预计期满日期 现期满日期"
        ),
        Title.ENTERED_ON: _words(
            "入所时间 收治日期 收治时间 入所收治日期 接收日期 接收时间 转入日期 转入时间 移交日期 移送日期"
        ),
        Title.FAMILY_ON: _words(
            "通知家属日期 家属通知时间 通知家属时间 家属通知书日期 书面通知家属日期"
        ),
        Title.EDUCATION_FROM: _words("入所教育开始时间 入所教育起始日期"),
        Title.EDUCATION_TO: _words(
            "入所教育结束时间 入所教育完成日期 入所教育完成时间 入所教育截止日期"
        ),
        Title.ESCAPED_ON: _words("脱逃时间 逃跑日期 逃跑时间 脱逃开始日期"),
        Title.RECAPTURED_ON: _words(
            "追回时间 脱逃追回日期 抓获日期 抓回日期 归所日期 脱逃结束日期"
        ),
        Title.LEAVE_FROM: _words(
            "所外就医起 所外就医起日 所外就医日期 所外就医开始时间 所外就医起始日期"
        ),
        Title.LEAVE_TO: _words(
            "所外就医止 所外就医止日 所外就医结束时间 所外就医截止日期 所外就医返回日期"
        ),
        Title.DETAINED_FROM: _words(
            "被拘留日期 被逮捕日期 拘留日期 逮捕日期 收监日期 羁押开始日期"
        ),
        Title.DETAINED_TO: _words("拘留结束日期 逮捕结束日期 释放返回日期 羁押结束日期"),
        Title.EXTENSION_MONTHS: _words(
            "延长期限月数 延长期限(月) 延长(月) 延期月数 延长月份 延长期限"
        ),
        Title.EXTENSION_SERVED_ON: _words(
            "延长决定书送达日期 延长期限决定送达日期 延长决定送达时间 延期决定送达日期 延长送达日期"
        ),
        Title.EARLY_SERVED_ON: _words(
            "提前解除决定书送达日期 提前解除决定送达时间 提前解除送达日期 提前解除决定日期"
        ),
        Title.EARLY_ENDS_ON: _words("提前解除期满日 提前解除时间 提前解除期满日期"),
        Title.REFUSED_COMMUNITY: _words(
            "拒绝社区康复 拒绝接受社区康复 是否拒绝接受社区康复 是否拒绝或者严重违反社区康复协议"
        ),
        Title.YEAR_ASSESSED_ON: _words(
            "满一年评估日期 一年诊断评估日期 满一年诊断评估日期 一年后评估日期 一年综合诊断评估日期 一年评估时间"
        ),
        Title.END_ASSESSED_ON: _words(
            "期满前诊断评估日期 期满评估日期 期满前综合诊断评估日期 期满前评估时间"
        ),
        Title.NOTICE_ON: _words("解除通知时间 解除通知书日期 解除前通知日期 发出解除通知日期"),
        Title.RELEASED_ON: _words(
            "解除时间 实际解除日期 解除出所日期 出所日期 出所时间 实际出所日期"
        ),
    }
)


class Status(Enum):
    """Where somebody is, as the sheet has it."""

    INSIDE = _words(
        "在所 在册 在管 在戒 在矫 收治 收治中 执行中 正常 待解除 拟解除 未解除 离所就医 外出探视 出庭"
    )
    ESCAPED = _words("脱逃 在逃 脱逃在逃 脱逃未归 逃跑")
    AWAY = _words("所外就医 被拘留 被逮捕 拘留 逮捕 收监 羁押 被收监 服刑 另案羁押")
    RELEASED = _words("解除 已解除 期满解除 提前解除 按期解除 已出所 出所 释放 已释放")
    ENDED = _words(
        "变更 变更社区戒毒 变更为社区戒毒 撤销 已撤销 死亡 病故 转所 已转所 转出 已转出 调出 不予收治"
    )


_STATUSES = {word: status for status in Status for word in status.value}
_YES = frozenset(_words("是 有 Y YES √ 1 TRUE"))
_NO = frozenset(_words("否 N NO × 0 FALSE"))
_ONE_DAY = (
    Title.DECIDED_ON, Title.STARTS_ON, Title.PRINTED_ENDS_ON, Title.HELD_ENDS_ON, Title.ENTERED_ON, Title.FAMILY_ON,
    Title.EDUCATION_FROM, Title.EDUCATION_TO, Title.EARLY_SERVED_ON, Title.EARLY_ENDS_ON, Title.YEAR_ASSESSED_ON,
    Title.END_ASSESSED_ON, Title.NOTICE_ON, Title.RELEASED_ON,
)  # fmt: skip
_SEVERAL_DAYS = (
    Title.ESCAPED_ON, Title.RECAPTURED_ON, Title.LEAVE_FROM, Title.LEAVE_TO, Title.DETAINED_FROM, Title.DETAINED_TO,
    Title.EXTENSION_SERVED_ON,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line as it stands in the file: `line` is its row there, counted from 1."""

    line: int
    cells: Mapping[Title, Cell]


@dataclass(frozen=True)
class PeopleSheet:
    """What was read of a file: its lines, what it calls each column it has, and the titles nobody knows."""

    rows: tuple[PersonRow, ...]
    titles: Mapping[Title, str]
    unused: tuple[str, ...] = ()

    def called(self, title: Title) -> str:
        """What the file calls a column; the days of a term may stand in one cell."""
        if title not in self.titles and title in (Title.STARTS_ON, Title.PRINTED_ENDS_ON):
            return self.titles.get(Title.TERM, title)
        return self.titles.get(title, title)


@dataclass
class Person:
    """The values of one line; what could not be read is not there, and `unread` says why."""

    row: PersonRow
    name: str = ""
    number: str = ""
    citizen: IdentityNumber | None = None
    status: Status | None = None
    refused_community: bool = False
    months: tuple[int, ...] = ()
    days: dict[Title, date] = field(default_factory=dict)
    several: dict[Title, tuple[date, ...]] = field(default_factory=dict)
    unread: list[tuple[Title, str]] = field(default_factory=list)

    def day(self, title: Title) -> date | None:
        """The day under a title."""
        return self.days.get(title)

    def days_of(self, title: Title) -> tuple[date, ...]:
        """All days under a title that may hold several."""
        return self.several.get(title, ())

    def is_blank(self, title: Title) -> bool:
        """Whether there is such a column, and nothing in it."""
        return title in self.row.cells and not cells.text_or_none(self.row.cells[title])


def read_person(row: PersonRow) -> Person:
    """Read every cell that the rules compare; never raises."""
    person = Person(row)

    def read(title: Title, reader: Callable[[Cell], T]) -> T | None:
        cell = row.cells.get(title)
        if not cells.text_or_none(cell):
            return None
        try:
            return reader(cell)
        except BadCell as bad:
            person.unread.append((title, str(bad)))
            return None

    person.name = identity.clean_name(cells.text_or_none(row.cells.get(Title.NAME)))
    person.number = cells.text_or_none(row.cells.get(Title.NUMBER))
    person.citizen = read(Title.ID_NUMBER, citizen_number)
    person.status = read(Title.STATUS, _status)
    person.refused_community = bool(read(Title.REFUSED_COMMUNITY, _yes))
    person.months = read(Title.EXTENSION_MONTHS, _months) or ()
    for title in _ONE_DAY:
        if (day := read(title, _day)) is not None:
            person.days[title] = day
    for title in _SEVERAL_DAYS:
        person.several[title] = read(title, _days) or ()
    if span := read(Title.TERM, _span):
        person.days.setdefault(Title.STARTS_ON, span[0])
        person.days.setdefault(Title.PRINTED_ENDS_ON, span[1])
    return person


def _day(cell: Cell) -> date:
    day = cells.day(cell)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadCell(f"“{cells.text(cell)}”的年份不对，请核对")
    return day


def _days(cell: Cell) -> tuple[date, ...]:
    """One day, or several parted by 、 or a new line."""
    if not isinstance(cell, str):
        return (_day(cell),)
    return tuple(_day(part) for part in _SEVERAL.split(cell) if part.strip())


def _span(cell: Cell) -> tuple[date, date]:
    first, last = cells.span(cell)
    return _day(first), _day(last)


def _months(cell: Cell) -> tuple[int, ...]:
    said = unicodedata.normalize("NFKC", cells.text(cell))
    found = [_MONTHS.fullmatch("".join(part.split())) for part in _SEVERAL.split(said) if part]
    if not found or None in found:
        raise BadCell(f"“{said}”不是月数，请写成 6 的样子")
    return tuple(int(one[1]) for one in found if one)


def _yes(cell: Cell) -> bool:
    said = cells.text(cell).upper()
    if said not in _YES | _NO:
        raise BadCell(f"“{cells.text(cell)}”看不出是或者否，请填“是”或者“否”")
    return said in _YES


def _status(cell: Cell) -> Status:
    said = "".join(cells.text(cell).split())
    if said not in _STATUSES:
        raise BadCell(f"不认得“{said}”，按仍在册检查；请填“在所”“脱逃”“所外就医”“已解除”等")
    return _STATUSES[said]
