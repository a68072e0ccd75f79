"""A handover roster as it stands in a file: its columns, its lines, what it says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from intake.rules import cells
from intake.rules.cells import Cell


class Column(StrEnum):
    """The titles of a roster's columns."""

    SEQUENCE = "序号"
    NAME = "姓名"
    SEX = "性别"
    BIRTH_DATE = "出生日期"
    ID_NUMBER = "公民身份号码"
    ETHNICITY = "民族"
    EDUCATION = "文化程度"
    HOUSEHOLD = "户籍所在地"
    ADDRESS = "现住址"
    DECISION_NUMBER = "强制隔离戒毒决定书文号"
    AUTHORITY = "决定机关"
    DECIDED_ON = "决定日期"
    PRINTED_TERM = "强制隔离戒毒起止日期"
    TRANSFERRED_ON = "移交日期"
    DRUG = "主要吸食毒品种类"
    ADDICTION = "成瘾认定"
    HEALTH = "健康状况"
    INJURY = "体表伤情"
    RELATIVE_NAME = "家属姓名"
    RELATIVE_RELATION = "与本人关系"
    RELATIVE_PHONE = "家属联系电话"
    REMARK = "备注"


REQUIRED_COLUMNS = (
    Column.NAME,
    Column.SEX,
    Column.BIRTH_DATE,
    Column.ID_NUMBER,
    Column.DECISION_NUMBER,
    Column.DECIDED_ON,
    Column.PRINTED_TERM,
    Column.TRANSFERRED_ON,
    Column.HEALTH,
)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line as it stands in the file: `line` is its row there, counted from 1."""

    line: int
    cells: Mapping[str, Cell]  # by column title

    def cell(self, column: Column) -> Cell:
        """The cell under a title; None where the file has no such column."""
        return self.cells.get(column)

    def texts(self) -> dict[str, str]:
        """All cells as texts, for storing and for the correction sheet."""
        return {title: cells.text(cell) for title, cell in self.cells.items()}


@dataclass(frozen=True)
class RosterFile:
    """A roster as read: its lines, and what the rows above the header say of it."""

    rows: tuple[RosterRow, ...]
    sent_by: str = ""  # 移交单位
    sent_to: str = ""  # 接收单位
