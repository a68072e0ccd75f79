"""What every act asks is written and planned once, and answers as the queryset would."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.models import Q
from django.db.utils import InternalError

from rehab import scope
from rehab.db.prepared import Among, Prepared, TheDay
from rehab.models import Case
from tests.factories import rehab as make


@Prepared
def numbers():
    """The numbers of cases: 100 % of them."""
    return Case.objects.filter(Among("pk")).exclude(number="50%").values_list("pk", "number")


@Prepared
def whole():
    return Case.objects.filter(Among("pk")).select_related("facility__province")


@Prepared
def ending():
    soon = Q(ends_on__lte=TheDay())
    return Case.objects.filter(Among("pk"), soon).values("number")


@Prepared
def fresh():
    """For one test alone: the connection is kept for the others."""
    return Case.objects.filter(Among("pk")).values("pk")


def plans(name):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name LIKE %s",
            [f"%.{name}"],
        )
        return cursor.fetchall()


def test_it_answers_as_the_queryset_does(case, facility, django_assert_num_queries):
    assert numbers([case.pk, uuid4()]) == [(case.pk, case.number)]
    with django_assert_num_queries(1):
        (found,) = whole([case.pk])
        assert (found, found.facility.province) == (case, facility.province)
    assert numbers.__doc__ == "The numbers of cases: 100 % of them."


def test_nobody_is_not_asked_about(case, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert numbers([]) == []


def test_it_is_asked_on_a_day(case):
    assert ending([case.pk], on=case.ends_on) == [{"number": case.number}]
    assert ending([case.pk], on=date(2026, 1, 1)) == []


def test_it_is_planned_once_however_often_it_is_asked(case):
    for _ in range(8):
        fresh([case.pk])

    assert plans("fresh") == [(8, 0)]


def test_each_scope_sees_its_own_through_the_same_plan(case, facility):
    ours = scope.Scope(actor="officer", facilities=(facility.pk,))
    theirs = scope.Scope(actor="officer", facilities=(uuid4(),))

    seen = []
    for one in (ours, theirs, scope.NOBODY, ours):
        with scope.within(one):
            seen.append(len(numbers([case.pk])))

    assert seen == [1, 0, 0, 1]


def test_it_stands_after_a_rollback(case):
    with transaction.atomic():
        whole([case.pk])
        transaction.set_rollback(True)

    assert whole([case.pk]) == [case]


def test_a_broken_transaction_is_said_in_django_s_words(case):
    @Prepared
    def never_before():
        return Case.objects.filter(Among("pk")).values("pk")

    with pytest.raises(InternalError), transaction.atomic():  # noqa: PT012 - broken, then asked
        with connection.connection.cursor() as raw, pytest.raises(Exception, match="division"):
            raw.execute("SELECT 1/0")
        never_before([case.pk])


@pytest.mark.usefixtures("committed_db")
def test_another_connection_has_it_ready_for_itself():
    with scope.within(make.EVERYTHING):
        case = make.case(make.facility())
        assert numbers([case.pk]) == [(case.pk, case.number)]
        connections.close_all()
        assert plans("numbers") == []

        assert numbers([case.pk]) == [(case.pk, case.number)]
        assert plans("numbers") == [(1, 0)]
