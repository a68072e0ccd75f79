"""Two leaders at once at the same proposal about an escape: one decides, the other reads why not."""

import pytest
from django.db import transaction

from rehab import scope
from rehab.actions import escapes
from rehab.actions.cases import close_case, lock
from rehab.clock import standing_at
from rehab.models import Absence, Case, EscapeProposal
from rehab.states import CaseStatus, ProposalStatus
from tests.factories import absences as away
from tests.factories import rehab as make
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
    """One who proposes, and two leaders."""
    roles = ("intake_officer", "facility_leader", "facility_leader")
    return [make.officer(role, here) for role in roles]


def proposed(here, staff, trials):
    """So many people, all admitted before the first of them frees a bed."""
    for case in [zones_make.ready(here) for _ in range(trials)]:
        yield case, case.ends_on, away.proposed(case, by=staff[0])


def confirming(proposal, by):
    return lambda: escapes.confirm_uncounted(proposal=proposal, by=by, at=away.BACK)


def giving_back(proposal, by):
    return lambda: escapes.return_proposal(proposal=proposal, reason="请核对", by=by, at=away.BACK)


def stands(case):
    moved = Case.objects.get(pk=case.pk).ends_on
    return moved, Absence.objects.get(case=case).uncounted_days


def test_two_confirm_at_once(here, staff, trials):
    for case, ends_on, proposal in proposed(here, staff, trials):
        outcomes = at_once(confirming(proposal, staff[1]), confirming(proposal, staff[2]))

        (said,) = reasons(outcomes)
        assert "已确认，不能再确认" in said
        assert ((stands(case)[0] - ends_on).days, stands(case)[1]) == (2, 2)
        assert case.events.filter(kind="uncounted_confirmed").count() == 1


def test_one_confirms_while_the_other_gives_it_back(here, staff, trials):
    for case, ends_on, proposal in proposed(here, staff, trials):
        outcomes = at_once(confirming(proposal, staff[1]), giving_back(proposal, staff[2]))

        assert len(reasons(outcomes)) == 1
        confirmed = EscapeProposal.objects.get(pk=proposal.pk).status == ProposalStatus.CONFIRMED
        assert ((stands(case)[0] - ends_on).days == 2) == confirmed == (stands(case)[1] == 2)


def test_one_confirms_while_he_is_released(here, staff, trials):
    def releasing(case):
        @transaction.atomic
        def release():
            return close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)

        return release

    for case, ends_on, proposal in proposed(here, staff, trials):
        outcomes = at_once(confirming(proposal, staff[1]), releasing(case))

        said = reasons(outcomes)
        assert ((stands(case)[0] - ends_on).days == 0) == bool(said)
        assert all("解除，期限不再变动" in one for one in said)
