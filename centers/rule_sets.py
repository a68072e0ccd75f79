"""What a province sets about assessments: needs, pass mark, and how long each may take."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet, Value

from centers.assessment import rules, selectors
from centers.assessment.actions.settings import (
    OPINION_RULE,
    code_of,
    set_assessment_rule,
    set_opinion_rule,
)
from centers.models import AssessmentRule, OpinionRule
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


# Fewer days on notice, and more under review, are the house's ease at the person's cost.
NOTICED = (
    Part(
        "notice_days", "意见公示天数", "日", lowest=1, highest=60,
        more=Effect.STRICTER, less=Effect.LOOSER,
    ),
    Part("review_days", "异议复核期限", "日", lowest=1, highest=60),
)  # fmt: skip


def _noticed(province: Bureau) -> QuerySet[Any, Any]:
    return rows_of(
        OpinionRule.objects.filter(province=province),
        code=Value(OPINION_RULE),
        parts=[part.name for part in NOTICED],
    )


def _judge_notice(province: Bureau, effective_from: date, values: Any) -> tuple[Obstacle, ...]:
    return selectors.opinion_rule_obstacles(province, effective_from, **values)


def _write_notice(
    province: Bureau, effective_from: date, values: Any, *, by: User, at: datetime
) -> None:
    set_opinion_rule(province=province, effective_from=effective_from, by=by, at=at, **values)


RULE_SETS = (
    *(
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
    ),
    RuleSet(
        code=OPINION_RULE,
        group="诊断评估",
        label="意见公示和异议复核",
        parts=NOTICED,
        rows=_noticed,
        judge=_judge_notice,
        write=_write_notice,
    ),
)
