"""What a province sets about the four stages: how long each lasts, and what leaving it needs."""

from collections import defaultdict
from datetime import date, datetime
from functools import partial
from typing import Any

from centers.states import AssessmentKind
from rehab.models import Bureau, User
from rehab.provincial import RuleSet, Version, Versions
from rehab.refusal import Obstacle
from rehab.rules.provincial import Effect, Part
from rehab.states import Stage
from zones import selectors
from zones.actions.stage_rules import code_of, lay_down
from zones.models import StageRule

PARTS = (
    Part("minimum_days", "最短天数", "天", more=Effect.HEAVIER, less=Effect.LIGHTER),
    Part("target_days", "应转天数", "天"),
    Part("maximum_days", "最长天数", "天"),
    Part(
        "needs_assessment", "转出所需评估", choices=tuple(AssessmentKind.choices), required=False,
        more=Effect.HEAVIER, less=Effect.LOOSER,
    ),
)  # fmt: skip


def _versions(province: Bureau) -> Versions:
    found: Versions = defaultdict(list)
    rows = StageRule.objects.filter(province=province).select_related("set_by")
    for rule in rows.order_by("-effective_from"):
        values = {part.name: getattr(rule, part.name) for part in PARTS}
        version = Version(rule.effective_from, values, rule.set_by, rule.set_at)
        found[code_of(rule.stage)].append(version)
    return found


def _judge(
    stage: Stage, province: Bureau, effective_from: date, values: Any
) -> tuple[Obstacle, ...]:
    return selectors.stage_rule_obstacles(
        province,
        stage,
        effective_from,
        minimum=values["minimum_days"],
        target=values["target_days"],
        maximum=values["maximum_days"],
    )


def _write(
    stage: Stage, province: Bureau, effective_from: date, values: Any, *, by: User, at: datetime
) -> None:
    lay_down(province=province, stage=stage, effective_from=effective_from, by=by, at=at, **values)


RULE_SETS = tuple(
    RuleSet(
        code=code_of(stage),
        group="分期",
        label=f"{stage.label}期",
        parts=PARTS,
        every_version=_versions,
        judge=partial(_judge, stage),
        write=partial(_write, stage),
    )
    for stage in Stage
)
