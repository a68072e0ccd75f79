"""What a province sets about the four stages: how long each lasts, and what leaving it needs."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from centers.states import AssessmentKind
from rehab.models import Bureau, User
from rehab.provincial import RuleSet, code_by, rows_of
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


def _rows(province: Bureau) -> QuerySet[Any, Any]:
    return rows_of(
        StageRule.objects.filter(province=province),
        code=code_by("stage", code_of, Stage.values),
        parts=[part.name for part in PARTS],
    )


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
        rows=_rows,
        judge=partial(_judge, stage),
        write=partial(_write, stage),
    )
    for stage in Stage
)
