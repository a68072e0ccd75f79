"""Why somebody is never released early: asked of the term engine."""

from rehab.models import Case
from rehab.refusal import Obstacle
from rehab.rules.explaining import never_early
from rehab.rules.term_facts import Interval, TermFacts


def bar_of(case: Case, *, escaped: bool) -> Obstacle | None:
    """What bars a case, with its article; `case` with its decision.

    `escaped`: an escape stands on his record. It bars whether or not its days were proved.
    """
    decided_on = case.decision.decided_on
    ran = (Interval(decided_on, decided_on),) if escaped else ()
    facts = TermFacts(decided_on=decided_on, on=decided_on, escapes=ran)
    return never_early(facts, case.ends_on)
