"""What a province sets about contacts after release: how often."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value

from aftercare import selectors
from aftercare.actions.agreements import CONTACT_RULE, set_contact_rule
from aftercare.models import ContactRule
from rehab.models import Bureau, User
from rehab.provincial import RuleSet, rows_of
from rehab.refusal import Obstacle
from rehab.rules.provincial import Part

PARTS = (Part("interval_days", "两次联系间隔", "日", lowest=1, highest=365),)


def _rows(province: Bureau) -> QuerySet[Any, Any]:
    return rows_of(
        ContactRule.objects.filter(province=province),
        code=Value(CONTACT_RULE),
        parts=[part.name for part in PARTS],
    )


def _judge(province: Bureau, effective_from: date, values: Any) -> tuple[Obstacle, ...]:
    return selectors.contact_rule_obstacles(province, effective_from, values["interval_days"])


def _write(province: Bureau, effective_from: date, values: Any, *, by: User, at: datetime) -> None:
    set_contact_rule(province=province, effective_from=effective_from, by=by, at=at, **values)


RULE_SETS = (
    RuleSet(
        code=CONTACT_RULE,
        group="照管",
        label="照管联系",
        parts=PARTS,
        rows=_rows,
        judge=_judge,
        write=_write,
    ),
)
