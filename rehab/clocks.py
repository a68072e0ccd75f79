"""The clocks of the term itself: the last lawful day of everyone in custody, and what waits to move it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from rehab import statutes
from rehab.db.prepared import Among, Prepared
from rehab.models import Case, TermDecision
from rehab.rules.days import end_of, start_of
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import FINAL, CaseStatus

EXPIRY = "term.expiry"
DECISION = "term.decision"

CLOCKS = (
    Clock(
        EXPIRY, "期满解除", Category.RELEASE, "办理解除", "aftercare:release-detail",
        lead_days=30, told_on_the_day="facility_leader", alarms="bureau_approver",
    ),
    Clock(
        DECISION, "确认期限决定", Category.RELEASE, "确认", "aftercare:release-detail",
        lead_days=30, alarms="bureau_approver",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class TermFacts:
    decided_on: date
    alarm_on: date
    status: str
    ended_at: datetime | None
    decision_since: datetime | None = (
        None  # when a served decision was recorded that nobody confirmed yet
    )
    early_on: date | None = None  # the earliest day that one of those names for a release


def facts(cases: Sequence[Case]) -> Mapping[UUID, TermFacts]:
    """One query for the decisions of any number of cases."""
    return {key: TermFacts(*rest) for key, *rest in _terms(case.pk for case in cases)}


@Prepared
def _terms() -> Any:
    waiting = TermDecision.objects.proposed().filter(case=OuterRef("pk"))
    return (
        Case.objects.filter(Among("pk"))
        .annotate(
            decision_since=Subquery(waiting.order_by("proposed_at").values("proposed_at")[:1]),
            early_on=Subquery(
                waiting.filter(ends_on__isnull=False).order_by("ends_on").values("ends_on")[:1]
            ),
        )
        .values_list(
            "pk", "decision__decided_on", "alarm_on", "status", "ended_at",
            "decision_since", "early_on",
        )
    )  # fmt: skip


def expected(facts: TermFacts) -> tuple[Expected, ...]:
    """Release on the last lawful day, the computed one where that is earlier. Nothing but the term moves it;

    an escape stops it until recapture.
    """
    if facts.status == CaseStatus.ESCAPED or (
        facts.status in FINAL and facts.status != CaseStatus.RELEASED
    ):
        return ()
    return (*_confirmation(facts), _expiry(facts))


def _expiry(facts: TermFacts) -> Expected:
    return Expected(
        EXPIRY,
        opened_at=start_of(facts.decided_on),
        due_at=end_of(facts.alarm_on),
        owed_by="intake_officer",
        article=statutes.RELEASE_ON_EXPIRY,
        satisfied_at=facts.ended_at,
    )


def _confirmation(facts: TermFacts) -> Iterator[Expected]:
    """A release by the day that it names, an extension by the last day: after it the bureau alone confirms."""
    if facts.decision_since is not None:
        yield Expected(
            DECISION,
            opened_at=facts.decision_since,
            due_at=end_of(facts.early_on or facts.alarm_on),
            owed_by="facility_leader",
            article=statutes.EARLY_RELEASE if facts.early_on else statutes.EXTENSION,
        )
