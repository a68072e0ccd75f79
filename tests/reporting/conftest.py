"""A fixed noon, a facility with people, and a client signed in as whoever is wanted."""

from datetime import timedelta

import pytest
from django.test import Client

from rehab import scope
from rehab.clock import standing_at
from rehab.models import Case
from tests.factories import aftercare as leaving
from tests.factories import intake as entering
from tests.factories import rehab as make
from tests.factories import zones as moving


@pytest.fixture
def noon():
    """Business time stands at `make.NOON`; everything may be seen by the test itself."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield make.NOON


@pytest.fixture
def signed_in(noon):
    """`signed_in(user)` is a client at his desk."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def walked(noon):
    """Somebody who was admitted, moved to 教育适应区 yesterday, and asked about aftercare."""
    facility = make.facility()
    moving.set_rules(facility.province)
    crew = moving.Crew(facility)
    yesterday = make.NOON - timedelta(days=1)
    entered_at = make.NOON - timedelta(days=16)
    with standing_at(entered_at):
        case = entering.case(facility, at=entered_at)
    with standing_at(yesterday):
        moving.received(case, crew, at=yesterday)
    case.refresh_from_db()
    leaving.offered(case, at=make.NOON - timedelta(hours=2))
    return Case.objects.select_related("facility__province", "unit", "person").get(pk=case.pk)
