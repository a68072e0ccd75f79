"""Whether the cautions of an act were answered, in words that a record may keep."""

import re
from collections.abc import Iterable, Mapping

from rehab.refusal import Caution, Obstacle

LONGEST = 200  # characters
_A_NUMBER = re.compile(r"\d{7}")  # a telephone or document number: the record keeps none


def answer_obstacles(
    cautions: Iterable[Caution], answers: Mapping[str, str]
) -> tuple[Obstacle, ...]:
    """Every caution is answered; no answer holds a number of a person."""
    return tuple(
        obstacle
        for caution in cautions
        for obstacle in _judged(caution, answers.get(caution.code, "").strip())
    )


def _judged(caution: Caution, answer: str) -> Iterable[Obstacle]:
    if not answer:
        yield Obstacle(f"请答复提示“{caution.message}”", caution.article)
    elif len(answer) > LONGEST:
        yield Obstacle(f"对提示“{caution.message}”的答复超过 {LONGEST} 个字，请缩短")
    elif _A_NUMBER.search(answer):
        message = f"对提示“{caution.message}”的答复中不要写证件号码或者电话号码"
        yield Obstacle(message)


def kept(cautions: Iterable[Caution], answers: Mapping[str, str]) -> dict[str, str]:
    """What the event keeps, sealed: the answer to each caution that was raised, by its code."""
    return {caution.code: answers[caution.code].strip() for caution in cautions}
