"""转所的规则。Pure: facts in; days and reasons out. The law that we hold is silent on it: see ADR-0037."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import calendar_days_after

APPROVED_WITHIN = timedelta(days=1)  # calendar days for the answer, the first not counted
ROAD_HOURS = timedelta(hours=24)  # from gate to gate; 未经确认
FAMILY_DAYS = 5  # calendar days from the reception, as from an entry; 未经确认

COUNTED = {"papers": "档案材料", "belongings": "代管物品", "medicines": "药品"}


def late_at(departed_at: datetime) -> datetime:
    """From when whoever left and has not arrived is looked for."""
    return departed_at + ROAD_HOURS


def family_due_on(received_on: date) -> date:
    """The last day on which the family is told where he is now."""
    return calendar_days_after(received_on, FAMILY_DAYS)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked for."""

    note: str
    planned_on: date
    same_facility: bool
    needs_note: bool  # 其他 says what


def plan_obstacles(plan: Plan, *, ends_on: date, on: date) -> tuple[Obstacle, ...]:
    """Why a transfer may not be asked for as it stands."""
    found = []
    if plan.same_facility:
        found.append(Obstacle("“接收场所”就是此人所在场所，请另选"))
    if plan.planned_on < on:
        found.append(Obstacle("“计划移交日期”早于今天，请改正"))
    if plan.planned_on > ends_on:
        found.append(Obstacle(f"“计划移交日期”晚于期满日 {ends_on}，到期从本所解除，请改正"))
    if plan.needs_note and not plan.note.strip():
        found.append(Obstacle("事由为“其他”的，“说明”不能为空，请填写"))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Handover:
    """What goes with him, and who takes him there."""

    escorts: str
    papers: int
    belongings: int
    medicines: int
    person_told: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, by the code of `COUNTED`."""
        return {name: getattr(self, name) for name in COUNTED}


def handover_obstacles(handover: Handover) -> tuple[Obstacle, ...]:
    """Why he is not handed over as it stands."""
    found = []
    if not handover.escorts.strip():
        found.append(Obstacle("“押送民警”不能为空，请填写姓名"))
    if not handover.person_told:
        found.append(Obstacle("请先告知本人转往何处和理由，再勾选“已告知本人”"))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Reception:
    """What came with him, and in what it differs from what the sheet says."""

    papers: int
    belongings: int
    medicines: int
    differences: str

    @property
    def counts(self) -> dict[str, int]:
        """How many of each, by the code of `COUNTED`."""
        return {name: getattr(self, name) for name in COUNTED}


def differing(handed: Mapping[str, int], found: Mapping[str, int]) -> tuple[str, ...]:
    """What is not as many as the sheet says, in words."""
    return tuple(
        f"{label}移交 {handed[name]}、实收 {found[name]}"
        for name, label in COUNTED.items()
        if handed[name] != found[name]
    )


def reception_obstacles(reception: Reception, *, handed: Mapping[str, int]) -> tuple[Obstacle, ...]:
    """Why a reception is not written down as it stands. What is missing is noted; it keeps nobody out."""
    words = differing(handed, reception.counts)
    if words and not reception.differences.strip():
        said = f"{'；'.join(words)}，请在“差异”写明；件数不符不影响接收"
        return (Obstacle(said),)
    return ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the person stands who is to be moved."""

    status_label: str
    in_facility: bool
    out_for: str  # at a hospital or a court, in a word; empty for who is here
    open_transfer: str  # its state; empty: none
    revoked: bool = False  # the decision on him: he is let go at once


def proposal_obstacles(standing: Standing) -> tuple[Obstacle, ...]:
    """Why nobody may ask for his transfer now, whatever it says."""
    if not standing.in_facility:
        return (Obstacle(f"此人现为“{standing.status_label}”，不在所内，不能提请转所"),)
    if standing.open_transfer:
        return (Obstacle(f"已有一件转所正在办理（{standing.open_transfer}）"),)
    return _revoked(standing, "提请转所")


def _revoked(standing: Standing, act: str) -> tuple[Obstacle, ...]:
    """Whom nothing holds any more is brought nowhere."""
    if not standing.revoked:
        return ()
    return (Obstacle(f"决定已登记撤销，不再{act}，请立即办理离所", statutes.UNLAWFUL_CUSTODY),)


def departure_obstacles(
    standing: Standing, *, ends_on: date, released_early: bool, on: date
) -> tuple[Obstacle, ...]:
    """Why he may not leave on the road now; `released_early`: by a decision that nobody has confirmed yet."""
    if not standing.in_facility:
        return (Obstacle(f"此人现为“{standing.status_label}”，不在所内，不能移交"),)
    found = [*_revoked(standing, "移交")]
    if standing.out_for:
        found.append(Obstacle(f"此人已离所（{standing.out_for}），请先办理回所登记，再移交"))
    if on >= ends_on:
        found.append(Obstacle(f"期满日为 {ends_on}，不再移交，请办理解除"))
    elif released_early:
        found.append(Obstacle("提前解除决定载明的期满日已到，请先确认并办理解除，不再移交"))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What decides whether an officer may take the next step."""

    act: str
    legal: bool
    state_label: str
    of_that_side: bool
    side: str  # whose step it is
    signed_as: str = ""  # what this officer signed already and bars him now


def step_obstacles(step: Step) -> tuple[Obstacle, ...]:
    """Why this officer may not take it now."""
    return tuple(_of_step(step))


def _of_step(step: Step) -> Iterator[Obstacle]:
    if not step.legal:
        yield Obstacle(f"此件转所现为“{step.state_label}”，不能{step.act}，请刷新页面查看")
        return
    if not step.of_that_side:
        yield Obstacle(f"此件转所由{step.side}{step.act}，不由您所在单位办理")
    if step.signed_as:
        yield Obstacle(f"您已以{step.signed_as}人签字，{step.act}须由另一人办理")
