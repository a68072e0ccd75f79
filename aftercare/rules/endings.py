"""死亡、决定撤销、变更为社区戒毒: what may be written down of it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from rehab import statutes
from rehab.refusal import Caution, Obstacle
from rehab.rules.days import calendar_days_after, day_of, moment_words


@dataclass(frozen=True, kw_only=True)
class DeathFacts:
    """What is known of a death as it is recorded."""

    died_at: datetime
    learned_at: datetime
    place: str
    manner: str
    established_by: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """That one recipient was told of a death: when, by which means, and who took it down there."""

    audience: str
    told_at: datetime
    means: str
    received_by: str


def death_obstacles(
    facts: DeathFacts, *, entered_at: datetime, at: datetime
) -> tuple[Obstacle, ...]:
    """Why a death is not recorded as it stands."""
    found = []
    if facts.died_at < entered_at:
        found.append(Obstacle("“死亡时间”早于入所时间，请改正"))
    if facts.learned_at < facts.died_at:
        found.append(Obstacle("“得知时间”早于死亡时间，请改正"))
    if facts.learned_at > at:
        found.append(Obstacle("“得知时间”晚于现在，请改正"))
    for label, words in (
        ("死亡地点", facts.place),
        ("死亡经过", facts.manner),
        ("认定人", facts.established_by),
    ):
        if not words.strip():
            found.append(Obstacle(f"“{label}”不能为空，请填写"))
    return tuple(found)


def told_obstacles(
    told: Told, *, died_at: datetime, told_before: datetime | None, at: datetime
) -> tuple[Obstacle, ...]:
    """Why it is not written down so that a recipient was told; what was written once stands."""
    found = []
    if told_before is not None:
        said = f"该对象已于 {moment_words(told_before)} 告知，不必再登记"
        found.append(Obstacle(said, statutes.DEATH))
    if told.told_at > at:
        found.append(Obstacle("“告知时间”晚于现在，请改正"))
    if told.told_at < died_at:
        found.append(Obstacle("“告知时间”早于死亡时间，请改正"))
    if not told.received_by.strip():
        found.append(Obstacle("“接收人”不能为空，请填写姓名和单位；家属写姓名和关系"))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class RevocationFacts:
    """Who revoked the decision, by which paper, and when that was received; the paper may come later."""

    revoked_by: str
    organ: str
    number: str
    revoked_on: date
    received_at: datetime


def revocation_obstacles(
    facts: RevocationFacts, *, decided_on: date, at: datetime
) -> tuple[Obstacle, ...]:
    """Why a revocation is not recorded as it stands. A number that is not known yet is none."""
    found = []
    if not facts.organ.strip():
        found.append(Obstacle("“撤销机关”不能为空，请填写"))
    if facts.revoked_on < decided_on:
        found.append(Obstacle(f"“撤销日期”早于决定日期 {decided_on}，请改正"))
    if facts.revoked_on > day_of(facts.received_at):
        found.append(Obstacle("“收到时间”早于撤销日期，请改正"))
    if facts.received_at > at:
        found.append(Obstacle("“收到时间”晚于现在，请改正"))
    return tuple(found)


ALONE = "no_leader"


def departure_cautions(*, leader: bool, received_on: date, on: date) -> tuple[Caution, ...]:
    """What must be answered as he leaves; none of it keeps him. `leader`: another than who recorded it."""
    found = []
    if not leader:
        message = "不是另一名所领导办理，请说明原因，所领导将收到告知"
        found.append(Caution(ALONE, message))
    if (late := (on - received_on).days) > 0:
        message = f"收到撤销决定已 {late} 日，请说明原因"
        found.append(Caution("kept_on", message, statutes.UNLAWFUL_CUSTODY))
    return tuple(found)


ANSWER_DAYS = 7  # calendar days from the deciding organ's receipt


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What bars the measure altogether, and when that was found. 禁毒法第三十九条."""

    what: str  # a word of states.Inapplicable
    found_at: datetime


def bar_obstacles(
    bar: Bar, *, woman: bool, entered_at: datetime, at: datetime
) -> tuple[Obstacle, ...]:
    """Why it is not written down so that the measure does not apply to somebody."""
    found = []
    if not woman:
        said = "怀孕、哺乳只用于女性，请改选“情形”；性别登记有误的先更正信息"
        found.append(Obstacle(said, statutes.NOT_APPLICABLE))
    if bar.found_at > at:
        found.append(Obstacle("“查明时间”晚于现在，请改正"))
    if bar.found_at < entered_at:
        found.append(Obstacle("“查明时间”早于入所时间，请改正"))
    return tuple(found)


def conversion_answer_due_on(received_on: date) -> date:
    """The last day on which the deciding organ answers."""
    return calendar_days_after(received_on, ANSWER_DAYS)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the deciding organ decided of a conversion."""

    converted: bool
    number: str
    decided_on: date
    reason: str = ""  # why not


def answer_obstacles(answer: Answer, *, received_on: date, on: date) -> tuple[Obstacle, ...]:
    """Why an answer is not recorded as it stands."""
    found = []
    if not answer.number.strip():
        found.append(Obstacle("“决定文号”不能为空，请填写决定机关的文书号", statutes.CONVERTED))
    if answer.decided_on < received_on:
        found.append(Obstacle(f"“决定日期”早于收到日期 {received_on}，请改正"))
    if answer.decided_on > on:
        found.append(Obstacle("“决定日期”晚于今天，请改正"))
    if not answer.converted and not answer.reason.strip():
        found.append(Obstacle("决定不变更的，“不变更的理由”不能为空，请填写"))
    return tuple(found)


def receipt_obstacles(
    *, received_on: date, receipt: str, proposed_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why it is not written down so that the deciding organ received a proposal."""
    found = []
    if received_on < proposed_on:
        found.append(Obstacle(f"“收到日期”早于提请日期 {proposed_on}，请改正"))
    if received_on > on:
        found.append(Obstacle("“收到日期”晚于今天，请改正"))
    if not receipt.strip():
        found.append(Obstacle("“签收人或者回执”不能为空，请填写"))
    return tuple(found)
