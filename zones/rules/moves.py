"""分区流转的规则。Pure: facts in; days, conditions and reasons out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.conditions import Condition

ADAPTATION, CONSOLIDATION, REENTRY = "02", "03", "04"  # codes of rehab.states.Stage
ENTRY_EDUCATION = relativedelta(months=1)  # 127 号令第四十五条; counted from the zone's first day
ASSESSED_BEFORE = timedelta(days=2)  # calendar days by which the stage assessment precedes the move
NEEDED_BEFORE = timedelta(days=2)  # calendar days by which its records precede the assessment
APPROVED_WITHIN = timedelta(days=1)  # calendar days for the leader's answer, the first not counted

SEEN = frozenset({"alerts", "medicines", "belongings"})  # what the receiving officer looks at

OWNERS = {  # role that owes a condition: how officers call it
    "clinician": "戒毒医疗中心",
    "educator": "教育矫正中心",
    "counsellor": "心理矫治中心",
    "trainer": "康复训练中心",
    "assessor": "诊断评估中心",
    "zone_officer": "所在大队",
    "bureau_approver": "省级戒毒管理局",
}


@dataclass(frozen=True)
class StageDays:
    """A province's rule for one stage, in calendar days from the day the zone was entered."""

    minimum: int
    target: int
    maximum: int


@dataclass(frozen=True)
class MoveFacts:
    """What decides whether a person may move to the next zone."""

    status_label: str
    in_facility: bool
    stage: str  # empty: nowhere yet
    stage_label: str
    next_label: str  # name of the next zone; empty after the last
    entered_on: date | None
    ends_on: date
    days: StageDays | None  # None: the province has set no rule
    reentry_days: StageDays | None  # rule of the last stage, by which the way into it is timed
    assessment: str  # name of the assessment that leaving needs; empty: none
    passed: bool
    parts: tuple[Condition, ...]  # what that assessment still needs or has
    open_move: str  # state of a move under way; empty: none
    of_age_on: date | None = None  # from when he, who lies among minors, is none any more
    transferred: bool = False  # whether a transfer to another facility was ever asked for


@dataclass(frozen=True)
class Schedule:
    """From when a person may move on, by when he should, and by when at the latest."""

    entered_on: date
    opens_on: date
    due_on: date
    latest_on: date

    @property
    def assessment_due_on(self) -> date:
        return max(self.due_on - ASSESSED_BEFORE, self.entered_on)

    @property
    def needs_due_on(self) -> date:
        return max(self.assessment_due_on - NEEDED_BEFORE, self.entered_on)


def schedule(facts: MoveFacts) -> Schedule | None:
    """The days of the way out of a zone; None from the last zone, from nowhere, or without a rule.

    Into 回归指导区 the end of the term leads, where the province says how long that stage lasts: the
    shortest stay in 康复巩固区 then never keeps anybody from preparing for release.
    """
    if facts.days is None or facts.entered_on is None or not facts.next_label:
        return None
    entered, days = facts.entered_on, facts.days
    opens = entered + timedelta(days=days.minimum)
    if facts.stage == CONSOLIDATION and (last := facts.reentry_days) is not None:
        target = facts.ends_on - timedelta(days=last.target)
        opens = min(max(opens, facts.ends_on - timedelta(days=last.maximum)), target)
        due = max(target, entered)
        latest = max(facts.ends_on - timedelta(days=last.minimum), due)
        return Schedule(entered, max(opens, entered), due, latest)
    if facts.stage == ADAPTATION:
        opens = max(opens, entered + ENTRY_EDUCATION)
    due = max(entered + timedelta(days=days.target), opens)
    return Schedule(entered, opens, due, max(entered + timedelta(days=days.maximum), due))


def move_obstacles(facts: MoveFacts, *, on: date) -> tuple[Obstacle, ...]:
    """Why a person may not be proposed for the next zone on a day. Empty means he may."""
    if not facts.in_facility:
        return (Obstacle(f"此人现为“{facts.status_label}”，不在所内，不能转区"),)
    if not facts.stage:
        return (Obstacle("此人尚未安排床位，请先安排床位"),)
    if not facts.next_label:
        return (Obstacle(f"已在{facts.stage_label}区，为最后一区，期满从本区解除"),)
    obstacles = []
    if facts.open_move:
        obstacles.append(Obstacle(f"已有一件转区正在办理（{facts.open_move}）"))
    return (*obstacles, *day_obstacles(facts, on=on), *assessment_obstacles(facts))


def day_obstacles(facts: MoveFacts, *, on: date) -> tuple[Obstacle, ...]:
    """Why it is too early to move on; that the province has set no days is one of the reasons."""
    planned = schedule(facts)
    if facts.days is None or facts.entered_on is None or planned is None:
        return (Obstacle(f"本省尚未设定{facts.stage_label}期的在区天数，请省级戒毒管理局先设定"),)
    obstacles = []
    taught = facts.entered_on + ENTRY_EDUCATION
    if facts.stage == ADAPTATION and on < taught:
        obstacles.append(
            Obstacle(f"入所教育不满一个月，{taught:%Y-%m-%d} 起可转区", statutes.ENTRY_EDUCATION)
        )
    stayed = facts.entered_on + timedelta(days=facts.days.minimum)
    if on < planned.opens_on:
        if facts.stage == CONSOLIDATION and planned.opens_on > stayed:
            obstacles.append(
                Obstacle(f"距期满尚早，{planned.opens_on:%Y-%m-%d} 起可进入{facts.next_label}")
            )
        elif on < stayed:
            obstacles.append(
                Obstacle(
                    f"在{facts.stage_label}区未满最短 {facts.days.minimum} 天，"
                    f"{min(stayed, planned.opens_on):%Y-%m-%d} 起可转区"
                )
            )
    return tuple(obstacles)


