"""延长、提前解除决定书送达以后的登记: what its papers must say, and who may confirm it. Pure. 禁毒法第四十七条."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.term_facts import EarlyRelease, Extension, ServedDecision


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A decision of the deciding organ on a term, as served on the person."""

    says: ServedDecision
    number: str
    authority: str
    decided_on: date
    received_on: date
    served_by: str
    unsigned_why: str = ""  # empty: he signed for it himself
    told: str = ""  # whom the deciding organ told of it within 24 hours
    proof: str = ""  # that it was served in time, where it is written down late
    proof_paper: str = ""
    community_refusal: bool = False  # 戒毒条例第三十八条第二款

    def kept(self) -> dict[str, str]:
        """What is written down of how it was served."""
        return {
            "served_by": self.served_by,
            "unsigned_why": self.unsigned_why,
            "told": self.told,
            "proof": self.proof,
            "proof_paper": self.proof_paper,
        }


def paper_obstacles(paper: Paper, *, ends_on: date, on: date) -> tuple[Obstacle, ...]:
    """What the papers contradict or lack; `ends_on` is the day from which the alarm runs."""
    return tuple(_of_paper(paper, ends_on, on))


def _of_paper(paper: Paper, ends_on: date, on: date) -> Iterator[Obstacle]:
    for what, day in (("送达日期", paper.says.served_on), ("收到日期", paper.received_on)):
        if day < paper.decided_on:
            yield Obstacle(f"“{what}”{day} 早于决定日期 {paper.decided_on}，请改正")
        if day > on:
            yield Obstacle(f"“{what}”{day} 还没有到，送达、收到以后再登记")
    if is_late(paper.says, ends_on=ends_on, on=on) and not (paper.proof and paper.proof_paper):
        message = (
            f"期满日 {ends_on} 已过才登记延长决定：须写明期满前已经送达的证明和文书号，"
            "并由省级戒毒管理局复核；没有证明的，请办理解除"
        )
        yield Obstacle(message, statutes.RELEASE_ON_EXPIRY)


def is_late(says: ServedDecision, *, ends_on: date, on: date) -> bool:
    """Whether it lengthens a term whose last day has passed: no click of the facility's ends the alarm."""
    return isinstance(says, Extension) and on > ends_on


def confirmer_obstacles(
    *, late: bool, ends_on: date, may_confirm: bool, may_review: bool
) -> tuple[Obstacle, ...]:
    """Why it is for somebody else to confirm: a leader of the facility in time, the bureau after the last day."""
    if late and not may_review:
        message = f"期满日 {ends_on} 已过，须由省级戒毒管理局复核；复核以前超期预警不停"
        return (Obstacle(message, statutes.RELEASE_ON_EXPIRY),)
    if not late and not may_confirm:
        return (Obstacle("由本所所领导确认；期满日过后登记的延长决定才由省级戒毒管理局复核"),)
    return ()


def said(says: ServedDecision) -> str:
    """The decision in words."""
    if isinstance(says, EarlyRelease):
        return f"提前解除，期满日 {says.ends_on}"
    return f"延长 {says.months} 个月"
