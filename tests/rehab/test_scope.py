"""The second fence: what the database shows, to whom, and that nothing outlives its request."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.http import QueryDict

from rehab import clock, drafts, scope, submissions
from rehab.actions.grants import grant
from rehab.form_keys import FormKey
from rehab.keys import new_key
from rehab.models import Case, CaseGrant, Draft, Event, Submission
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import rehab as make


def seen_by(user):
    """As in a request: nobody's scope is in force when the user's is worked out."""
    with scope.within(scope.NOBODY):
        seen = user.scope_at(clock.real_now())
    with scope.within(seen):
        return set(Case.objects.values_list("number", flat=True))


def test_two_users_in_turn_on_one_connection(case, facility):
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    other = make.case(elsewhere)
    mine = make.officer("intake_officer", facility)
    theirs = make.officer("intake_officer", elsewhere)

    assert seen_by(mine) == {case.number}
    assert seen_by(theirs) == {other.number}
    assert seen_by(mine) == {case.number}


def test_nothing_outlives_the_block_though_the_connection_is_kept(case):
    with connection.cursor():
        assert Case.objects.count() == 1
        pid = connection.connection.info.backend_pid
    with scope.within(scope.NOBODY):
        assert Case.objects.count() == 0
        assert connection.connection.info.backend_pid == pid


def test_scope_is_written_again_after_a_rollback(case):
    """The rollback takes the session's setting back; what was believed to be there must be forgotten."""
    with scope.within(scope.NOBODY):
        assert Case.objects.count() == 0
        with transaction.atomic():
            with scope.within(make.EVERYTHING):
                assert Case.objects.count() == 1
            transaction.set_rollback(True)
        assert Case.objects.count() == 0


def test_scope_is_kept_out_of_a_broken_transaction(case):
    with transaction.atomic():
        with pytest.raises(ProgrammingError):
            connection.cursor().execute("SELECT * FROM no_such_table")
        with scope.within(scope.NOBODY):
            connection.cursor().close()
        transaction.set_rollback(True)

    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("intake_officer", {"T01-2026-0001"}),
        ("bureau_viewer", {"T01-2026-0001", "T03-2026-0001"}),
        ("ministry_viewer", {"T01-2026-0001", "T02-2026-0001", "T03-2026-0001"}),
        ("system_admin", set()),
        ("security_admin", set()),
        ("audit_admin", set()),
    ],
)
def test_reach_of_a_role(case, facility, role, expected):
    make.case(make.facility("T02", province=make.bureau("另一省戒毒管理局")))
    make.case(make.facility("T03"))
    place = {"bureau_viewer": make.bureau(), "ministry_viewer": make.bureau().parent}.get(
        role, facility
    )
    user = make.officer(role, place)

    by_fence = seen_by(user)
    by_query = set(Case.objects.visible_to(user).values_list("number", flat=True))

    assert by_fence == by_query == expected


def test_zone_officer_sees_his_own_unit(case, facility):
    mine = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    other = make.officer("zone_officer", make.unit(facility, Stage.ADAPTATION))

    assert list(Case.objects.visible_to(mine)) == [case]
    assert not Case.objects.visible_to(other).exists()


def test_zone_officer_sees_who_is_on_the_way_to_him(case, facility):
    receiving = make.unit(facility, Stage.ADAPTATION)
    officer = make.officer("zone_officer", receiving)
    Case.objects.filter(pk=case.pk).update(receiving_unit=receiving)

    assert list(Case.objects.visible_to(officer)) == [case]


def test_aftercare_worker_sees_his_station_only(case):
    station = make.station()
    worker = make.officer("aftercare_worker", station)
    assert not Case.objects.visible_to(worker).exists()
    Case.objects.filter(pk=case.pk).update(station=station)

    assert list(Case.objects.visible_to(worker)) == [case]
    assert seen_by(worker) == {case.number}


