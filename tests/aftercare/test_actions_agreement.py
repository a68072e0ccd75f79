"""照管协议: asked, signed or not, renewed, withdrawn from; contacts made or tried."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from aftercare import actions, selectors
from aftercare.actions import agreements as agreements_module
from aftercare.models import Agreement, Contact, ContactRule
from aftercare.states import EDGES, AgreementStatus, Manner
from rehab import scope, tasks
from rehab.actions.grants import grant
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Case, Deadline, Document, Event, Notice
from rehab.refusal import Refused
from rehab.states import CaseStatus
from tests.factories import aftercare as out
from tests.factories import rehab as make

S = AgreementStatus
LAST = date(2029, 5, 30)  # of a year signed on the last day


@pytest.fixture
def station(facility):
    return make.station()


@pytest.fixture
def worker(station):
    return make.officer("aftercare_worker", station)


@pytest.fixture
def agreement(case, station):
    """Signed on the last day, before leaving."""
    return out.signed(case, at=out.NOON_OF_LAST_DAY, station=station)


def open_clocks(case):
    return set(Deadline.objects.open().filter(case=case).values_list("clock", flat=True))


def test_offer_agreement(case, station):
    agreement = out.offered(case, station=station)

    assert agreement.status == S.OFFERED
    assert Case.objects.get().station == station
    assert Event.objects.get(kind=Event.Kind.AGREEMENT_OFFERED).facts["station"] == str(station.pk)
    assert Notice.objects.get(role="aftercare_worker").station == station


def test_the_station_sees_nobody_before_the_offer(case, station, worker):
    before = Case.objects.visible_to(worker).count()
    out.offered(case, station=station)

    assert (before, Case.objects.visible_to(worker).count()) == (0, 1)


@pytest.mark.parametrize("make_first", [out.offered, out.signed])
def test_offer_while_one_is_open_or_runs(case, make_first):
    make_first(case)

    with pytest.raises(Refused, match="已有"):
        out.offered(case)

    assert Agreement.objects.count() == 1


def test_offer_after_one_has_ended(case):
    out.signed(case)  # in 2026

    again = out.offered(case, at=out.NOON_OF_LAST_DAY)

    assert again.status == S.OFFERED


def test_offer_after_a_decline(case):
    first = out.offered(case)
    actions.decline_agreement(agreement=first, by=first.offered_by, at=make.NOON)

    assert out.offered(case).status == S.OFFERED


@pytest.mark.parametrize("status", [CaseStatus.ESCAPED, CaseStatus.DIED], ids=lambda s: s.label)
def test_offer_to_nobody(case, status):
    ended = make.NOON if status == CaseStatus.DIED else None
    Case.objects.update(status=status, ended_at=ended)

    with pytest.raises(Refused, match=status.label):
        out.offered(case)


def test_sign_agreement(case, agreement):
    assert agreement.status == S.SIGNED
    assert (agreement.starts_on, agreement.ends_on) == (out.LAST_DAY, LAST)
    assert agreement.consent_version == "2026-1"
    assert agreement.document.number == "（示T01）照管协〔2028〕1号"
    assert agreement.document.facts["first_contact_on"] == "2028年6月7日"
    assert Event.objects.filter(case=case, kind=Event.Kind.AGREEMENT_SIGNED).count() == 1
    assert {"aftercare.first_contact", "aftercare.agreement_end"} <= open_clocks(case)


def test_sign_after_release_counts_the_first_contact_from_signing(case, station):
    out.release(case)
    with standing_at(make.at(2028, 6, 10)):
        agreement = out.signed(case, at=make.at(2028, 6, 10), station=station)

    assert agreement.document.facts["first_contact_on"] == "2028年6月17日"


def test_sign_keeps_the_telephone_sealed(case, station, worker):
    offered = out.offered(case, station=station)

    signed = actions.sign_agreement(agreement=offered, phone="13800000000", by=worker, at=make.NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM aftercare_agreement")
        assert b"13800000000" not in bytes(cursor.fetchone()[0])
    assert signed.document.facts["phone"] == "13800000000"


def test_decline_agreement(case, station, worker):
    offered = out.offered(case, station=station)

    with scope.within(worker.scope_at(make.NOON)):
        declined = actions.decline_agreement(agreement=offered, by=worker, at=make.NOON)

    assert declined.status == S.DECLINED
    assert Case.objects.get().station is None
    assert Event.objects.filter(case=case, kind=Event.Kind.AGREEMENT_DECLINED).count() == 1
    assert not open_clocks(case) & {"aftercare.first_contact", "aftercare.agreement_end"}


def test_a_decline_never_touches_the_release(case):
    offered = out.offered(case)
    actions.decline_agreement(agreement=offered, by=offered.offered_by, at=make.NOON)

    out.release(case)

    assert Case.objects.get().status == CaseStatus.RELEASED


def renew(agreement, worker, *, applied_on=date(2029, 5, 20), at=None):
    at = at or make.at(2029, 5, 20)
    with standing_at(at):
        return actions.renew_agreement(agreement=agreement, applied_on=applied_on, by=worker, at=at)


def test_renew_agreement(case, agreement, worker):
    renewal = renew(agreement, worker)

    agreement.refresh_from_db()
    assert (agreement.status, renewal.status) == (S.RENEWED, S.SIGNED)
    assert (renewal.starts_on, renewal.ends_on) == (date(2029, 5, 31), date(2030, 5, 30))
    assert (renewal.renews, renewal.applied_on) == (agreement, date(2029, 5, 20))
    assert renewal.document.facts["first_contact_on"] == "2029年6月30日"
    ends = Deadline.objects.filter(case=case, clock="aftercare.agreement_end").order_by("due_at")
    assert [row.satisfied_at is not None for row in ends] == [True, False]
    assert Deadline.objects.filter(case=case, clock="aftercare.first_contact").count() == 1


def test_renew_twice_is_once(agreement, worker):
    renew(agreement, worker)

    with pytest.raises(Refused, match="已续签"):
        renew(agreement, worker)


def test_renew_an_ended_one_by_an_application_in_time(agreement, worker):
    renewal = renew(agreement, worker, applied_on=LAST, at=make.at(2029, 6, 6))

    assert renewal.starts_on == date(2029, 5, 31)


def test_renew_an_ended_one_too_late(agreement, worker):
    with pytest.raises(Refused, match="续签最迟 2029-06-06"):
        renew(agreement, worker, applied_on=LAST, at=make.at(2029, 6, 7))


def test_renew_an_ended_one_by_a_late_application(agreement, worker):
    with pytest.raises(Refused, match="期满之后"):
        renew(agreement, worker, applied_on=date(2029, 6, 1), at=make.at(2029, 6, 2))

    assert Agreement.objects.count() == 1


def test_withdraw_agreement(case, agreement, worker):
    with scope.within(worker.scope_at(make.NOON)):
        withdrawn = actions.withdraw_agreement(
            agreement=agreement, by=worker, at=out.NOON_OF_LAST_DAY
        )

    assert withdrawn.status == S.WITHDRAWN
    assert withdrawn.closed_at == out.NOON_OF_LAST_DAY
    assert Case.objects.get().station is None
    assert not open_clocks(case) & {"aftercare.first_contact", "aftercare.agreement_end"}
    assert Event.objects.filter(case=case, kind=Event.Kind.AGREEMENT_WITHDRAWN).count() == 1


def test_withdraw_ends_the_whole_chain(agreement, worker):
    renewal = renew(agreement, worker)

    actions.withdraw_agreement(agreement=renewal, by=worker, at=make.at(2029, 5, 21))

    assert set(Agreement.objects.values_list("status", flat=True)) == {S.WITHDRAWN}


def test_withdraw_from_a_later_year_keeps_the_one_that_ended(agreement, worker):
    renewal = renew(agreement, worker)

    actions.withdraw_agreement(agreement=renewal, by=worker, at=make.at(2029, 6, 1))

    agreement.refresh_from_db()
    assert agreement.status == S.RENEWED


def test_withdraw_from_what_has_ended(agreement, worker):
    with pytest.raises(Refused, match="不必退出"):
        actions.withdraw_agreement(agreement=agreement, by=worker, at=make.at(2029, 5, 31))


def in_status(case, status, station, worker):
    """An agreement that came to a status by its legal steps."""
    agreement = out.offered(case, at=out.NOON_OF_LAST_DAY, station=station)
    if status == S.OFFERED:
        return agreement
    at = out.NOON_OF_LAST_DAY
    if status == S.DECLINED:
        return actions.decline_agreement(agreement=agreement, by=worker, at=at)
    agreement = actions.sign_agreement(agreement=agreement, phone="", by=worker, at=at)
    if status == S.RENEWED:
        renew(agreement, worker)
        agreement.refresh_from_db()
    if status == S.WITHDRAWN:
        return actions.withdraw_agreement(agreement=agreement, by=worker, at=at)
    return agreement


ACTS = {
    S.SIGNED: lambda agreement, by: actions.sign_agreement(
        agreement=agreement, phone="", by=by, at=make.at(2029, 5, 20)
    ),
    S.DECLINED: lambda agreement, by: actions.decline_agreement(
        agreement=agreement, by=by, at=make.at(2029, 5, 20)
    ),
    S.RENEWED: renew,
    S.WITHDRAWN: lambda agreement, by: actions.withdraw_agreement(
        agreement=agreement, by=by, at=make.at(2029, 5, 20)
    ),
}


@pytest.mark.parametrize("to", list(ACTS), ids=lambda status: f"到{status.label}")
@pytest.mark.parametrize("at", list(S), ids=lambda status: status.label)
def test_every_edge_and_its_complement(case, station, worker, at, to):
    agreement = in_status(case, at, station, worker)
    before = Event.objects.count()

    if (at, to) in EDGES:
        ACTS[to](agreement, worker)
        assert Event.objects.count() == before + 1
        return
    with pytest.raises(Refused, match=at.label):
        ACTS[to](agreement, worker)

    assert Event.objects.count() == before
    agreement.refresh_from_db()
    assert agreement.status == at


@pytest.mark.parametrize("to", list(ACTS), ids=lambda status: status.label)
def test_every_act_is_atomic(case, station, worker, to, monkeypatch):
    first = {S.SIGNED: S.OFFERED, S.DECLINED: S.OFFERED}.get(to, S.SIGNED)
    agreement = in_status(case, first, station, worker)
    papers = Document.objects.count()

    def fail(*args, **kwargs):
        raise RuntimeError("示例：记录失败")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        ACTS[to](agreement, worker)

    agreement.refresh_from_db()
    assert agreement.status == first
    assert Agreement.objects.count() == 1
    assert Document.objects.count() == papers
    assert Case.objects.get().station == station


# Contacts -------------------------------------------------------------------------------------


def call(agreement, worker, moment, **changed):
    facts = {
        "contacted_at": moment,
        "manner": Manner.PHONE,
        "reached": True,
        "note": "",
        "next_on": None,
        "renewal_discussed": False,
    }
    with standing_at(moment):
        return actions.record_contact(agreement=agreement, by=worker, at=moment, **facts | changed)


def test_record_contact(case, agreement, worker):
    contact = call(agreement, worker, make.at(2028, 6, 3), note=" 找工作 ")

    assert contact.next_on == date(2028, 7, 3)
    assert contact.note == "找工作"
    assert Event.objects.get(kind=Event.Kind.CONTACTED).facts == {
        "key": str(contact.pk),
        "reached": True,
    }
    first = Deadline.objects.get(clock="aftercare.first_contact")
    assert first.satisfied_at == make.at(2028, 6, 3)
    assert Deadline.objects.get(clock="aftercare.next_contact").cycle == "2028-07-03"


def test_not_reached_keeps_the_first_contact_owed(agreement, worker):
    call(agreement, worker, make.at(2028, 6, 3), reached=False)

    assert Deadline.objects.get(clock="aftercare.first_contact").satisfied_at is None
    assert not Deadline.objects.filter(clock="aftercare.next_contact").exists()


def test_a_contact_written_down_after_the_end_closes_what_was_owed(case, agreement, worker):
    call(agreement, worker, make.at(2029, 5, 10), next_on=date(2029, 5, 28))

    late = call(
        agreement, worker, make.at(2029, 6, 6), contacted_at=make.at(2029, 5, 30),
        renewal_discussed=True,
    )  # fmt: skip

    assert late.contacted_at == make.at(2029, 5, 30)
    assert not open_clocks(case) & {"aftercare.next_contact", "aftercare.agreement_end"}


@pytest.mark.parametrize(
    ("made", "written", "why"),
    [
        pytest.param(make.at(2029, 5, 31), make.at(2029, 5, 31), "不能晚于协议期满日", id="次日"),
        pytest.param(make.at(2029, 5, 30), make.at(2029, 6, 7), "补记期限已过", id="八日后"),
    ],
)
def test_no_contact_after_the_end(agreement, worker, made, written, why):
    with pytest.raises(Refused, match=why):
        call(agreement, worker, written, contacted_at=made)

    assert not Contact.objects.exists()


def test_a_contact_written_down_after_a_renewal_belongs_before_it(agreement, worker):
    renewal = renew(agreement, worker)

    early = call(renewal, worker, make.at(2029, 8, 1), contacted_at=make.at(2029, 5, 30))
    later = call(renewal, worker, make.at(2029, 8, 1))

    assert (early.agreement, later.agreement) == (agreement, renewal)


def test_no_contact_before_the_first_link(agreement, worker):
    renewal = renew(agreement, worker)

    with pytest.raises(Refused, match="不能早于协议生效日 2028-05-31"):
        call(renewal, worker, make.at(2029, 8, 1), contacted_at=make.at(2028, 5, 30))


# How long the station sees ------------------------------------------------------------------------


def seen_by(worker, on):
    """What both fences show a station on a day: the case, and whether its file may be read."""
    with standing_at(make.at(on.year, on.month, on.day)):
        by_query = set(Case.objects.visible_to(worker))
        read = Case.objects.opened_to(worker).exists()
        with scope.within(worker.scope_at(make.NOON, on=on)):
            by_fence = set(Case.objects.all())
    assert by_query == by_fence
    return bool(by_fence), read


def test_a_station_that_was_only_asked_reads_no_file(case, station, worker):
    out.offered(case, station=station)

    assert seen_by(worker, out.LAST_DAY) == (True, False)


@pytest.mark.parametrize(
    ("on", "sees", "reads"),
    [
        pytest.param(LAST, True, True, id="最后一日"),
        pytest.param(date(2029, 5, 31), True, False, id="次日只可补记"),
        pytest.param(date(2029, 6, 6), True, False, id="补记最后一日"),
        pytest.param(date(2029, 6, 7), False, False, id="八日后"),
    ],
)
def test_a_stations_sight_ends_with_the_agreement(agreement, worker, on, sees, reads):
    assert seen_by(worker, on) == (sees, reads)


def test_a_renewal_keeps_the_file_open(agreement, worker):
    renew(agreement, worker)

    assert seen_by(worker, date(2029, 8, 1)) == (True, True)


def test_a_scope_without_a_day_shows_a_station_only_who_it_was_asked_for(case, agreement, worker):
    asked = make.case(case.facility)
    out.offered(asked, station=agreement.station)
    known = worker.scope_at(make.NOON)

    with scope.within(scope.Scope(actor=known.actor, stations=known.stations)):
        assert set(Case.objects.all()) == {asked}


def test_a_granted_station_ends_too(case, agreement, facility):
    other = make.officer("aftercare_worker", make.station("另一服务站"))
    chief = make.officer("facility_leader", facility)
    grant(user=other, to=agreement.station, until=make.at(2099, 1, 1), by=chief, at=make.NOON)

    assert seen_by(other, LAST) == (True, True)
    assert seen_by(other, date(2029, 6, 7)) == (False, False)


def test_what_ran_before_is_not_seen_when_asked_anew(case, agreement, worker):
    call(agreement, worker, make.at(2028, 6, 3))
    with standing_at(make.at(2029, 6, 3)):
        again = out.offered(case, at=make.at(2029, 6, 3), station=agreement.station)

        assert list(Agreement.objects.visible_to(worker)) == [again]
        assert not selectors.contacts_of(again, worker).exists()
        assert selectors.contacts_of(again, again.offered_by).count() == 1
    assert not open_clocks(case) & {"aftercare.next_contact", "aftercare.agreement_end"}


def lapse(facility, at):
    with standing_at(at):
        return actions.end_lapsed_agreements(facility=facility, at=at)


def test_a_year_that_ran_out_is_written_down_and_owes_nothing(case, facility, agreement, worker):
    call(agreement, worker, make.at(2028, 6, 3))
    assert lapse(facility, make.at(2029, 6, 6)) == 0

    assert lapse(facility, make.at(2029, 6, 9)) == 1  # two nights were missed

    ended = Event.objects.get(kind=Event.Kind.AGREEMENT_ENDED)
    assert (ended.happened_at, ended.by) == (make.at(2029, 5, 31, 0), None)
    case.refresh_from_db()
    assert (case.station, case.station_reads_until, case.station_sees_until) == (None, None, None)
    assert not open_clocks(case) & {"aftercare.next_contact", "aftercare.agreement_end"}
    assert Deadline.objects.filter(clock="aftercare.first_contact").count() == 1  # it was kept
    assert lapse(facility, make.at(2029, 6, 10)) == 0


def test_a_year_renewed_while_the_night_ran_does_not_run_out(case, agreement, worker):
    renewal = renew(agreement, worker)
    found_before = Case.objects.get()
    found_before.station_sees_until = date(2029, 6, 6)

    assert not agreements_module._end_lapsed(found_before, at=make.at(2029, 6, 9))
    assert list(Agreement.objects.visible_to(worker)) == [agreement, renewal]


def test_the_station_owes_nothing_that_it_does_not_see(agreement, worker):
    with standing_at(make.at(2029, 6, 6)):
        assert Deadline.objects.open().owed_by(worker).exists()
    with standing_at(make.at(2029, 6, 7)):
        assert not Deadline.objects.open().owed_by(worker).exists()


def test_the_night_ends_it_though_another_act_of_the_night_fails(agreement, settings, caplog):
    settings.NIGHTLY_ACTIONS = ["math.sqrt", *settings.NIGHTLY_ACTIONS]

    with standing_at(make.at(2029, 6, 9)), scope.within(scope.NOBODY):
        tasks.nightly()

    assert "math.sqrt waits for the next night" in caplog.text
    assert Event.objects.filter(kind=Event.Kind.AGREEMENT_ENDED).count() == 1


def test_the_database_keeps_a_stations_days_together(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(station_sees_until=LAST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(
            station=make.station(), station_reads_until=LAST, station_sees_until=out.LAST_DAY
        )


def test_contact_under_an_agreement_that_carries_none(case, station, worker):
    offered = out.offered(case, station=station)

    with pytest.raises(Refused, match="征询中"):
        call(offered, worker, make.at(2028, 6, 3))

    assert not Contact.objects.exists()


def test_contact_in_the_future(agreement, worker):
    with pytest.raises(Refused, match="不能晚于现在"):
        call(agreement, worker, make.at(2028, 6, 3), contacted_at=make.at(2028, 6, 3, 13))


def test_contact_is_atomic(agreement, worker, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("示例：记录失败")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        call(agreement, worker, make.at(2028, 6, 3))

    assert not Contact.objects.exists()


def test_contacts_cannot_be_changed(agreement, worker):
    contact = call(agreement, worker, make.at(2028, 6, 3))

    with pytest.raises((InternalError, IntegrityError), match="append-only"), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(reached=False)


def test_a_province_sets_its_own_interval(agreement, worker, facility):
    approver = make.officer("bureau_approver", facility.province)
    for day, days in ((date(2028, 6, 1), 14), (date(2028, 7, 1), 7)):
        actions.set_contact_rule(
            province=facility.province, effective_from=day, interval_days=days, by=approver,
            at=make.NOON,
        )  # fmt: skip

    assert call(agreement, worker, make.at(2028, 5, 31, 13)).next_on == date(2028, 6, 30)
    assert call(agreement, worker, make.at(2028, 6, 3)).next_on == date(2028, 6, 17)
    assert call(agreement, worker, make.at(2028, 7, 1)).next_on == date(2028, 7, 8)


def test_an_interval_is_a_day_or_more(facility):
    approver = make.officer("bureau_approver", facility.province)

    with pytest.raises(Refused, match="间隔日数"):
        actions.set_contact_rule(
            province=facility.province, effective_from=LAST, interval_days=0, by=approver,
            at=make.NOON,
        )  # fmt: skip

    assert not ContactRule.objects.exists()


# What the database keeps ------------------------------------------------------------------------


def test_the_database_refuses_two_that_overlap(agreement):
    twin = Agreement.objects.get(pk=agreement.pk)
    twin.pk, twin.document = None, None
    twin._state.adding = True
    twin.id = Agreement().id
    twin.document = out.signed(make.case(agreement.case.facility)).document

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_without_a_scope_no_agreement_is_seen(agreement, worker):
    call(agreement, worker, make.at(2028, 6, 3))

    with scope.within(scope.NOBODY):
        assert not Agreement.objects.exists()
        assert not Contact.objects.exists()


# Reads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "label"),
    [
        pytest.param(date(2029, 4, 29), "履行中", id="三十一日前"),
        pytest.param(date(2029, 4, 30), "将期满", id="三十日前"),
        pytest.param(LAST, "将期满", id="最后一日"),
        pytest.param(date(2029, 5, 31), "期满", id="次日"),
    ],
)
def test_standing_follows_from_the_day(agreement, on, label):
    assert selectors.standing(agreement, on=on).label == label


def test_standing_of_what_was_never_signed(case):
    offered = out.offered(case)

    assert selectors.standing(offered, on=LAST).label == "征询中"
    with pytest.raises(ValueError, match="never signed"):
        _ = offered.last_day


def test_running_agreement(case, agreement, worker):
    renewal = renew(agreement, worker)

    assert selectors.running_agreement(case, on=date(2028, 5, 30)) is None
    assert selectors.running_agreement(case, on=LAST) == agreement
    assert selectors.running_agreement(case, on=date(2029, 5, 31)) == renewal
    assert selectors.running_agreement(case, on=date(2031, 1, 1)) == renewal


def test_stations_matching(facility, station):
    province = facility.province
    elsewhere = make.station("另一服务站")
    elsewhere.province = make.bureau("另一省戒毒管理局")
    elsewhere.save()

    assert list(selectors.stations_matching("", province=province)) == [station]
    assert list(selectors.stations_matching("另一", province=province)) == [elsewhere]
    code = station.division.code
    assert set(selectors.stations_matching(code[:4], province=province)) == {station, elsewhere}
    above = station.division.parent.name
    assert station in selectors.stations_matching(above, province=province)
    assert not selectors.stations_matching("不存在的地方", province=province).exists()
