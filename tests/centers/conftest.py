"""A facility under the rules of its province, its staff, and somebody in 生理脱毒区."""

import pytest

from rehab import scope
from rehab.clock import standing_at
from tests.factories import centers as made
from tests.factories import rehab as make

LATER = make.at(2026, 12, 22)  # a month after entry
YEAR = make.at(2027, 6, 2)  # a full year after the decision


@pytest.fixture
def now(db):
    """21 November 2026 at noon, with sight of everybody."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield make.NOON


@pytest.fixture
def facility(now):
    return make.facility()


@pytest.fixture
def staff(facility):
    return made.Staff(facility)


@pytest.fixture
def rules(facility, staff):
    return made.rules(facility.province, by=staff.assessor)


@pytest.fixture
def case(facility):
    return make.case(facility)
