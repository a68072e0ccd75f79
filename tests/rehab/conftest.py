"""The ground floor's tests see everybody, at noon of 2026-11-21, unless they say otherwise."""

import pytest

from rehab import scope
from rehab.clock import standing_at
from tests.factories import rehab as make


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