def assessment_obstacles(facts: MoveFacts) -> tuple[Obstacle, ...]:
    """What is missing of the assessment that leaving this stage needs, and whose task it is."""
    if not facts.assessment or facts.passed:
        return ()
    missing = [part for part in facts.parts if not part.met]
    if not missing:
        return (Obstacle(f"{facts.assessment}尚未合格，由{OWNERS['assessor']}作出结论"),)
    words = "、".join(f"{part.label}（{owner_label(part.owner)}）" for part in missing)
    return (Obstacle(f"{facts.assessment}尚未合格，还缺：{words}"),)


def owner_label(role: str) -> str:
    """How officers call the post that owes a condition."""
    return OWNERS.get(role, role)


def move_conditions(facts: MoveFacts, *, on: date) -> tuple[Condition, ...]:
    """What lets a person move on, met or not, and whose task each is; none from the last zone."""
    if not facts.next_label:
        return ()
    planned = schedule(facts)
    if facts.days is None or planned is None:
        days = Condition(
            "days", "本省已设定在区天数", False, "bureau_approver", "zones:proposal-create"
        )
    else:
        days = Condition(
            "days",
            "在区天数",
            on >= planned.opens_on,
            "zone_officer",
            "zones:proposal-create",
            detail=f"{planned.opens_on:%Y-%m-%d} 起，应于 {planned.due_on:%Y-%m-%d} 前",
        )
    if not facts.assessment:
        return (days,)
    assessed = Condition(
        "assessment",
        f"{facts.assessment}合格",
        facts.passed,
        "assessor",
        "centers:assessment-create",
    )
    return (days, assessed, *(() if facts.passed else facts.parts))


def to_be_asked(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """What is unmet and another post's task; the assessment itself only once its records are there."""
    unmet = tuple(one for one in conditions if not one.met and one.owner != "zone_officer")
    records = tuple(one for one in unmet if one.code != "assessment")
    return records or unmet


def asking_obstacles(
    condition: Condition | None, *, asked: bool, of_that_unit: bool, unit_name: str
) -> tuple[Obstacle, ...]:
    """Why this officer may not ask for a condition now: only his own people's, once a day each."""
    if condition is None or condition.met:
        return (Obstacle("这一项已经具备或者不再需要，请刷新页面查看"),)
    label, owner = condition.label, owner_label(condition.owner)
    if condition.owner == "zone_officer":
        return (Obstacle(f"“{label}”由{owner}自行办理，不必请其他岗位"),)
    obstacles = []
    if not of_that_unit:
        obstacles.append(Obstacle(f"此人在{unit_name}，由该大队民警请办理"))
    if asked:
        obstacles.append(Obstacle(f"今天已请{owner}办理“{label}”，明天仍未办理的可以再请"))
    return tuple(obstacles)


@dataclass(frozen=True)
class Signing:
    """What decides whether an officer may put the next signature to a move."""

    act: str  # 审批, 签收, 退回, 撤回
    legal: bool  # the edge exists from where the move stands
    state_label: str
    unit_name: str  # the 大队 that must sign
    of_that_unit: bool
    signed_as: str = ""  # 提请, 审批: what this officer has signed already and bars him now


def signing_obstacles(signing: Signing) -> tuple[Obstacle, ...]:
    """Why this officer may not sign this act now."""
    if not signing.legal:
        return (Obstacle(f"此件转区现为“{signing.state_label}”，不能{signing.act}"),)
    obstacles = []
    if not signing.of_that_unit:
        obstacles.append(
            Obstacle(f"此件转区由{signing.unit_name}{signing.act}，不由您所在单位办理")
        )
    if signing.signed_as:
        obstacles.append(
            Obstacle(f"您已以{signing.signed_as}人签字，{signing.act}须由另一名民警办理")
        )
    return tuple(obstacles)


def seen_obstacles(seen: frozenset[str]) -> tuple[Obstacle, ...]:
    """Why a receiving officer may not sign yet: he looks at alerts, medicines and belongings first."""
    if seen >= SEEN:
        return ()
    return (Obstacle("请先查看提示，并当面核对随身药品和物品，再签收"),)


def stage_rule_obstacles(
    *, minimum: int, target: int, maximum: int, known: bool
) -> tuple[Obstacle, ...]:
    """Why a stage rule may not be set: its days out of order, or that day has one already."""
    obstacles = []
    if not 0 <= minimum <= target <= maximum:
        obstacles.append(Obstacle("天数应为：最短 ≤ 应转 ≤ 最长，且不小于 0"))
    if known:
        obstacles.append(Obstacle("该期在该日已有施行的规则，请另选施行日期"))
    return tuple(obstacles)
