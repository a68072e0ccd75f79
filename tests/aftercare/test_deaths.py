"""死亡: who may record it, who is told at once, who confirms it, and what of a wrong record stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftercare import actions, clocks, selectors
from aftercare.clocks import Recorded
from aftercare.models import Death, DeathNotice
from aftercare.states import DeathAudience, Means
from rehab.actions import cases
from rehab.keys import new_key
from rehab.ledgers import deadlines, documents, events
from rehab.models import Case, Deadline, Document, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.rules.days import end_of
from rehab.states import EDGES, FINAL, CaseStatus, ProposalStatus
from tests.aftercare.test_clocks import leaving, rows
from tests.factories import aftercare as out
from tests.factories import zones as zones_make
from zones.states import MoveStatus

NOW = out.NOON_OF_LAST_DAY
MAY_DIE = sorted(at for at, to in EDGES if to == CaseStatus.DIED)
OVER = sorted(FINAL)


def put(case, status):
    """The status of a case as such, whatever led to it."""
    Case.objects.filter(pk=case.pk).update(status=status, ended_at=NOW if status in FINAL else None)


def kinds(case):
    return list(Event.objects.filter(case=case).values_list("kind", flat=True))


def record(case, by, **changed):
    return out.death(case, by=by, **changed)


def confirm(case, by):
    return actions.confirm_death(case=case, by=by, at=NOW)


# Recorded -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", MAY_DIE, ids=lambda one: one.label)
def test_death_from_every_status_in_which_somebody_lives(case, intake, leader, status):
    put(case, status)

    death = record(case, intake)
    assert Case.objects.get().status == status

    confirm(case, leader)
    case = Case.objects.get()
    assert (case.status, case.ended_at) == (CaseStatus.DIED, death.died_at)


@pytest.mark.parametrize("status", OVER, ids=lambda one: one.label)
def test_death_of_whose_case_is_over(case, intake, leader, status):
    put(case, status)

    with pytest.raises(
        Refused, match=f"此人现为“{status.label}”.*《司法行政机关强制隔离戒毒工作规定》"
    ):
        record(case, intake)

    assert not Death.objects.exists()
    assert not Document.objects.exists()
    assert not set(kinds(case)) & {Event.Kind.DEATH_RECORDED, Event.Kind.DIED}


@pytest.mark.parametrize("status", OVER, ids=lambda one: one.label)
def test_a_death_is_not_confirmed_of_whose_case_ended_meanwhile(case, intake, leader, status):
    record(case, intake)
    put(case, status)

    with pytest.raises(Refused, match=status.label):
        confirm(case, leader)

    assert Death.objects.get().status == ProposalStatus.PROPOSED
    assert Event.Kind.DIED not in kinds(case)


def test_a_recorded_death_is_told_of_while_nobody_has_confirmed_it(case, intake):
    death = record(case, intake)

    owed = Deadline.objects.open().filter(case=case, clock=clocks.DEATH_TOLD)
    assert set(owed.values_list("cycle", flat=True)) == set(DeathAudience.values)
    assert {one.due_at for one in owed} == {end_of(death.learned_at.date())}
    waits = Deadline.objects.open().get(case=case, clock=clocks.DEATH_CONFIRMED)
    assert waits.owed_by == "facility_leader"
    told = Notice.objects.filter(clock=Event.Kind.DEATH_RECORDED)
    assert set(told.values_list("role_id", flat=True)) == {"facility_leader", "bureau_approver"}
    letters = {one.audience: one.document.facts["recipient"] for one in death.notices.all()}
    assert letters[DeathAudience.AUTHORITY] == case.facility.bureau.name
    assert letters[DeathAudience.DECIDING_AUTHORITY] == case.decision.authority
    assert letters[DeathAudience.FAMILY] == "家属"
    assert all(one.document.is_typeset for one in death.notices.all())


def test_a_recorded_death_lets_the_living_go(case, intake):
    """A record may be wrong: until it is confirmed nobody is kept by it."""
    record(case, intake)

    out.release(case, by=intake)

    assert Case.objects.get().status == CaseStatus.RELEASED
    assert not Deadline.objects.filter(
        clock__in=(clocks.DEATH_TOLD, clocks.DEATH_CONFIRMED)
    ).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"died_at": NOW - timedelta(days=2000)}, "早于入所时间"),
        ({"learned_at": NOW - timedelta(hours=7)}, "“得知时间”早于死亡时间"),
        ({"learned_at": NOW + timedelta(minutes=1)}, "“得知时间”晚于现在"),
        ({"place": " "}, "“死亡地点”不能为空"),
        ({"manner": ""}, "“死亡经过”不能为空"),
        ({"established_by": ""}, "“认定人”不能为空"),
    ],
)
def test_a_death_that_cannot_be_so(case, intake, changed, said):
    with pytest.raises(Refused, match=said):
        record(case, intake, **changed)

    assert not Death.objects.exists()
    assert not Document.objects.exists()


def test_a_death_learned_of_this_minute(case, intake):
    assert record(case, intake, learned_at=NOW, died_at=NOW).learned_at == NOW


def test_a_death_is_recorded_once(case, intake):
    record(case, intake)

    with pytest.raises(Refused, match="已有死亡登记"):
        record(case, intake)
    again = Death.objects.get()
    again.pk = new_key()
    with pytest.raises(IntegrityError, match="nobody_dies_twice"), transaction.atomic():
        again.save(force_insert=True)


def test_a_letter_that_cannot_be_typeset_waits(case, intake, monkeypatch):
    monkeypatch.setattr(documents, "_typeset", _falls)

    death = record(case, intake)

    assert not any(one.document.is_typeset for one in death.notices.all())


def _falls(*given, **named):
    raise RuntimeError("no typesetter")


@pytest.mark.parametrize("act", ["record", "tell", "confirm", "withdraw"])
def test_nothing_of_it_stays_when_the_event_fails(case, intake, leader, monkeypatch, act):
    if act != "record":
        record(case, intake)
    before = list(Death.objects.values()), list(DeathNotice.objects.values()), kinds(case)
    monkeypatch.setattr(events, "record", _falls)

    with pytest.raises(RuntimeError):
        {
            "record": lambda: record(case, intake),
            "tell": lambda: tell(case, intake),
            "confirm": lambda: confirm(case, leader),
            "withdraw": lambda: withdraw(case, intake),
        }[act]()

    assert (list(Death.objects.values()), list(DeathNotice.objects.values()), kinds(case)) == before
    assert Case.objects.get().status == CaseStatus.IN_FACILITY
    assert Placement.objects.filter(case=case, period__endswith__isnull=True).exists()


# Told ---------------------------------------------------------------------------------------------


def tell(case, by, audience=DeathAudience.FAMILY, **changed):
    return actions.record_told_of_death(
        case=case, told=out.told(audience, **changed), by=by, at=NOW
    )


def test_who_was_told_is_owed_no_more(case, intake):
    record(case, intake)

    for audience in DeathAudience:
        tell(case, intake, audience)

    assert not Deadline.objects.open().filter(clock=clocks.DEATH_TOLD).exists()
    one = DeathNotice.objects.get(audience=DeathAudience.FAMILY)
    assert (one.told_at, one.means, one.told_by, one.received_by) == (
        NOW, Means.PHONE, intake, "示例接收人",
    )  # fmt: skip
    event = Event.objects.filter(kind=Event.Kind.DEATH_TOLD).last()
    assert event.facts["audience"] in DeathAudience.values
    with pytest.raises(Refused, match="各告知对象都已告知"):
        tell(case, intake)


def test_somebody_is_told_after_it_was_confirmed(case, intake, leader):
    record(case, intake)
    confirm(case, leader)

    tell(case, intake)

    owed = Deadline.objects.open().filter(case=case, clock=clocks.DEATH_TOLD)
    assert DeathAudience.FAMILY not in owed.values_list("cycle", flat=True)
    assert len(owed) == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"told_at": NOW + timedelta(minutes=1)}, "“告知时间”晚于现在"),
        ({"told_at": NOW - timedelta(hours=7)}, "“告知时间”早于死亡时间"),
        ({"received_by": " "}, "“接收人”不能为空"),
    ],
)
def test_telling_that_cannot_be_so(case, intake, changed, said):
    record(case, intake)

    with pytest.raises(Refused, match=said):
        tell(case, intake, **changed)

    assert not DeathNotice.objects.filter(told_at__isnull=False).exists()
    assert Event.Kind.DEATH_TOLD not in kinds(case)


def test_what_was_written_of_a_telling_stands(case, intake):
    record(case, intake)
    tell(case, intake)

    with pytest.raises(Refused, match="已于 2028-05-31 12:00 告知"):
        tell(case, intake, means=Means.LETTER)

    assert DeathNotice.objects.get(audience=DeathAudience.FAMILY).means == Means.PHONE


@pytest.mark.parametrize("act", ["tell", "confirm", "withdraw"])
def test_nothing_is_done_about_a_death_that_nobody_recorded(case, intake, leader, act):
    with pytest.raises(Refused, match="此人没有死亡登记"):
        {
            "tell": lambda: tell(case, intake),
            "confirm": lambda: confirm(case, leader),
            "withdraw": lambda: withdraw(case, intake),
        }[act]()


# Confirmed ----------------------------------------------------------------------------------------


def test_confirmed_the_bed_is_free_and_the_case_is_over(case, intake, leader):
    death = record(case, intake)

    confirm(case, leader)

    assert not Placement.objects.filter(case=case, period__endswith__isnull=True).exists()
    event = Event.objects.get(kind=Event.Kind.DIED)
    assert (event.happened_at, event.by) == (death.died_at, leader)
    assert event.facts["changes"]["status"] == ["in_facility", "died"]
    assert not Deadline.objects.open().exclude(clock=clocks.DEATH_TOLD).filter(case=case).exists()
    told = Notice.objects.filter(clock=Event.Kind.DIED)
    assert set(told.values_list("role_id", flat=True)) == {"intake_officer", "bureau_approver"}


def test_confirmed_a_move_under_way_is_ended(facility, intake, leader):
    zones_make.set_rules()
    case = zones_make.ready(facility)
    move = zones_make.in_transit(case, zones_make.Crew(facility))
    record(case, intake)

    confirm(case, leader)

    move.refresh_from_db()
    assert move.status == MoveStatus.WITHDRAWN
    assert not Placement.objects.filter(case=case, period__endswith__isnull=True).exists()


def test_nobody_confirms_what_he_recorded(case, leader):
    record(case, leader)

    with pytest.raises(Refused, match="须由另一名所领导确认"):
        confirm(case, leader)
    with (
        pytest.raises(IntegrityError, match="two_people_establish_a_death"),
        transaction.atomic(),
    ):
        Death.objects.update(status="confirmed", decided_by=leader, decided_at=NOW)

    assert Case.objects.get().status == CaseStatus.IN_FACILITY


def test_a_recorder_without_a_post_is_told_at_the_gate(case, intake, leader):
    record(case, intake)
    intake.posting = None
    intake.save(update_fields=["posting"])

    confirm(case, leader)

    roles = Notice.objects.filter(clock=Event.Kind.DIED).values_list("role_id", flat=True)
    assert "intake_officer" in roles


# Taken back ---------------------------------------------------------------------------------------


def withdraw(case, by, reason="姓名登记错误"):
    return actions.withdraw_death(case=case, reason=reason, by=by, at=NOW)


def test_a_wrong_record_is_taken_back(case, intake, leader):
    death = record(case, intake)

    withdraw(case, leader)

    assert Case.objects.get().status == CaseStatus.IN_FACILITY
    assert not Deadline.objects.filter(
        clock__in=(clocks.DEATH_TOLD, clocks.DEATH_CONFIRMED)
    ).exists()
    event = Event.objects.get(kind=Event.Kind.DEATH_WITHDRAWN)
    assert event.corrects.kind == Event.Kind.DEATH_RECORDED
    assert event.words == {"why": "姓名登记错误"}
    assert Death.objects.get(pk=death.pk).withdrawal == "姓名登记错误"
    assert selectors.death_of(case) is None
    assert record(case, intake).pk != death.pk  # and may be recorded anew


def test_a_record_is_not_taken_back_without_a_reason(case, intake):
    record(case, intake)

    with pytest.raises(Refused, match="“撤回理由”不能为空"):
        withdraw(case, intake, " ")

    assert Death.objects.get().status == ProposalStatus.PROPOSED


def test_a_confirmed_death_is_neither_taken_back_nor_confirmed_again(case, intake, leader):
    record(case, intake)
    confirm(case, leader)

    with pytest.raises(Refused, match="死亡登记已确认，不能再撤回"):
        withdraw(case, intake)
    with pytest.raises(Refused, match="死亡登记已确认，不能再确认"):
        confirm(case, leader)

    assert Case.objects.get().status == CaseStatus.DIED


# Clocks -------------------------------------------------------------------------------------------

RECORDED = Recorded(NOW, NOW + timedelta(days=1), None, (("family", None), ("authority", NOW)))


def test_the_clocks_of_a_death():
    told = rows(leaving(death=RECORDED), clocks.DEATH_TOLD)
    (waits,) = rows(leaving(death=RECORDED), clocks.DEATH_CONFIRMED)

    assert [(one.cycle, one.satisfied_at) for one in told] == [("family", None), ("authority", NOW)]
    assert {one.due_at for one in told} == {end_of(NOW.date())}
    assert waits.due_at == end_of((NOW + timedelta(days=1)).date())


@pytest.mark.parametrize("status", OVER, ids=lambda one: one.label)
def test_of_who_left_alive_nothing_is_owed(status):
    facts = leaving(death=RECORDED, status=status, ended_at=NOW)

    assert bool(rows(facts, clocks.DEATH_TOLD)) == (status == CaseStatus.DIED)


def test_rebuilding_gives_the_same(case, intake, leader):
    record(case, intake)
    tell(case, intake)
    confirm(case, leader)

    assert deadlines.refresh([cases.lock(case)]).mended == 0


# Pages --------------------------------------------------------------------------------------------


def page(name, case):
    return reverse(f"aftercare:{name}", args=[case.number])


def text(answer):
    return answer.content.decode()


FORM = {
    "died_at": "2028-05-31T03:20",
    "learned_at": "2028-05-31T03:30",
    "place": "示例医院",
    "established_by": "示例医师",
    "manner": "示例经过",
}


def test_death_pages_from_record_to_confirmation(client, case, intake, leader):
    client.force_login(intake)
    assert "登记死亡" in text(client.get(page("death-detail", case)))

    answer = client.post(page("death-create", case), FORM)
    assert answer.status_code == 302
    told = {
        "audience": "authority", "means": "phone", "told_at": "2028-05-31T04:00",
        "received_by": "省局值班室",
    }  # fmt: skip
    assert client.post(page("death-tell", case), told).status_code == 302
    shown = text(client.get(page("death-detail", case)))
    assert "省局值班室" in shown
    assert shown.count("未告知") == 3
    assert "待所领导确认" in shown

    client.force_login(leader)
    assert client.post(page("death-confirm", case)).status_code == 302
    assert Case.objects.get().status == CaseStatus.DIED
    assert "死亡" in text(client.get(reverse("reporting:case-detail", args=[case.number])))


def test_death_withdraw_page(client, case, intake):
    record(case, intake)
    client.force_login(intake)

    refused = client.post(page("death-withdraw", case), {"reason": ""})
    done = client.post(page("death-withdraw", case), {"reason": "登记错误"})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert Death.objects.get().status == ProposalStatus.WITHDRAWN


def test_death_create_refused_keeps_what_was_typed(client, case, intake):
    client.force_login(intake)

    answer = client.post(page("death-create", case), FORM | {"learned_at": "2028-05-31T02:00"})

    assert answer.status_code == 422
    assert "“得知时间”早于死亡时间" in text(answer)
    assert "示例经过" in text(answer)
    assert not Death.objects.exists()


def test_a_leader_reads_that_he_may_not_confirm_his_own(client, case, leader):
    record(case, leader)
    client.force_login(leader)

    answer = client.post(page("death-confirm", case))

    assert answer.status_code == 422
    assert "须由另一名所领导确认" in text(answer)


def test_the_file_says_how_a_death_was_recorded(client, case, intake, leader):
    record(case, intake)
    tell(case, intake)
    withdraw(case, intake)
    client.force_login(leader)

    said = text(client.get(reverse("reporting:case-detail", args=[case.number]), {"tab": "events"}))

    for words in ("登记死亡", "家属，电话", "登记有误"):
        assert words in said
