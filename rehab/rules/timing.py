"""What a clock is, and what it expects of a case. Values only; each app's `clocks.py` fills them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rehab.statutes import Article


class Category(StrEnum):
    """The tabs of the worklist."""

    MOVE = "流转"
    ASSESSMENT = "评估"
    PAPER = "通知与文书"
    CENTER = "专业中心"
    RELEASE = "解除"
    AFTERCARE = "照管"


@dataclass(frozen=True)
class Clock:
    """One kind of thing that must happen by a time: its words, its tab, and where it is done."""

    code: str
    label: str
    category: Category
    act: str  # the word on the button
    url_name: str  # takes the case number; the page on which the act is done
    lead_days: int = 3  # from how many days before it is due the post is reminded
    escalates_to: str = "facility_leader"  # the role told when it is overdue
    told_on_the_day: str = ""  # a role told beside the post on the day it is due
    alarms: str = ""  # the role above the facility told as well when it is overdue


@dataclass(frozen=True)
class Expected:
    """One row that the ledger of deadlines should hold for a case."""

    clock: str
    opened_at: datetime
    due_at: datetime
    owed_by: str  # role code; its place is the case's own unit, facility or station
    unit: UUID | None = None  # the 大队 that owes it, where it is not the case's own
    article: Article | None = None
    cycle: str = ""
    satisfied_at: datetime | None = None
    working_days: bool = False
