"""Two at once at the same decision on a term: the last day moves once, and never of somebody released."""

import pytest
from django.db import transaction

from rehab import scope
from rehab.actions import term_decisions as actions
from rehab.actions.cases import close_case, lock
from rehab.clock import day_of, standing_at
from rehab.models import Case, TermDecision
from rehab.rules.term import last_day_before_anniversary
from rehab.states import CaseStatus, ProposalStatus
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import zones as zones_make
from tests.rehab.test_merging_races import at_once, reasons

pytestmark = pytest.mark.race


@pytest.fixture
def here(committed_db):
    with standing_at(away.BACK), scope.within(make.EVERYTHING):
        zones_make.set_rules()
        yield make.facility("T01", beds=200)


@pytest.fixture
def staff(here):
    """One who records, and two leaders."""
    return [make.officer(role, here) for role in ("assessor", "facility_leader", "facility_leader")]


def proposed(here, staff, trials):
    for serial, case in enumerate([zones_make.ready(here) for _ in range(trials)]):
        paper = served.extension(f"示延〔2026〕{serial}号", on=day_of(away.BACK), months=2)
        yield (
            case,
            actions.propose_term_decision(case=case, paper=paper, by=staff[0], at=away.BACK),
        )


def confirming(decision, by):
    return lambda: actions.confirm_term_decision(decision=decision, by=by, at=away.BACK)


def moved(case):
    by_law = last_day_before_anniversary(case.decision.decided_on, years=2, months=2)
    stands = Case.objects.get(pk=case.pk).ends_on
    assert stands in (case.ends_on, by_law)
    return stands == by_law


def test_two_confirm_at_once(here, staff, trials):
    for case, decision in proposed(here, staff, trials):
        outcomes = at_once(confirming(decision, staff[1]), confirming(decision, staff[2]))

        (said,) = reasons(outcomes)
        assert "已确认，不能再确认" in said
        assert moved(case)
        assert case.events.filter(kind="term_decision_confirmed").count() == 1


def test_one_confirms_while_the_other_gives_it_back(here, staff, trials):
    def giving_back(decision):
        return lambda: actions.return_term_decision(
            decision=decision, reason="请核对", by=staff[2], at=away.BACK
        )

    for case, decision in proposed(here, staff, trials):
        outcomes = at_once(confirming(decision, staff[1]), giving_back(decision))

        assert len(reasons(outcomes)) == 1
        stands = TermDecision.objects.get(pk=decision.pk).status
        assert moved(case) == (stands == ProposalStatus.CONFIRMED)


def test_one_confirms_while_he_is_released(here, staff, trials):
    def releasing(case):
        @transaction.atomic
        def release():
            return close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)

        return release

    for case, decision in proposed(here, staff, trials):
        outcomes = at_once(confirming(decision, staff[1]), releasing(case))

        said = reasons(outcomes)
        assert moved(case) != bool(said)
        assert all("解除，期限不再变动" in one for one in said)