def test_a_user_without_a_posting_or_no_longer_active_sees_nobody(case, facility):
    user = make.officer("intake_officer", facility)
    user.is_active = False
    assert seen_by(user) == set()
    user.is_active, user.posting = True, None

    assert seen_by(user) == set()
    assert not Case.objects.visible_to(user).exists()
    assert (user.role, user.reach, user.facility, user.unit, user.station, user.bureau) == (
        "", "none", None, None, None, None,
    )  # fmt: skip
    assert not user.may("case.view")


@pytest.fixture
def stranger(facility):
    """An intake officer of another province, and who grants."""
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    return make.officer("intake_officer", elsewhere)


@pytest.mark.parametrize("days", [1, -1], ids=["未到期", "已到期"])
@pytest.mark.parametrize("kind", ["case", "facility", "station"])
def test_grants_end(case, facility, stranger, kind, days):
    station = make.station()
    Case.objects.filter(pk=case.pk).update(station=station)
    thing = {"case": case, "facility": facility, "station": station}[kind]
    real, leader = clock.real_now(), make.officer("facility_leader", facility)

    grant(
        user=stranger,
        to=thing,
        until=real + timedelta(days=days),
        by=leader,
        at=real - timedelta(days=2),
    )

    assert (case.number in seen_by(stranger)) is (days > 0)
    assert Case.objects.visible_to(stranger).exists() is (days > 0)


def test_grant_again_moves_its_end(case, facility, stranger):
    leader = make.officer("facility_leader", facility)
    for hour in (13, 14):
        grant(user=stranger, to=case, until=make.at(2026, 11, 21, hour), by=leader, at=make.NOON)

    assert CaseGrant.objects.get().ends_at == make.at(2026, 11, 21, 14)
    assert Event.objects.filter(kind=Event.Kind.GRANTED).count() == 2


def test_grant_refused(case, stranger):
    with pytest.raises(Refused, match=r"截止时间.*不得给自己"):
        grant(user=stranger, to=case, until=make.NOON, by=stranger, at=make.NOON)

    assert not CaseGrant.objects.exists()


def test_the_web_role_may_not_write_for_another_facility(case, facility):
    other = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    foreign = scope.Scope(actor="x", facilities=(other.pk,))
    with (
        scope.within(foreign),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Case.objects.create(
            number="X",
            person=case.person,
            facility=facility,
            status="in_facility",
            entered_at=make.NOON,
            ends_on=make.NOON.date(),
        )


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["rehab_event", "rehab_accessrecord", "rehab_serviceofdocument"])
def test_append_only_for_the_web_role(db, statement, table):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_append_only_even_for_the_owner(committed_db):
    with clock.standing_at(make.NOON), scope.within(make.EVERYTHING):
        make.officer("intake_officer", make.facility())
        assert Event.objects.exists()
    with pytest.raises(IntegrityError, match="append-only"):
        connections["owner"].cursor().execute("DELETE FROM rehab_event")
    with pytest.raises(IntegrityError, match="append-only"):
        connections["owner"].cursor().execute("UPDATE rehab_event SET facts = '{}'")


def test_what_is_typed_is_its_writers_own(facility):
    writer, other = (make.officer("intake_officer", facility) for _ in range(2))
    form_key = FormKey(new_key(), writer.pk, "/somewhere/", "")
    with scope.within(scope.NOBODY):
        assert drafts.keep(form_key=form_key, sent=QueryDict("name=示例"), at=make.NOON)
    with scope.within(writer.scope_at(clock.real_now())):
        assert submissions.claim(form_key=form_key, digest="", at=make.NOON)
        assert (Draft.objects.count(), Submission.objects.count()) == (1, 1)
    with scope.within(other.scope_at(clock.real_now())):
        assert (Draft.objects.count(), Submission.objects.count()) == (0, 0)
    assert (Draft.objects.count(), Submission.objects.count()) == (0, 0)
