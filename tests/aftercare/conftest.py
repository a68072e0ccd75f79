import pytest

from rehab import scope
from rehab.clock import standing_at
from tests.factories import aftercare as out
from tests.factories import rehab as make


@pytest.fixture
def last_day():
    """Noon of everybody's last lawful day, under a scope that sees all."""
    with standing_at(out.NOON_OF_LAST_DAY), scope.within(make.EVERYTHING):
        yield out.NOON_OF_LAST_DAY


@pytest.fixture
def facility(db, last_day):
    return make.facility()


@pytest.fixture
def case(facility):
    return make.case(facility)


@pytest.fixture
def intake(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)
