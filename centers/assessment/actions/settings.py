"""What a province asks of an assessment."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from centers.assessment import rules, selectors
from centers.models import AssessmentRule, OpinionRule
from centers.states import AssessmentKind, Need
from rehab.ledgers import events
from rehab.models import Bureau, Event, User
from rehab.refusal import Refused


@transaction.atomic
def set_assessment_rule(
    *,
    province: Bureau,
    kind: AssessmentKind,
    needs: Sequence[Need],
    effective_from: date,
    conduct_pass_mark: int = rules.PASS_MARK,
    due_days: int = rules.DUE_DAYS,
    by: User,
    at: datetime,
) -> AssessmentRule:
    """设定省级诊断评估规则, from a day on; the former one stays for the days before it.

    The nightly plan brings the deadlines of the province to the new rule.
    """
    province = Bureau.objects.select_for_update().get(pk=province.pk)

    Refused.if_any(
        selectors.rule_obstacles(
            province, kind, effective_from, needs=needs, pass_mark=conduct_pass_mark
        )
    )

    rule = AssessmentRule.objects.create(
        province=province, kind=kind, effective_from=effective_from, needs=list(needs),
        conduct_pass_mark=conduct_pass_mark, due_days=due_days, set_by=by, set_at=at,
    )  # fmt: skip

    events.record(
        province,
        Event.Kind.RULE_SET,
        by=by,
        at=at,
        rule=code_of(kind),
        assessment_rule=str(rule.pk),
    )
    return rule


def code_of(kind: str) -> str:
    """What the rule of an assessment is called among the rule sets of a province."""
    return f"assessment-{kind.replace('_', '-')}"


OPINION_RULE = "opinion-notice"


@transaction.atomic
def set_opinion_rule(
    *,
    province: Bureau,
    effective_from: date,
    notice_days: int,
    review_days: int,
    by: User,
    at: datetime,
) -> OpinionRule:
    """设定公示天数和复核期限 of a province, from a day on; what is on notice keeps its own days."""
    province = Bureau.objects.select_for_update().get(pk=province.pk)

    Refused.if_any(
        selectors.opinion_rule_obstacles(
            province, effective_from, notice_days=notice_days, review_days=review_days
        )
    )

    rule = OpinionRule.objects.create(
        province=province, effective_from=effective_from, notice_days=notice_days,
        review_days=review_days, set_by=by, set_at=at,
    )  # fmt: skip

    events.record(
        province, Event.Kind.RULE_SET, by=by, at=at, rule=OPINION_RULE, opinion_rule=str(rule.pk)
    )
    return rule
