"""Why the last day of a case is what it is, from what is recorded of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from rehab.clock import day_of
from rehab.models import Absence, Case
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules.explaining import explain
from rehab.rules.term import Step, printed_end_caution
from rehab.rules.term_facts import Interval, TermFacts
from rehab.states import AbsenceKind


@dataclass(frozen=True)
class Working:
    """The steps to a last day, what speaks against the printed one, and why there are no steps."""

    steps: tuple[Step, ...]
    cautions: tuple[Caution, ...]
    obstacles: tuple[Obstacle, ...] = ()


def term_facts(case: Case, *, on: date) -> TermFacts:
    """What the term of a case is computed from. Escapes are asked for only where one can have moved the end."""
    decision = case.decision
    moved = case.ends_on != decision.printed_ends_on
    return TermFacts(
        decided_on=decision.decided_on,
        on=max(on, decision.decided_on),
        printed_ends_on=decision.printed_ends_on,
        escapes=_proved_escapes(case) if moved else (),
    )


def working(case: Case, *, on: date) -> Working:
    """How the last day of a case comes about; records that contradict one another are named instead."""
    facts = term_facts(case, on=on)
    cautions = printed_end_caution(
        decided_on=case.decision.decided_on, printed_ends_on=case.decision.printed_ends_on
    )
    try:
        return Working(explain(facts).steps, cautions)
    except Refused as refused:
        return Working((), cautions, refused.obstacles)


def _proved_escapes(case: Case) -> tuple[Interval, ...]:
    """The escapes whose days two officers took out of the term (戒毒条例第三十二条)."""
    escapes = Absence.objects.standing().filter(
        case=case, kind=AbsenceKind.ESCAPE, uncounted_days__gt=0
    )
    return tuple(
        Interval(left_on, left_on + timedelta(days=one.uncounted_days))
        for one in escapes.order_by("left_at")
        for left_on in [day_of(one.left_at)]
    )
