"""What migrations do to rows that were there before them."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from rehab import clock, scope
from rehab.models import Case, User
from reporting.models import DemoLogin
from tests.factories import aftercare as out
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


def test_a_station_reads_on_until_the_year_it_was_signed_for_is_over(walk):
    walk("aftercare", "0002")
    with transaction.atomic():
        facility = make.facility()
        signed, asked = out.signed(make.case(facility)), out.offered(make.case(facility))
        Case.objects.update(station_reads_until=None, station_sees_until=None)

    walk("aftercare")

    days = dict(Case.objects.values_list("pk", "station_sees_until"))
    assert days == {signed.case_id: date(2027, 11, 27), asked.case_id: None}
    assert Case.objects.get(pk=signed.case_id).station_reads_until == signed.ends_on
