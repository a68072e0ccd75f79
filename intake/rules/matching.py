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
    same_name: bool = True
    same_sex: bool = True
    same_birth: bool | None = True  # None: one of the two is not known

    @property
    def differs_in(self) -> tuple[str, ...]:
        """Particulars in which the papers and the earlier file do not agree."""
        agreeing = (
            ("姓名", self.same_name),
            ("性别", self.same_sex),
            ("出生日期", self.same_birth is not False),
        )
        return tuple(label for label, agrees in agreeing if not agrees)


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
    """What the officer must answer: a number whose bearer is somebody else by name, and namesakes."""
    return (*_of_another_name(stays), *_namesakes(stays, chosen))


def _of_another_name(stays: Sequence[Stay]) -> tuple[Caution, ...]:
    """One slip in a number leads to a stranger's file: it is opened only for a reason."""
    labels = {label: None for stay in stays if stay.by_number for label in stay.differs_in}
    if not labels:
        return ()
    message = (
        f"公民身份号码与既往档案一致，但{'、'.join(labels)}不一致：请核对号码；"
        "确是同一人的，说明不一致的原因（更名、登记有误等）"
    )
    return (Caution("number_of_another", message),)


def _namesakes(stays: Sequence[Stay], chosen: UUID | None) -> tuple[Caution, ...]:
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
