"""书面通知家属: the proof that it was sent, or the lawful reason why nobody is told."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from rehab import statutes
from rehab.refusal import Obstacle


class NoNotice(StrEnum):
    """Why nobody of the family is told. That it is unwelcome or inconvenient is none."""

    UNKNOWN = "unknown"
    NO_FAMILY = "no_family"
    UNREACHABLE = "unreachable"
    WITHHELD = "withheld"


WORDS: Mapping[NoNotice, Obstacle] = MappingProxyType(
    {
        NoNotice.UNKNOWN: Obstacle("身份不明，待查清后通知", statutes.DECISION_SERVED),
        NoNotice.NO_FAMILY: Obstacle("经查没有家属"),
        NoNotice.UNREACHABLE: Obstacle("家属地址、电话均无法查实，通知无法送达"),
        NoNotice.WITHHELD: Obstacle("本人拒绝提供家属情况，经查仍不明"),
    }
)


def sending_obstacles(*, recipient: str, proof: str) -> tuple[Obstacle, ...]:
    """Why a notice may not be recorded as sent."""
    return tuple(_sending(recipient, proof))


def _sending(recipient: str, proof: str) -> Iterator[Obstacle]:
    if not recipient.strip():
        yield Obstacle("“收件人”不能为空，请填写家属姓名")
    if not proof.strip():
        message = "“寄送凭证”不能为空，邮寄的填写挂号信或者快递单号，当面交付的填写签收人"
        yield Obstacle(message, statutes.FAMILY_NOTICE)


def silence_obstacles(*, reason: str, officer: str, second: str | None) -> tuple[Obstacle, ...]:
    """Why it may not be recorded that nobody is told; the officers by their keys."""
    return tuple(_silence(reason, officer, second))


def _silence(reason: str, officer: str, second: str | None) -> Iterator[Obstacle]:
    if not reason.strip():
        yield Obstacle("“不能通知的原因”不能为空，请写明查找的经过", statutes.FAMILY_NOTICE)
    if second is None:
        yield Obstacle("不通知家属须由另一名民警核实，请选择“核实民警”", statutes.FAMILY_NOTICE)
    elif second == officer:
        yield Obstacle("“核实民警”须是另一名民警，请重新选择")
