from datetime import timedelta

import pytest

from rehab import scope
from rehab.clock import standing_at
from rehab.models import Deadline, Event, Notice, Placement
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones.states import MoveStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    facility = make.facility()
    zones_make.set_rules()
    return facility


@pytest.fixture
def crew(facility):
    return zones_make.Crew(facility)


@pytest.fixture
def case(facility):
    return zones_make.ready(facility)


def test_propose_zone_move(case, crew):
    move = zones_make.proposed(case, crew)

    assert move.status == MoveStatus.PROPOSED
    assert move.batch == "LZ2026-1121-01"
    event = case.events.get(kind=Event.Kind.ZONE_MOVE_PROPOSED)
    assert event.facts["move"] == str(move.pk)
    assert Deadline.objects.get(case=case, clock="zones.move").satisfied_at == make.NOON
    assert Notice.objects.get(clock="zone_move_proposed").role_id == "zone_leader"


def test_zone_move_walks_through(case, crew):
    move = zones_make.received(case, crew)

    case.refresh_from_db()
    assert move.status == MoveStatus.RECEIVED
    assert case.zone.stage == Stage.ADAPTATION
    assert case.receiving_unit is None
    assert case.zone_entered_at == make.NOON + timedelta(minutes=2)
    assert not Placement.objects.filter(held=True, period__endswith__isnull=True).exists()
