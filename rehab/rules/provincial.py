"""省级规则: what a version changes, whether that is stricter or looser, and what it then needs.

A limit on the house may be made stricter freely, looser only with a document number; so may what is
asked of a person be made heavier. See ADR-0008.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rehab.refusal import Obstacle

Value = int | str | list[str] | None
Values = Mapping[str, Value]


class Effect(StrEnum):
    """What a change does; the words are shown."""

    STRICTER = "对场所从严"
    LOOSER = "对场所放宽"
    HEAVIER = "对本人加重"
    LIGHTER = "对本人减轻"


@dataclass(frozen=True)
class Part:
    """One thing that a rule says. `more` and `less` are the effects of a greater or a smaller value;

    of a set, those of something added or taken away.
    """

    name: str
    label: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False  # a set of choices
    required: bool = True
    lowest: int = 0
    highest: int = 3_660
    more: Effect = Effect.LOOSER
    less: Effect = Effect.STRICTER

    def words(self, value: Value) -> str:
        """A value as a page says it."""
        labels = dict(self.choices)
        if isinstance(value, list):
            return "、".join(labels.get(one, one) for one in value) or "无"
        if value in (None, ""):
            return "无"
        return labels.get(str(value), f"{value} {self.unit}".strip())


@dataclass(frozen=True)
class Change:
    """One part of a rule that is not as it was."""

    label: str
    before: str
    after: str
    effects: tuple[Effect, ...]

    @property
    def needs_document(self) -> bool:
        return bool({Effect.LOOSER, Effect.HEAVIER} & set(self.effects))


def changes(parts: Sequence[Part], before: Values | None, after: Values) -> tuple[Change, ...]:
    """What is not as it was; of a first version, every part, without an effect."""
    found = []
    for part in parts:
        new = after.get(part.name)
        old = before.get(part.name) if before is not None else None
        if before is not None and old == new:
            continue
        found.append(
            Change(
                part.label,
                part.words(old) if before is not None else "未设",
                part.words(new),
                _effects(part, old, new) if before is not None else (),
            )
        )
    return tuple(found)


def _effects(part: Part, old: Value, new: Value) -> tuple[Effect, ...]:
    if part.choices:
        was, now = _as_set(old), _as_set(new)
        return (*((part.more,) if now - was else ()), *((part.less,) if was - now else ()))
    assert isinstance(old, int)
    assert isinstance(new, int)
    return (part.more if new > old else part.less,)


def _as_set(value: Value) -> set[str]:
    if isinstance(value, list):
        return set(value)
    return {str(value)} if value else set()


def proposal_obstacles(
    *,
    found: Collection[Change],
    effective_from: date,
    on: date,
    document_number: str,
    open_already: bool,
) -> tuple[Obstacle, ...]:
    """Why a version may not be proposed so."""
    obstacles = []
    if not found:
        obstacles.append(Obstacle("与现行的规则相同，没有要改的内容"))
    if open_already:
        obstacles.append(Obstacle("这项规则已有一份待确认的拟定稿，请先确认、退回或者撤回"))
    if not document_number.strip():
        grave = [change.label for change in found if change.needs_document]
        if grave:
            obstacles.append(
                Obstacle(f"“{'、'.join(grave)}”对场所放宽或者对本人加重，须填写依据的文号")
            )
        if effective_from < on:
            obstacles.append(Obstacle("施行日期早于今天的，须填写依据的文号"))
    return tuple(obstacles)


def decision_obstacles(
    *, open_: bool, same_person: bool, act: str, own_act: bool = False
) -> tuple[Obstacle, ...]:
    """Why this officer may not confirm, return or withdraw a proposal; `own_act`: only the proposer may."""
    if not open_:
        return (Obstacle("这份拟定稿已经有人处理，请刷新页面查看"),)
    if own_act and not same_person:
        return (Obstacle("拟定稿由拟定人撤回；您可以退回"),)
    if same_person and not own_act:
        return (Obstacle(f"拟定和确认须由两人办理，本人拟定的不能由本人{act}"),)
    return ()
