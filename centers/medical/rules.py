"""戒毒医疗中心的规则：who may take a drug test, and what a detox conclusion stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from centers.presence import presence_obstacles
from rehab import statutes
from rehab.refusal import Obstacle

TEST_NEGATIVE = "test_negative"  # word of states.DetoxCriterion
NEGATIVE = "negative"  # word of DrugTest.Result


@dataclass(frozen=True)
class DrugTestFacts:
    """What a drug test is judged on."""

    in_facility: bool
    entered_at: datetime
    tested_at: datetime
    same_person: bool
    second_works_here: bool
    womans_urine: bool
    both_women: bool  # the two who take it


def drug_test_obstacles(facts: DrugTestFacts, *, at: datetime) -> tuple[Obstacle, ...]:
    """Why a test may not be recorded: two people take it, women's urine is taken by women."""
    obstacles = list(presence_obstacles(in_facility=facts.in_facility))
    if facts.tested_at > at:
        obstacles.append(Obstacle("检测时间不能晚于现在"))
    if facts.tested_at < facts.entered_at:
        obstacles.append(Obstacle("检测时间早于入所时间"))
    if facts.same_person:
        obstacles.append(Obstacle("检测须由两人进行，请另选一名检测人", statutes.TWO_TESTERS))
    elif not facts.second_works_here:
        obstacles.append(Obstacle("另一名检测人须是本所在岗人员", statutes.TWO_TESTERS))
    if facts.womans_urine and not facts.both_women:
        obstacles.append(
            Obstacle(
                "采集女性的尿液须由女性工作人员进行，请换人或者改采其他样本", statutes.TWO_TESTERS
            )
        )
    return tuple(obstacles)


def detox_passed(met: Mapping[str, bool]) -> bool:
    """合格 when every one of the five criteria is met."""
    return all(met.values())


def detox_obstacles(
    *, in_facility: bool, met: Mapping[str, bool], latest_result: str | None
) -> tuple[Obstacle, ...]:
    """Why a conclusion may not be recorded. `latest_result` is that of the last valid own test."""
    obstacles = list(presence_obstacles(in_facility=in_facility))
    if met[TEST_NEGATIVE] and latest_result is None:
        obstacles.append(
            Obstacle("“毒品检测呈阴性”没有所内检测记录，请先登记检测", statutes.DETOX_CRITERIA)
        )
    elif met[TEST_NEGATIVE] and latest_result != NEGATIVE:
        obstacles.append(
            Obstacle("“毒品检测呈阴性”与最近一次所内检测结果不符", statutes.DETOX_CRITERIA)
        )
    return tuple(obstacles)
