"""The clock of the term itself: the last lawful day of everyone in custody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rehab import statutes
from rehab.models import Case
from rehab.rules.days import end_of, start_of
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import FINAL, CaseStatus

EXPIRY = "term.expiry"

CLOCKS = (
    Clock(
        EXPIRY, "期满解除", Category.RELEASE, "办理解除", "aftercare:release-detail",
        lead_days=30, told_on_the_day="facility_leader", alarms="bureau_approver",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class TermFacts:
    decided_on: date
    ends_on: date
    status: str
    ended_at: datetime | None


def facts(cases: Sequence[Case]) -> Mapping[UUID, TermFacts]:
    """One query for the decisions of any number of cases."""
    rows: Any = Case.objects.filter(pk__in=[case.pk for case in cases]).values_list(
        "pk", "decision__decided_on", "ends_on", "status", "ended_at"
    )
    return {key: TermFacts(*rest) for key, *rest in rows}


def expected(facts: TermFacts) -> tuple[Expected, ...]:
    """Release on the last lawful day. Nothing but the term moves it; an escape stops it until recapture."""
    if facts.status == CaseStatus.ESCAPED or (
        facts.status in FINAL and facts.status != CaseStatus.RELEASED
    ):
        return ()
    return (
        Expected(
            EXPIRY,
            opened_at=start_of(facts.decided_on),
            due_at=end_of(facts.ends_on),
            owed_by="intake_officer",
            article=statutes.RELEASE_ON_EXPIRY,
            satisfied_at=facts.ended_at,
        ),
    )
