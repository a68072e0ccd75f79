"""What a province records about the term: which day its decisions print as the last one."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value

from rehab.actions.term_ends import END_CONVENTION, set_end_convention
from rehab.models import Bureau, EndConvention, User
from rehab.provincial import RuleSet, rows_of
from rehab.refusal import Obstacle
from rehab.rules.provincial import Effect, Part
from rehab.selectors.term import end_convention_obstacles

PARTS = (
    Part(
        "prints", "载明方式", choices=tuple(EndConvention.Print.choices), several=True,
        required=False, more=Effect.LOOSER, less=Effect.STRICTER,
    ),
)  # fmt: skip


def _rows(province: Bureau) -> QuerySet[Any, Any]:
    return rows_of(
        EndConvention.objects.filter(province=province),
        code=Value(END_CONVENTION),
        parts=[part.name for part in PARTS],
    )


def _judge(province: Bureau, effective_from: date, values: Any) -> tuple[Obstacle, ...]:
    return end_convention_obstacles(province, effective_from)


def _write(province: Bureau, effective_from: date, values: Any, *, by: User, at: datetime) -> None:
    set_end_convention(province=province, effective_from=effective_from, by=by, at=at, **values)


RULE_SETS = (
    RuleSet(
        code=END_CONVENTION,
        group="期限",
        label="期满日的载明方式",
        parts=PARTS,
        rows=_rows,
        judge=_judge,
        write=_write,
        until_set={"prints": []},
    ),
)
