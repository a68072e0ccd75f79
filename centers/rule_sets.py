"""What a province sets about assessments: needs, pass mark, and how long each may take."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from centers.assessment import rules, selectors
from centers.assessment.actions.settings import code_of, set_assessment_rule
from centers.models import AssessmentRule
from centers.states import AssessmentKind, Need
from rehab.models import Bureau, User
from rehab.provincial import RuleSet, code_by, rows_of
from rehab.refusal import Obstacle
from rehab.rules.provincial import Effect, Part

NEEDS = Part(
    "needs", "所需事项", choices=tuple(Need.choices), several=True,
    more=Effect.HEAVIER, less=Effect.LOOSER,
)  # fmt: skip
PASS_MARK = Part(
    "conduct_pass_mark", "行为表现合格分", "分", highest=rules.FULL_MARK,
    more=Effect.HEAVIER, less=Effect.LIGHTER,
)  # fmt: skip
WITHIN = Part("due_days", "满一年后多少日内办结", "日", lowest=1, highest=365)
BEFORE = Part(
    "due_days", "期满前多少日办结", "日", lowest=1, highest=365,
    more=Effect.STRICTER, less=Effect.LOOSER,
)  # fmt: skip


def _parts(kind: AssessmentKind) -> tuple[Part, ...]:
    """The stage assessments are due by the stage rules; only the comprehensive ones have days of their own."""
    if kind == AssessmentKind.ONE_YEAR:
        return (NEEDS, PASS_MARK, WITHIN)
    if kind == AssessmentKind.PRE_EXPIRY:
        return (NEEDS, PASS_MARK, BEFORE)
    return (NEEDS, PASS_MARK)


def _rows(province: Bureau) -> QuerySet[Any, Any]:
    return rows_of(
        AssessmentRule.objects.filter(province=province),
        code=code_by("kind", code_of, AssessmentKind.values),
        parts=["needs", "conduct_pass_mark", "due_days"],
    )


def _judge(
    kind: AssessmentKind, province: Bureau, effective_from: date, values: Any
) -> tuple[Obstacle, ...]:
    return selectors.rule_obstacles(
        province, kind, effective_from, needs=values["needs"], pass_mark=values["conduct_pass_mark"]
    )


def _write(
    kind: AssessmentKind,
    province: Bureau,
    effective_from: date,
    values: Any,
    *,
    by: User,
    at: datetime,
) -> None:
    set_assessment_rule(
        province=province, kind=kind, effective_from=effective_from, by=by, at=at, **values
    )


RULE_SETS = tuple(
    RuleSet(
        code=code_of(kind),
        group="诊断评估",
        label=kind.label,
        parts=_parts(kind),
        rows=_rows,
        judge=partial(_judge, kind),
        write=partial(_write, kind),
    )
    for kind in AssessmentKind
)
