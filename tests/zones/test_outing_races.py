"""Two at once at the same outing: one answer, one certificate, one time out."""

import pytest

from rehab import scope
from rehab.clock import standing_at
from rehab.models import Absence, Document
from rehab.states import AbsenceKind
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.rehab.test_merging_races import at_once, reasons
from zones import actions
from zones.states import OutingStatus

pytestmark = pytest.mark.race


@pytest.fixture
def here(committed_db):
    with standing_at(away.BACK), scope.within(make.EVERYTHING):
        zones_make.set_rules()
        yield make.facility("T01", beds=200)


def test_one_answer_and_one_time_out(here, trials):
    asker, *leaders = (make.officer("facility_leader", here) for _ in range(3))
    for case in [zones_make.ready(here) for _ in range(trials)]:
        outing = away.outing(case, by=asker)

        def approving(by, case=case, seen=str(outing.pk)):
            return lambda: actions.approve_outing(case=case, seen=seen, by=by, at=away.LEFT)

        def refusing(by, case=case, seen=str(outing.pk)):
            return lambda: actions.return_outing(
                case=case, seen=seen, reason="不实", by=by, at=away.LEFT
            )

        assert len(reasons(at_once(approving(leaders[0]), refusing(leaders[1])))) == 1
        outing.refresh_from_db()
        approved = outing.status == OutingStatus.APPROVED
        assert Document.objects.filter(case=case, template="outing").count() == approved
        if not approved:
            away.approved_outing(case, asked_by=asker, by=leaders[0])

        def going(by, case=case):
            departure = away.departure(AbsenceKind.HOME_VISIT)
            return lambda: actions.leave_facility(
                case=case, departure=departure, by=by, at=away.LEFT
            )

        assert len(reasons(at_once(going(asker), going(leaders[0])))) == 1
        assert Absence.objects.filter(case=case, kind=AbsenceKind.HOME_VISIT).count() == 1
