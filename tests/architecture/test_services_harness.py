"""What the tests stand on holds: own databases that commit, a broker that comes back."""

import threading

import pytest
from django.db import connection, connections

from rehab import services


def tables_with(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename = %s", [name])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_run_as_the_web_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, database = cursor.fetchone()

    assert user == services.WEB_ROLE
    assert database != services.DATABASE  # the template is kept clean


@pytest.mark.parametrize("run", [1, 2])
def test_committed_db_is_this_tests_own_in_every_thread(committed_db, run):
    def look():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            seen.append(cursor.fetchone()[0])
        connection.close()

    assert tables_with("left_by_another_test") == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE left_by_another_test ()")

    seen = []
    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [committed_db] * 3
    assert tables_with("left_by_another_test") == 1


def test_broker_outages_end_with_the_test(broker, servers):
    broker.freeze()
    assert not servers.redis_answers()
    broker.thaw()
    assert servers.redis_answers()
    broker.stop()
    assert not servers.redis_answers()
