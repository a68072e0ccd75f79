import pytest

from rehab import scope
from rehab.clock import standing_at
from rehab.models import Case, Deadline, Person
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


def test_open_case():
    facility = make.facility()

    case = make.case(facility)

    assert case.number == "T01-2026-0001"
    assert case.zone.stage == "01"
    assert Deadline.objects.filter(case=case, clock="term.expiry").exists()


def test_without_a_scope_nobody_is_seen():
    make.case(make.facility())

    with scope.within(scope.NOBODY):
        seen = (Case.objects.count(), Person.objects.count())

    assert seen == (0, 0)
    assert Case.objects.count() == 1
