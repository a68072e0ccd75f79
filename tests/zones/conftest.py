import pytest

from rehab import scope
from rehab.clock import standing_at
from tests.factories import rehab as make
from tests.factories import zones as zones_make


@pytest.fixture
def at_noon():
    """Everything is seen, and it is noon."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db, at_noon):
    """A facility whose province has set its stage rules."""
    facility = make.facility()
    zones_make.set_rules()
    return facility


@pytest.fixture
def crew(facility):
    return zones_make.Crew(facility)


@pytest.fixture
def case(facility):
    """Somebody due to leave 生理脱毒区."""
    return zones_make.ready(facility)
