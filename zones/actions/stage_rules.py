"""A province sets how long a stage lasts and what leaving it needs."""

from datetime import date, datetime

from django.db import transaction

from centers.states import AssessmentKind
from rehab.ledgers import deadlines, events
from rehab.models import Bureau, Case, Event, User
from rehab.refusal import Refused
from rehab.states import Stage
from zones import selectors
from zones.models import StageRule


@transaction.atomic
def set_stage_rule(
    *,
    province: Bureau,
    stage: Stage,
    effective_from: date,
    minimum_days: int,
    target_days: int,
    maximum_days: int,
    needs_assessment: AssessmentKind | None,
    by: User,
    at: datetime,
) -> StageRule:
    """设定分期规则: a new row from a day on, never an edited one; the deadlines it moves follow at once."""
    rule = lay_down(
        province=province,
        stage=stage,
        effective_from=effective_from,
        minimum_days=minimum_days,
        target_days=target_days,
        maximum_days=maximum_days,
        needs_assessment=needs_assessment,
        by=by,
        at=at,
    )
    deadlines.rebuild(
        Case.objects.in_custody().filter(facility__province=province).order_by("number").iterator()
    )
    return rule


@transaction.atomic
def lay_down(
    *,
    province: Bureau,
    stage: Stage,
    effective_from: date,
    minimum_days: int,
    target_days: int,
    maximum_days: int,
    needs_assessment: AssessmentKind | None,
    by: User,
    at: datetime,
) -> StageRule:
    """The rule alone; whoever lays it down brings the deadlines to it."""
    province = Bureau.objects.select_for_update(of=("self",)).get(pk=province.pk)

    Refused.if_any(
        selectors.stage_rule_obstacles(
            province,
            stage,
            effective_from,
            minimum=minimum_days,
            target=target_days,
            maximum=maximum_days,
        )
    )

    rule = StageRule.objects.create(
        province=province,
        stage=stage,
        effective_from=effective_from,
        minimum_days=minimum_days,
        target_days=target_days,
        maximum_days=maximum_days,
        needs_assessment=needs_assessment or "",
        set_by=by,
        set_at=at,
    )

    events.record(
        province, Event.Kind.RULE_SET, by=by, at=at, rule=code_of(stage), stage_rule=str(rule.pk)
    )
    return rule


def code_of(stage: str) -> str:
    """What a stage's rule is called among the rule sets of a province."""
    return f"stage-{stage}"
