"""What the national match says about receiving somebody: who it may be, and what must be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rehab.refusal import Caution, Obstacle


@dataclass(frozen=True)
class Stay:
    """An earlier case found by the match: of the same number, or only of the same name and birth."""

    person: UUID
    by_number: bool
    is_open: bool
    facility: str
    duty_phone: str


def same_person(stays: Sequence[Stay], chosen: UUID | None) -> UUID | None:
    """Who it is: the same number is the same person; otherwise whom the officer chose."""
    return next((stay.person for stay in stays if stay.by_number), chosen)


def match_obstacles(stays: Sequence[Stay], *, chosen: UUID | None) -> tuple[Obstacle, ...]:
    """An open case of the same person is a hard stop, which names whom to call."""
    person = same_person(stays, chosen)
    obstacles = [
        Obstacle(f"此人在{stay.facility}有未结档案，不能接收；请联系其值班电话 {_phone(stay)}")
        for stay in stays
        if stay.is_open and stay.person == person
    ]
    known = {stay.person for stay in stays}
    if chosen is not None and chosen not in known:
        obstacles.append(Obstacle("所选的既往人员不在比对结果中，请重新比对"))
    elif chosen is not None and chosen != person:
        obstacles.append(Obstacle("公民身份号码已与另一人一致，不能关联到所选的人"))
    return tuple(obstacles)


def match_cautions(stays: Sequence[Stay], *, chosen: UUID | None) -> tuple[Caution, ...]:
    """People of the same name and birth who were not taken to be this one: the officer says why."""
    person = same_person(stays, chosen)
    others = [stay for stay in stays if stay.person != person]
    if not others:
        return ()
    open_at = [f"{stay.facility}（值班电话 {_phone(stay)}）" for stay in others if stay.is_open]
    count = len({stay.person for stay in others})
    message = f"有 {count} 名姓名、出生日期相同的人未关联，请说明为何不是同一人"
    if open_at:
        message += f"；其中在{'、'.join(open_at)}有未结档案，请先电话核实"
    return (Caution("namesake", message),)


def _phone(stay: Stay) -> str:
    return stay.duty_phone or "未登记"
