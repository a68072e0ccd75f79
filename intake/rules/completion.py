"""What must be completed after entry, by when, and who owes it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rehab import statutes
from rehab.rules import days
from rehab.statutes import Article


class Unit(StrEnum):
    """The unit in which a period is counted."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"


SHEETS = frozenset(
    {"health_check", "belongings"}
)  # done by the sheet that records them, on a page of its own


@dataclass(frozen=True)
class Duty:
    """One act owed after entry; `role` is the code of the role whose post owes it."""

    code: str
    label: str
    amount: int
    unit: Unit
    article: Article
    role: str

    def due_at(self, entered_at: datetime) -> datetime:
        """The last moment: hours from entry; days end with the day, that of entry not counted."""
        if self.unit is Unit.HOURS:
            return days.hours_after(entered_at, self.amount)
        last_day = days.calendar_days_after(days.day_of(entered_at), self.amount)
        return days.end_of(last_day)


# 入所当日 is read as twenty-four hours, so that an entry before midnight leaves time to do it
# fmt: off
DUTIES: tuple[Duty, ...] = (
    Duty("health_check", "入所健康检查", 24, Unit.HOURS,
         statutes.ENTRY_HEALTH_CHECK, "clinician"),
    Duty("belongings", "物品检查登记", 24, Unit.HOURS,
         statutes.BELONGINGS, "intake_officer"),
    Duty("entry_register", "填写入所登记表", 24, Unit.HOURS,
         statutes.ENTRY_REGISTER, "intake_officer"),
    Duty("rights_notice", "入所谈话和权利义务告知", 24, Unit.HOURS,
         statutes.RIGHTS_NOTICE, "zone_officer"),
    Duty("family_notice", "书面通知家属", 5, Unit.CALENDAR_DAYS,
         statutes.FAMILY_NOTICE, "intake_officer"),
    Duty("assessment_handbook", "建立诊断评估手册", 7, Unit.CALENDAR_DAYS,
         statutes.ASSESSMENT_HANDBOOK, "assessor"),
)
# fmt: on


def duty(code: str) -> Duty:
    """The duty of that code. Raises `KeyError`."""
    return {duty.code: duty for duty in DUTIES}[code]
