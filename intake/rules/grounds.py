"""Why somebody is not received: the grounds of a 不予接收通知书, each with its article."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from intake.rules.health import Bar
from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules import codes


class Ground(StrEnum):
    PREGNANT = "pregnant"
    NURSING = "nursing"
    NO_DECISION = "no_decision"
    NOT_THE_PERSON = "not_the_person"
    TERM_OVER = "term_over"
    CARRIED_OUT = "carried_out"
    OTHER = "other"


OF_WOMEN = frozenset({Ground.PREGNANT, Ground.NURSING})
OF_BAR: Mapping[Bar, Ground] = MappingProxyType(
    {Bar.PREGNANT: Ground.PREGNANT, Bar.NURSING: Ground.NURSING}
)

STATED: Mapping[Ground, Obstacle] = MappingProxyType(
    {
        Ground.PREGNANT: Obstacle("怀孕，不适用强制隔离戒毒", statutes.NOT_APPLICABLE),
        Ground.NURSING: Obstacle(
            "正在哺乳自己不满一周岁的婴儿，不适用强制隔离戒毒", statutes.NOT_APPLICABLE
        ),
        Ground.NO_DECISION: Obstacle(
            "没有县级以上公安机关的强制隔离戒毒决定书", statutes.DECISION_GROUNDS
        ),
        Ground.NOT_THE_PERSON: Obstacle(
            "到场人员与决定书所载不是同一人", statutes.ENTRY_HEALTH_CHECK
        ),
        Ground.TERM_OVER: Obstacle("决定书载明的期限已经届满", statutes.RELEASE_ON_EXPIRY),
        Ground.CARRIED_OUT: Obstacle("该决定已由其他场所执行", statutes.DELIVERY),
        Ground.OTHER: Obstacle("其他情形（须写明）"),
    }
)


def open_to(sex: str) -> tuple[Ground, ...]:
    """The grounds that may be given for somebody of this sex."""
    return tuple(ground for ground in Ground if sex == codes.FEMALE or ground not in OF_WOMEN)


def stated(grounds: Sequence[Ground], explanation: str) -> tuple[Obstacle, ...]:
    """The reasons as the notice prints them; 其他情形 in the officer's own words."""
    return tuple(
        Obstacle(explanation) if ground is Ground.OTHER else STATED[ground] for ground in grounds
    )


def ground_obstacles(
    grounds: Sequence[Ground], explanation: str, *, sex: str
) -> tuple[Obstacle, ...]:
    """A refusal gives at least one ground that may be true; 其他情形 is explained."""
    if not grounds:
        return (Obstacle("“不予接收的情形”还没有选，请至少选择一项"),)
    if not set(grounds) <= set(open_to(sex)):
        return (Obstacle("“不予接收的情形”：怀孕、哺乳只用于女性，请改选其他情形"),)
    if Ground.OTHER in grounds and not explanation.strip():
        return (Obstacle("选择“其他情形”的，须在“说明”中写明"),)
    return ()
