"""外出探视的规则。Pure: what is asked for in; why it may not be, out. Recalled limits are on, ADR-0038."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rehab import statutes
from rehab.refusal import Obstacle

INCENTIVE = (
    "incentive"  # word of states.OutingGround: the one ground that needs no proof from outside
)
LINEAL = frozenset(
    {"spouse", "parent", "child", "grandparent", "grandchild"}
)  # words of states.Kin
LONGEST = 10  # calendar days with the way there and back, both ends counted; recalled
APPROVED_WITHIN = timedelta(days=1)  # a family that waits; the house's own


@dataclass(frozen=True, kw_only=True)
class OutingRequest:
    """Why, to whom, where, on what proof, from when to when, and who goes with him."""

    ground: str
    kin: str
    whom: str
    place: str
    leaves_on: date
    returns_on: date
    proof_by: str = ""
    papers: str = ""
    escorts: str = ""

    @property
    def days(self) -> int:
        """Calendar days, the first and the last counted."""
        return (self.returns_on - self.leaves_on).days + 1


def request_obstacles(request: OutingRequest, *, ends_on: date, on: date) -> tuple[Obstacle, ...]:
    """Why this may not be asked for, nor approved, on a day."""
    return tuple(_of_request(request, ends_on, on))


def _of_request(request: OutingRequest, ends_on: date, on: date) -> Iterator[Obstacle]:
    if request.kin not in LINEAL:
        yield Obstacle("外出只可以探视配偶、直系亲属，请改正“与本人关系”", statutes.VISITS)
    for label, words in (("探视何人", request.whom), ("探视地点", request.place)):
        if not words.strip():
            yield Obstacle(f"“{label}”不能为空，请填写")
    if request.ground != INCENTIVE and not (request.proof_by and request.papers.strip()):
        message = "凭医院、派出所、所在单位或者街道的证明批准，请填写“证明出具单位”和“证明材料”"
        yield Obstacle(message, statutes.OUTING)
    yield from _of_days(request, ends_on, on)


def _of_days(request: OutingRequest, ends_on: date, on: date) -> Iterator[Obstacle]:
    if request.returns_on < request.leaves_on:
        yield Obstacle("“回所日期”早于外出日期，请改正")
    elif request.days > LONGEST:
        message = f"外出连同路途共 {request.days} 日，不得超过 {LONGEST} 日，请改正“回所日期”"
        yield Obstacle(message, statutes.OUTING_LIMIT)
    if request.returns_on < on:
        yield Obstacle("“回所日期”已过，请改正日期")
    if request.returns_on > ends_on:
        message = f"“回所日期”晚于期满日 {ends_on}，当日应当办理解除，请改为期满日或者之前"
        yield Obstacle(message, statutes.RELEASE_ON_EXPIRY)


def going_obstacles(
    *, leaves_on: date, returns_on: date, left_on: date, ends_on: date
) -> tuple[Obstacle, ...]:
    """Why nobody leaves on this day: it is not one that was approved, or his last day has moved since."""
    found = []
    if not leaves_on <= left_on <= returns_on:
        message = (
            f"批准的外出日期为 {leaves_on} 至 {returns_on}，{left_on} 不在其内，请核对“离所时间”"
        )
        found.append(Obstacle(message, statutes.VISITS))
    if returns_on > ends_on:
        message = (
            f"期满日现为 {ends_on}，早于批准的回所日期 {returns_on}，"
            "不能凭此外出，请撤回后按现在的期满日另行提请"
        )
        found.append(Obstacle(message, statutes.RELEASE_ON_EXPIRY))
    return tuple(found)
