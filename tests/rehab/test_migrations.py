"""What migrations do to rows that were there before them."""

import pytest
from django.core.management import call_command
from django.db import transaction

from rehab import clock, scope
from rehab.models import User
from reporting.models import DemoLogin
from tests.factories import rehab as make


@pytest.fixture
def walk(committed_db):
    """Goes back or on to a migration, in a database of this test's own."""
    with clock.standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield lambda *to: call_command("migrate", *to, verbosity=0)


def test_logins_that_were_printed_are_of_the_demo(walk):
    walk("reporting", "0002")
    with transaction.atomic():
        facility = make.facility()
        printed, other = (make.officer("clinician", facility) for _ in range(2))
        DemoLogin.objects.create(user=printed, password="示例", rank=0)

    walk("reporting")

    assert User.objects.get(pk=printed.pk).is_demo
    assert not User.objects.get(pk=other.pk).is_demo
