"""Deadlines, notices, documents and the outbox."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

import rehab.clocks
from rehab import clock, scope, tasks
from rehab.ledgers import deadlines, documents, events, notices
from rehab.models import Case, Deadline, Document, Event, Notice, SweepRun
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make

EXPIRY = "term.expiry"


@pytest.fixture(autouse=True)
def _the_term_alone(monkeypatch):
    """The ledgers are tested with the clock of the ground floor; the rooms test their own."""
    monkeypatch.setattr(deadlines, "modules", lambda: (rehab.clocks,))
    deadlines.clocks.cache_clear()
    yield
    deadlines.clocks.cache_clear()


def ledger(case):
    columns = ("clock", "cycle", *deadlines.COLUMNS)
    return sorted(map(str, Deadline.objects.filter(case=case).values_list(*columns)))


def test_refresh_twice_changes_nothing(case):
    drift = deadlines.refresh([case])

    assert (drift.created, drift.changed, drift.removed) == (0, 0, 0)


def test_refresh_follows_the_facts(case):
    before = Deadline.objects.get(case=case, clock=EXPIRY)
    Case.objects.filter(pk=case.pk).update(
        ends_on=make.at(2026, 11, 23).date(), alarm_on=make.at(2026, 11, 23).date()
    )

    drift = deadlines.refresh([case])

    after = Deadline.objects.get(case=case, clock=EXPIRY)
    assert drift.changed == 1
    assert after.pk == before.pk
    assert clock.day_of(after.due_at) == make.at(2026, 11, 23).date()
    assert set(Notice.objects.filter(case=case, clock=EXPIRY).values_list("kind", flat=True)) == {
        "coming",
        "changed",
    }


def test_refresh_removes_what_no_fact_calls_for(case):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ESCAPED)

    deadlines.refresh([case])

    assert not Deadline.objects.filter(case=case, clock=EXPIRY).exists()


def test_rebuild_mends_drift_and_says_so(case):
    right = ledger(case)
    Deadline.objects.filter(case=case, clock=EXPIRY).update(due_at=make.NOON)

    drift = deadlines.rebuild(Case.objects.all())

    assert (drift.cases, drift.changed, drift.mended, drift.failed) == (1, 1, 1, [])
    assert ledger(case) == right


def test_rebuild_from_nothing_gives_the_same_rows(case):
    right = ledger(case)
    Deadline.objects.all().delete()

    deadlines.rebuild(Case.objects.all())

    assert ledger(case) == right


def test_rebuild_goes_on_after_one_that_cannot_be_computed(case, facility, monkeypatch, caplog):
    broken = make.case(facility)
    Deadline.objects.all().delete()
    first = deadlines.modules()[0]
    real = first.facts

    def facts(cases):
        if broken.pk in {one.pk for one in cases}:
            raise ValueError("示例：事实不全")
        return real(cases)

    monkeypatch.setattr(first, "facts", facts)

    drift = deadlines.rebuild(Case.objects.all())

    assert drift.failed == [broken.number]
    assert Deadline.objects.filter(case=case).exists()
    assert "could not be computed" in caplog.text


def test_rebuild_in_batches(facility, monkeypatch):
    for _ in range(3):
        make.case(facility)
    monkeypatch.setattr(deadlines, "BATCH", 2)

    assert deadlines.rebuild(Case.objects.all()).cases == 3


@pytest.mark.parametrize("rows", [1, 20])
def test_refresh_asks_a_constant_number_of_queries(rows, facility, django_assert_max_num_queries):
    """The tables are read once each, however many cases there are."""
    wide = make.facility("T09", beds=rows + 1)
    cases = [make.case(wide) for _ in range(rows)]

    with django_assert_max_num_queries(25):
        deadlines.refresh(cases)


def on(day, hour=2):
    return make.at(2028, 5, day, hour)


@pytest.mark.parametrize(
    ("moment", "kinds"),
    [
        pytest.param(make.at(2028, 4, 30), [], id="三十一日前"),
        pytest.param(make.at(2028, 5, 1), ["coming"], id="三十日前"),
        pytest.param(on(31), ["due", "due"], id="当日"),
        pytest.param(
            make.at(2028, 6, 1, 0), ["escalated-1", "escalated-2", "overdue"], id="次日零时"
        ),
    ],
)
def test_sweep_reminds(case, facility, moment, kinds):
    with clock.standing_at(moment):
        deadlines.sweep(facility, at=moment)
        deadlines.sweep(facility, at=moment + timedelta(hours=1))

    said = Notice.objects.filter(case=case, clock=EXPIRY)
    assert sorted(said.values_list("kind", flat=True)) == kinds


def test_a_missed_night_heals_and_says_so(case, facility):
    """Four nights without a sweep: what fell due in them is said on the fifth, and names the outage."""
    with clock.standing_at(make.at(2028, 4, 29)):
        deadlines.sweep(facility, at=clock.now())
    swept(days_ago=5)

    with clock.standing_at(make.at(2028, 5, 4)):
        deadlines.sweep(facility, at=clock.now())
        deadlines.sweep(facility, at=clock.now())  # a second one the same day takes nothing back

    said = Notice.objects.get(case=case, clock=EXPIRY)
    assert said.kind == "coming"
    assert (str(said.outage_from), str(said.outage_to)) == ("2028-04-30", "2028-05-04")


def swept(*, days_ago):
    """The last sweep finished so many real days ago."""
    SweepRun.objects.update(finished_at=clock.real_now() - timedelta(days=days_ago))


def test_moving_the_demo_day_is_no_outage(case, facility):
    with clock.standing_at(make.at(2028, 4, 29)):
        deadlines.sweep(facility, at=clock.now())

    with clock.standing_at(make.at(2028, 5, 4)):
        deadlines.sweep(facility, at=clock.now())

    said = Notice.objects.get(case=case, clock=EXPIRY)
    assert (said.kind, said.outage_from) == ("coming", None)


def test_no_outage_where_no_night_was_missed(case, facility):
    for day in (1, 2):
        with clock.standing_at(on(day)):
            deadlines.sweep(facility, at=clock.now())
        swept(days_ago=1)

    assert not Notice.objects.filter(outage_from__isnull=False).exists()
    assert SweepRun.objects.filter(facility=facility).count() == 2


def test_escalation_goes_to_the_leader(case, facility):
    with clock.standing_at(make.at(2028, 6, 1)):
        deadlines.sweep(facility, at=clock.now())

    assert Notice.objects.get(kind="escalated-1").role_id == "facility_leader"
    assert Notice.objects.get(kind="escalated-2").role_id == "bureau_approver"


def test_the_last_day_is_told_to_intake_and_the_leader(case, facility):
    with clock.standing_at(make.at(2028, 5, 31)):
        deadlines.sweep(facility, at=clock.now())

    assert set(Notice.objects.filter(kind="due").values_list("role", flat=True)) == {
        "intake_officer",
        "facility_leader",
    }


def test_an_alarm_reaches_the_bureau_of_the_province_alone(case, facility):
    ours = make.officer("bureau_approver", facility.province)
    theirs = make.officer("bureau_approver", make.bureau("另一省戒毒管理局"))
    with clock.standing_at(make.at(2028, 6, 1)):
        deadlines.sweep(facility, at=clock.now())

    alarm = Notice.objects.get(kind="escalated-2")

    assert list(Notice.objects.to(ours)) == [alarm]
    assert not Notice.objects.to(theirs).exists()
    assert list(notices._holders(alarm)) == [ours]


def test_post_for_a_place_that_is_not_there(case):
    case.unit_id = None

    assert notices.post_for("zone_officer", case) is None
    assert notices.post_for("aftercare_worker", case) is None
    assert notices.post_for("clinician", case) == notices.Post("clinician", case.facility_id)


def test_post_for_unit_and_station(case):
    station = make.station()
    case.station = station

    assert notices.post_for("zone_leader", case).unit == case.unit_id
    assert notices.post_for("aftercare_worker", case).station == station.pk


def test_remind_where_nobody_holds_the_post(case, facility):
    Case.objects.filter(pk=case.pk).update(unit=None)
    deadline = Deadline.objects.select_related("case").get(case=case, clock=EXPIRY)
    deadline.owed_by = "zone_officer"

    notices.remind([deadline], clocks=deadlines.clocks(), at=make.at(2028, 6, 1))

    assert not Notice.objects.filter(role="zone_officer").exists()


def test_tell_twice_says_it_once(case):
    post = notices.Post("facility_leader", case.facility_id)
    for _ in range(2):
        notices.tell(case, "gate_mark_missing", to=post)

    assert Notice.objects.count() == 1


def test_tell_about_a_facility(facility):
    notices.tell(facility, "posted", to=notices.Post("facility_leader", facility.pk))

    assert Notice.objects.get().case is None


def test_to_whom_a_notice_is_shown(case, facility):
    station = make.station()
    case.station = station
    for role in ("zone_officer", "facility_leader", "aftercare_worker"):
        notices.tell(case, "x", to=notices.post_for(role, case))
    unit = make.unit(facility, Stage.DETOX)
    users = {
        "zone_officer": make.officer("zone_officer", unit),
        "elsewhere": make.officer("zone_officer", make.unit(facility, Stage.REENTRY)),
        "facility_leader": make.officer("facility_leader", facility),
        "aftercare_worker": make.officer("aftercare_worker", station),
    }

    shown = {name: Notice.objects.to(user).count() for name, user in users.items()}

    assert shown == {
        "zone_officer": 1, "elsewhere": 0, "facility_leader": 1, "aftercare_worker": 1,
    }  # fmt: skip
    nobody = users["elsewhere"]
    nobody.posting = None
    assert not Notice.objects.to(nobody).exists()
    assert not Deadline.objects.owed_by(nobody).exists()


def test_read_notices_are_no_longer_unread(case, facility):
    leader = make.officer("facility_leader", facility)
    notices.tell(case, "x", to=notices.post_for("facility_leader", case))
    notice = Notice.objects.unread_by(leader).get()
    notice.reads.create(user=leader, at=make.NOON)

    assert not Notice.objects.unread_by(leader).exists()


@pytest.mark.parametrize(
    ("role", "stage"),
    [("zone_officer", Stage.DETOX), ("facility_leader", None), ("aftercare_worker", None)],
)
def test_deliver_mails_those_who_hold_the_post_and_names_nobody(case, facility, role, stage):
    station = make.station()
    case.station = station
    place = {"zone_officer": make.unit(facility, Stage.DETOX), "aftercare_worker": station}
    user = make.officer(role, place.get(role, facility))
    type(user).objects.filter(pk=user.pk).update(email="post@example.invalid")
    notices.tell(case, "x", to=notices.post_for(role, case))

    sent = tasks.deliver()

    assert sent == 1
    assert [one.to for one in mail.outbox] == [["post@example.invalid"]]
    assert case.person.name not in mail.outbox[0].subject + mail.outbox[0].body
    assert tasks.deliver() == 0
    assert len(mail.outbox) == 1


def test_deliver_where_nobody_has_an_address(case, facility):
    notices.tell(case, "x", to=notices.post_for("facility_leader", case))

    assert notices.deliver(facility) == 1
    assert mail.outbox == []
    assert Notice.objects.get().delivered_at


def test_a_mail_server_that_fails_holds_up_no_other_notice(case, facility, monkeypatch, caplog):
    leader = make.officer("facility_leader", facility)
    type(leader).objects.filter(pk=leader.pk).update(email="post@example.invalid")
    for role in ("facility_leader", "clinician"):
        notices.tell(case, "x", to=notices.post_for(role, case))

    def refuse(**message):
        raise ConnectionRefusedError

    monkeypatch.setattr(notices, "send_mail", refuse)
    assert tasks.deliver() == 1
    assert Notice.objects.undelivered().get().role_id == "facility_leader"
    assert "could not be mailed" in caplog.text
    monkeypatch.undo()

    assert tasks.deliver() == 1
    assert len(mail.outbox) == 1


def test_nightly(case, facility):
    Deadline.objects.all().delete()

    with scope.within(scope.NOBODY), clock.standing_at(make.at(2028, 5, 31)):
        done = tasks.nightly()

    assert done["mended"] >= 1
    assert Notice.objects.filter(
        case=case, clock=EXPIRY, kind="due", delivered_at__isnull=False
    ).exists()


def test_nightly_twice_is_once(case, facility):
    with clock.standing_at(make.at(2028, 5, 31)):
        tasks.nightly()
        first = Notice.objects.count()
        done = tasks.nightly()

    assert done["mended"] == 0
    assert Notice.objects.count() == first


@pytest.mark.parametrize("fact", ["示例某", "a b", ["ok", "示例：答复"]])
def test_an_event_takes_no_words_among_its_facts(case, fact):
    before = Event.objects.count()

    with pytest.raises(ValueError, match="reason"):
        events.record(case, Event.Kind.GATE_REFUSED, by=None, at=make.NOON, key="A-1", reason=fact)

    assert Event.objects.count() == before


def test_the_words_of_an_event_are_sealed(case):
    event = events.record(
        case, Event.Kind.GATE_REFUSED, by=None, at=make.NOON, words={"code": "示例答复"}
    )

    assert Event.objects.get(pk=event.pk).words == {"code": "示例答复"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM rehab_event WHERE id = %s", [event.pk])
        assert "示例答复".encode() not in bytes(cursor.fetchone()[0])


def test_deadline_owed_by(case, facility):
    Deadline.objects.filter(case=case).update(owed_by="zone_officer")
    mine = make.officer("zone_officer", case.unit)
    other = make.officer("zone_officer", make.unit(facility, Stage.REENTRY))

    assert Deadline.objects.owed_by(mine).exists()
    assert not Deadline.objects.owed_by(other).exists()


def test_deadline_owed_by_a_station(case):
    Deadline.objects.filter(case=case).update(owed_by="aftercare_worker")
    Case.objects.filter(pk=case.pk).update(station=make.station())

    assert Deadline.objects.owed_by(make.officer("aftercare_worker", make.station())).exists()
    assert not Deadline.objects.owed_by(make.officer("bureau_viewer", make.bureau())).exists()


def test_overdue_is_a_question(case):
    end = Deadline.objects.get(case=case, clock=EXPIRY).due_at

    assert not Deadline.objects.overdue(at=end).exists()
    assert Deadline.objects.overdue(at=end + timedelta(seconds=1)).exists()


def test_event_facts_and_subjects(case, facility):
    user = make.officer("facility_leader", facility)

    about_case = events.record(case, Event.Kind.PLACED, by=user, at=make.NOON, bed="x")
    about_user = Event.objects.get(subject_id=user.pk)

    assert (about_case.case, about_case.facility_id, about_case.facts) == (
        case, case.facility_id, {"bed": "x"},
    )  # fmt: skip
    assert (about_user.subject_type, about_user.case, about_user.facility) == (
        "account",
        None,
        None,
    )
    assert events.facility_key(facility) == facility.pk
    assert events.facility_key(make.station()) is None


def test_event_of_a_case_names_it(case):
    with pytest.raises(IntegrityError, match="event_of_a_case_names_it"), transaction.atomic():
        Event.objects.create(
            subject_type="case",
            subject_id=case.pk,
            kind=Event.Kind.PLACED,
            happened_at=make.NOON,
            recorded_at=make.NOON,
        )


def test_next_number_counts_per_series_and_year(facility):
    taken = [
        documents.next_number(facility, kind, year)
        for kind, year in [("a", 2026), ("a", 2026), ("b", 2026), ("a", 2027)]
    ]

    assert taken == [1, 2, 1, 1]


RIGHTS = {
    "name": "示例人",
    "admitted_on": make.NOON.date(),
    "decided_on": make.at(2026, 6, 1).date(),
    "ends_on": make.at(2028, 5, 31).date(),
    "facility": "示例所",
}


def test_make_a_document(case, facility):
    officer = make.officer("intake_officer", facility)

    document = documents.make(case, "rights", "权利义务告知书", RIGHTS, by=officer, at=make.NOON)

    kept = Document.objects.get(pk=document.pk)
    assert kept.number == "（示T01）强戒告〔2026〕1号"
    assert bytes(kept.body).startswith(b"%PDF")
    assert kept.facts["number"] == kept.number
    assert Document.objects.visible_to(officer).get() == kept
    zone_officer = make.officer("zone_officer", make.unit(facility, Stage.REENTRY))
    assert not Document.objects.visible_to(zone_officer).exists()


def test_make_a_document_for_a_name_no_font_has(case, facility):
    officer = make.officer("intake_officer", facility)

    document = documents.make(
        case, "rights", "权利义务告知书", RIGHTS | {"name": "示\U000f0000"},
        by=officer, at=make.NOON,
    )  # fmt: skip

    assert document.facts["name"] == "示〓"
