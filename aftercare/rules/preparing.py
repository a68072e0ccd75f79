"""解除准备的规则。Pure: who fetches somebody, and how he travels where nobody does. Nothing of it keeps him."""

from dataclasses import dataclass
from datetime import date

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import calendar_days_before

NOBODY, LODGING = "nobody", "lodging"  # words of states.FetchedBy and states.WayHome
OPENS_DAYS = 30  # calendar days before the last day from which it can be written down
DUE_DAYS = 7  # before the last day: the letters that go out three days before it say who comes; the house's own


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What was arranged."""

    fetched_by: str
    who: str = ""
    way: str = ""
    where: str = ""
    chosen_on: date | None = None


def opens_on(ends_on: date) -> date:
    """The first day on which it can be written down."""
    return calendar_days_before(ends_on, OPENS_DAYS)


def due_on(*, ends_on: date, known_on: date) -> date:
    """The day by which it is to be written down; at once where less remains."""
    return max(calendar_days_before(ends_on, DUE_DAYS), known_on)


def preparation_obstacles(
    one: Preparation, *, in_custody: bool, status: str, ends_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why this is not written down as it stands. `status` is the label of the case's status."""
    if not in_custody:
        return (Obstacle(f"此人现为“{status}”，不再登记解除准备"),)
    if on < (opens := opens_on(ends_on)):
        return (Obstacle(f"{opens} 起可以登记：期限最后一日是 {ends_on}"),)
    found = []
    if one.fetched_by == NOBODY and not one.way:
        found.append(Obstacle("无人来接的，请选择“怎样离所”", statutes.RELEASE_NOTICE))
    if one.fetched_by != NOBODY and not one.who.strip():
        found.append(Obstacle("“来接的人”不能为空，请填写姓名和联系方式", statutes.RELEASE_NOTICE))
    if one.fetched_by == NOBODY and one.way == LODGING:
        found += _lodging(one, opens, on)
    return tuple(found)


def _lodging(one: Preparation, opens: date, on: date) -> list[Obstacle]:
    """Who is free stays only because he asked for it in writing."""
    if one.chosen_on is None:
        message = "期满即恢复人身自由，暂住只凭本人书面选择，请填写“本人签名日期”"
        return [Obstacle(message, statutes.UNLAWFUL_CUSTODY)]
    if one.chosen_on > on:
        return [Obstacle("“本人签名日期”晚于今天，请改正")]
    if one.chosen_on < opens:
        message = f"“本人签名日期”早于 {opens}，不是为现在的最后一日选择的，请由本人重新签名"
        return [Obstacle(message, statutes.UNLAWFUL_CUSTODY)]
    return []
