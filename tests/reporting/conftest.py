"""A fixed noon, a facility with people, and a client signed in as whoever is wanted."""

import pytest
from django.test import Client

from rehab import scope
from rehab.clock import standing_at
from tests.factories import rehab as make


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
