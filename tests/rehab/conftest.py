"""The ground floor's tests see everybody, at noon of 2026-11-21, unless they say otherwise."""

import pytest

from rehab import scope
from rehab.clock import standing_at
from tests.factories import rehab as make
from tests.factories.merging import two_records


@pytest.fixture
def noon():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield make.NOON


@pytest.fixture
def facility(db, noon):
    return make.facility()


@pytest.fixture
def case(facility):
    return make.case(facility)


@pytest.fixture
def elsewhere(facility):
    """A facility of another province."""
    return make.facility("T02", province=make.bureau("另一省戒毒管理局"))


@pytest.fixture
def two(facility, elsewhere):
    """An open case here and a finished one elsewhere, on two records of one human being."""
    return two_records(facility, elsewhere)
