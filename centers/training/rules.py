"""康复训练中心的规则：no fitness test without medical clearance, no value beyond what is plausible."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from centers.measures import MEASURES, Measure
from centers.presence import presence_obstacles
from rehab.refusal import Obstacle


@dataclass(frozen=True)
class FitnessFacts:
    """What a fitness test is judged on."""

    in_facility: bool
    cleared: bool
    entered_on: date
    tested_on: date
    values: Mapping[str, Decimal | int]  # by code of Measure


def fitness_obstacles(facts: FitnessFacts, *, on: date) -> tuple[Obstacle, ...]:
    """Why this test may not be recorded."""
    obstacles = list(presence_obstacles(in_facility=facts.in_facility))
    if not facts.cleared:
        obstacles.append(Obstacle("未经医疗筛查合格，不得进行体能测试"))
    if facts.tested_on > on:
        obstacles.append(Obstacle("测试日期不能晚于今天"))
    if facts.tested_on < facts.entered_on:
        obstacles.append(Obstacle("测试日期早于入所日期"))
    obstacles += [_implausible(measure) for measure in MEASURES if not _fits(measure, facts)]
    return tuple(obstacles)


def _fits(measure: Measure, facts: FitnessFacts) -> bool:
    return measure.lowest <= facts.values[measure.code] <= measure.highest


def _implausible(measure: Measure) -> Obstacle:
    reach = f"{measure.lowest} 到 {measure.highest} {measure.unit}"
    return Obstacle(f"“{measure.label}”应在 {reach}之间")
