"""教育矫正中心的规则：entry education lasts at least a month."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from centers.presence import presence_obstacles
from rehab import statutes
from rehab.refusal import Obstacle

LEAST_MONTHS = 1


def earliest_end(started_on: date) -> date:
    """The first day on which entry education may end: one month on, its first day not counted."""
    ends: date = started_on + relativedelta(months=LEAST_MONTHS)
    return ends


@dataclass(frozen=True)
class EntryEducationFacts:
    """What a record of entry education is judged on."""

    in_facility: bool
    entered_on: date
    started_on: date
    ended_on: date
    passed_already: bool


def entry_education_obstacles(facts: EntryEducationFacts, *, on: date) -> tuple[Obstacle, ...]:
    """Why entry education may not be recorded as completed."""
    obstacles = list(presence_obstacles(in_facility=facts.in_facility))
    if facts.started_on < facts.entered_on:
        obstacles.append(Obstacle("入所教育的开始日期早于入所日期"))
    if facts.ended_on > on:
        obstacles.append(Obstacle("入所教育尚未结束，不能登记结果"))
    if facts.ended_on < earliest_end(facts.started_on):
        earliest = earliest_end(facts.started_on).isoformat()
        obstacles.append(
            Obstacle(f"入所教育不满一个月，最早于 {earliest} 结束", statutes.ENTRY_EDUCATION)
        )
    if facts.passed_already:
        obstacles.append(Obstacle("已有合格的入所教育记录"))
    return tuple(obstacles)
