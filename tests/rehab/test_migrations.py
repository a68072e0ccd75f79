"""What migrations do to rows that were there before them."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from centers import actions as centers
from centers.models import Screening
from rehab import clock, scope
from rehab.models import Absence, Case, User
from reporting.models import DemoLogin
from tests.factories import aftercare as out
from tests.factories import rehab as make
from zones import actions as rooms


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


def held(column, table):
    """What a column holds, as its owner reads it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


def test_precautions_are_sealed_and_can_be_opened_again(walk):
    with transaction.atomic():
        facility = make.facility()
        careful, other = (make.case(facility) for _ in range(2))
        Case.objects.filter(pk=careful.pk).update(precautions="防跌倒")

    walk("rehab", "0012")
    in_clear = held("precautions", "rehab_case")
    walk("rehab")

    assert in_clear == ["防跌倒", ""]
    assert "防跌倒".encode() not in bytes(held("precautions", "rehab_case")[0])
    assert Case.objects.get(pk=careful.pk).precautions == "防跌倒"
    assert Case.objects.get(pk=other.pk).precautions is None


def test_the_scale_of_a_screening_is_sealed_and_can_be_opened_again(walk):
    with transaction.atomic():
        facility = make.facility()
        by, case = make.officer("counsellor", facility), make.case(facility)
        centers.screen(case=case, scale="gad7", answers=[1] * 7, by=by, at=make.NOON)

    walk("centers", "0002")
    in_clear = held("scale", "centers_screening")
    walk("centers")

    assert in_clear == ["gad7"]
    assert b"gad7" not in bytes(held("scale", "centers_screening")[0])
    assert Screening.objects.get().scale == "gad7"


def test_who_is_on_leave_by_now_is_out_since_it_was_granted(walk):
    with transaction.atomic():
        facility = make.facility()
        leader = make.officer("facility_leader", facility)
        gone = make.case(facility)
        make.case(facility)
        rooms.grant_leave(case=gone, approval="示例 1 号", by=leader, at=make.NOON)

    walk("rehab", "0042")
    walk("rehab")

    (absence,) = Absence.objects.all()
    assert (absence.case, absence.kind, absence.recorded_by) == (gone, "medical_leave", leader)
    assert (absence.left_at, absence.returned_at) == (make.NOON, None)
