"""Why the last day of a case is what it is, from what is recorded of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from rehab.clock import day_of
from rehab.models import Absence, Case, TermDecision
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules.explaining import explain
from rehab.rules.term import Step, printed_end_caution
from rehab.rules.term_facts import (
    EarlyRelease,
    Extension,
    Interval,
    ServedDecision,
    TermFacts,
)
from rehab.states import AbsenceKind, TermDecisionKind


@dataclass(frozen=True)
class Working:
    """The steps to a last day, what speaks against the printed one, and why there are no steps."""

    steps: tuple[Step, ...]
    cautions: tuple[Caution, ...]
    obstacles: tuple[Obstacle, ...] = ()


def term_facts(case: Case, *, on: date) -> TermFacts:
    """What the term of a case is computed from: the decision, the proved escapes, what was served since."""
    decision = case.decision
    return TermFacts(
        decided_on=decision.decided_on,
        on=max(on, decision.decided_on),
        printed_ends_on=decision.printed_ends_on,
        escapes=_proved_escapes(case),
        decisions=tuple(map(says, TermDecision.objects.standing().filter(case=case))),
    )


def says(decision: TermDecision) -> ServedDecision:
    """What a recorded decision does to a term."""
    if decision.kind == TermDecisionKind.EXTENSION:
        assert decision.months is not None  # a constraint of the table
        return Extension(decision.served_on, decision.months)
    assert decision.ends_on is not None
    return EarlyRelease(decision.served_on, decision.ends_on)


def last_day(case: Case, *, on: date) -> date:
    """The last day as everything recorded gives it. Raises `Refused` where it contradicts itself."""
    ends_on = explain(term_facts(case, on=on)).ends_on
    assert (
        ends_on is not None
    )  # an escape that goes on is no fact of the term before its days are proved
    return ends_on


def working(case: Case, *, on: date) -> Working:
    """How the last day of a case comes about; records that contradict one another are named instead.

    Escapes and decisions are asked for only where something has moved the end.
    """
    decision = case.decision
    cautions = printed_end_caution(
        decided_on=decision.decided_on, printed_ends_on=decision.printed_ends_on
    )
    facts = TermFacts(
        decided_on=decision.decided_on,
        on=max(on, decision.decided_on),
        printed_ends_on=decision.printed_ends_on,
    )
    if case.ends_on != decision.printed_ends_on:
        facts = term_facts(case, on=on)
    try:
        return Working(explain(facts).steps, cautions)
    except Refused as refused:
        return Working((), cautions, refused.obstacles)


def _proved_escapes(case: Case) -> tuple[Interval, ...]:
    """The escapes whose days two officers took out of the term (戒毒条例第三十二条)."""
    proved = Absence.objects.standing().filter(
        case=case, kind=AbsenceKind.ESCAPE, uncounted_days__gt=0
    )
    return tuple(
        Interval(left_on, left_on + timedelta(days=one.uncounted_days))
        for one in proved.order_by("left_at")
        for left_on in [day_of(one.left_at)]
    )
