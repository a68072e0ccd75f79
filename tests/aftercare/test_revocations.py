"""决定撤销: whoever is here leaves the same day; no paper and no second signature keeps him."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftercare import actions, clocks, selectors
from aftercare.models import Revocation
from aftercare.states import RevokedBy
from rehab.clock import standing_at
from rehab.keys import new_key
from rehab.ledgers import events
from rehab.models import Case, Deadline, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.rules.days import end_of
from rehab.states import EDGES, FINAL, CaseStatus, ProposalStatus
from tests.aftercare.test_clocks import leaving, rows
from tests.aftercare.test_deaths import OVER, put
from tests.factories import aftercare as out
from tests.factories import zones as zones_make
from zones.states import MoveStatus

NOW = out.NOON_OF_LAST_DAY
TOMORROW = NOW + timedelta(days=1)
MAY_GO = sorted(at for at, to in EDGES if to == CaseStatus.REVOKED)


def record(case, by, **changed):
    return out.revocation(case, by=by, **changed)


def go(case, by, *, at=NOW, **answers):
    return actions.let_go(case=case, answers=answers, by=by, at=at)


def withdraw(case, by, reason="撤销的是另一人的决定"):
    return actions.withdraw_revocation(case=case, reason=reason, by=by, at=NOW)


def kinds(case):
    return set(Event.objects.filter(case=case).values_list("kind", flat=True))


def lies_in(case):
    return Placement.objects.filter(case=case, period__endswith__isnull=True).exists()


@pytest.mark.parametrize("status", MAY_GO, ids=lambda one: one.label)
def test_revoked_from_every_status_in_which_a_case_runs(case, intake, leader, status):
    put(case, status)

    record(case, intake)
    assert Case.objects.get().status == status

    go(case, leader)
    case = Case.objects.get()
    assert (case.status, case.ended_at) == (CaseStatus.REVOKED, NOW)


@pytest.mark.parametrize("status", OVER, ids=lambda one: one.label)
def test_revoked_of_whose_case_is_over(case, intake, status):
    put(case, status)

    with pytest.raises(Refused, match=f"此人现为“{status.label}”.*《禁毒法》第四十条第二款"):
        record(case, intake)

    assert not Revocation.objects.exists()
    assert Event.Kind.REVOCATION_RECORDED not in kinds(case)


@pytest.mark.parametrize("status", OVER, ids=lambda one: one.label)
def test_nobody_leaves_twice(case, intake, leader, status):
    record(case, intake)
    put(case, status)

    with pytest.raises(Refused, match=f"此人现为“{status.label}”.*《禁毒法》第四十条第二款"):
        go(case, leader)

    assert Revocation.objects.get().status == ProposalStatus.PROPOSED
    assert Event.Kind.REVOKED not in kinds(case)


def test_recorded_he_leaves_the_same_day(case, intake):
    record(case, intake)

    owed = Deadline.objects.open().get(case=case, clock=clocks.REVOCATION)
    assert (owed.due_at, owed.owed_by) == (end_of(NOW.date()), "intake_officer")
    told = Notice.objects.filter(clock=Event.Kind.REVOCATION_RECORDED)
    assert set(told.values_list("role_id", flat=True)) == {
        "intake_officer", "facility_leader", "bureau_approver",
    }  # fmt: skip


def test_let_go_by_another_leader_nothing_is_asked(case, intake, leader):
    record(case, intake)

    made = go(case, leader)

    assert (made.status, made.decided_by, made.answers) == ("confirmed", leader, None)
    assert not lies_in(case)
    assert not Deadline.objects.open().filter(case=case).exists()
    event = Event.objects.get(kind=Event.Kind.REVOKED)
    assert event.facts["changes"]["status"] == ["in_facility", "revoked"]
    assert event.facts["answered"] == []


def test_let_go_in_the_middle_of_a_move(facility, intake, leader):
    zones_make.set_rules()
    case = zones_make.ready(facility)
    move = zones_make.in_transit(case, zones_make.Crew(facility))
    record(case, intake)

    go(case, leader)

    move.refresh_from_db()
    assert move.status == MoveStatus.WITHDRAWN
    assert not lies_in(case)


def test_a_missing_second_person_never_keeps_him(case, intake):
    record(case, intake)

    with pytest.raises(Refused, match="须先答复：不是另一名所领导办理"):
        go(case, intake, no_leader=" ")
    assert Case.objects.get().status == CaseStatus.IN_FACILITY

    go(case, intake, no_leader="夜间一人值守", kept_on="没有人问")

    assert Case.objects.get().status == CaseStatus.REVOKED
    assert Revocation.objects.get().answers == {"no_leader": "夜间一人值守"}
    assert Event.objects.get(kind=Event.Kind.REVOKED).facts["answered"] == ["no_leader"]
    told = Notice.objects.filter(clock=Event.Kind.REVOKED)
    assert set(told.values_list("role_id", flat=True)) == {"facility_leader", "bureau_approver"}


def test_a_leader_who_recorded_it_is_not_the_second(case, leader):
    record(case, leader)

    with pytest.raises(Refused, match="不是另一名所领导办理"):
        go(case, leader)
    with (
        pytest.raises(IntegrityError, match="who_let_him_go_alone_says_why"),
        transaction.atomic(),
    ):
        Revocation.objects.update(status="confirmed", decided_by=leader, decided_at=NOW)


def test_who_was_kept_on_is_let_go_with_the_reason(case, intake, leader):
    record(case, intake)

    with standing_at(TOMORROW):
        with pytest.raises(Refused, match="收到撤销决定已 1 日"):
            go(case, leader, at=TOMORROW)
        go(case, leader, at=TOMORROW, kept_on="联系家属来接")

    assert Case.objects.get().status == CaseStatus.REVOKED


def test_a_clock_that_fails_keeps_nobody(case, intake, leader, monkeypatch):
    record(case, intake)
    monkeypatch.setattr(clocks, "facts", _falls)

    go(case, leader)

    assert Case.objects.get().status == CaseStatus.REVOKED


def _falls(*given, **named):
    raise RuntimeError("it fell")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"organ": " "}, "“撤销机关”不能为空"),
        ({"revoked_on": NOW.date() - timedelta(days=1000)}, "“撤销日期”早于决定日期"),
        ({"revoked_on": NOW.date() + timedelta(days=1)}, "“收到时间”早于撤销日期"),
        ({"received_at": NOW + timedelta(minutes=1)}, "“收到时间”晚于现在"),
    ],
)
def test_a_revocation_that_cannot_be_so(case, intake, changed, said):
    with pytest.raises(Refused, match=said):
        record(case, intake, **changed)

    assert not Revocation.objects.exists()


def test_a_paper_that_has_not_come_keeps_nobody(case, intake, leader):
    assert record(case, intake, number="").number is None

    assert go(case, leader).status == ProposalStatus.CONFIRMED


def test_a_revocation_is_recorded_once(case, intake):
    record(case, intake)

    with pytest.raises(Refused, match="决定撤销已登记"):
        record(case, intake)
    again = Revocation.objects.get()
    again.pk = new_key()
    with pytest.raises(IntegrityError, match="a_decision_is_revoked_once"), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.parametrize("act", ["record", "go", "withdraw"])
def test_nothing_of_it_stays_when_the_event_fails(case, intake, leader, monkeypatch, act):
    if act != "record":
        record(case, intake)
    before = list(Revocation.objects.values()), kinds(case)
    monkeypatch.setattr(events, "record", _falls)

    with pytest.raises(RuntimeError):
        {
            "record": lambda: record(case, intake),
            "go": lambda: go(case, leader),
            "withdraw": lambda: withdraw(case, leader),
        }[act]()

    assert (list(Revocation.objects.values()), kinds(case)) == before
    assert Case.objects.get().status == CaseStatus.IN_FACILITY
    assert lies_in(case)


# Taken back ---------------------------------------------------------------------------------------


def test_a_wrong_record_is_taken_back_by_another_leader(case, intake, leader):
    record(case, intake)

    withdraw(case, leader)

    assert Case.objects.get().status == CaseStatus.IN_FACILITY
    assert not Deadline.objects.filter(clock=clocks.REVOCATION).exists()
    event = Event.objects.get(kind=Event.Kind.REVOCATION_WITHDRAWN)
    assert event.corrects.kind == Event.Kind.REVOCATION_RECORDED
    assert event.words == {"why": "撤销的是另一人的决定"}
    assert selectors.revocation_of(case) is None
    assert record(case, intake).status == ProposalStatus.PROPOSED


def test_nobody_takes_back_what_he_recorded(case, leader):
    """It keeps somebody: one alone may not."""
    record(case, leader)

    with pytest.raises(Refused, match="须由另一名所领导撤回"):
        withdraw(case, leader)
    with (
        pytest.raises(IntegrityError, match="two_people_take_a_revocation_back"),
        transaction.atomic(),
    ):
        Revocation.objects.update(
            status="withdrawn", decided_by=leader, decided_at=NOW, withdrawal="x"
        )


def test_a_revocation_is_not_taken_back_without_a_reason(case, intake, leader):
    record(case, intake)

    with pytest.raises(Refused, match="“撤回理由”不能为空"):
        withdraw(case, leader, " ")


def test_who_has_left_is_not_called_back(case, intake, leader):
    record(case, intake)
    go(case, leader)

    with pytest.raises(Refused, match="已按决定撤销离所，不能再撤回"):
        withdraw(case, leader)
    with pytest.raises(Refused, match="已按决定撤销离所，不能再办理离所"):
        go(case, leader)


@pytest.mark.parametrize("act", [go, withdraw])
def test_nothing_is_done_about_what_nobody_recorded(case, leader, act):
    with pytest.raises(Refused, match="此人没有决定撤销登记"):
        act(case, leader)


@pytest.mark.parametrize("status", sorted(FINAL), ids=lambda one: one.label)
def test_of_whose_case_ended_otherwise_nothing_is_owed(status):
    facts = leaving(revocation_at=NOW, let_go_at=TOMORROW, status=status, ended_at=NOW)

    assert bool(rows(facts, clocks.REVOCATION)) == (status == CaseStatus.REVOKED)


# Pages --------------------------------------------------------------------------------------------


def page(name, case):
    return reverse(f"aftercare:{name}", args=[case.number])


def text(answer):
    return answer.content.decode()


FORM = {
    "revoked_by": RevokedBy.COURT.value,
    "organ": "示例县人民法院",
    "number": "",
    "revoked_on": "2028-05-31",
    "received_at": "2028-05-31T11:00",
}


def test_revocation_pages_from_record_to_departure(client, case, intake, leader):
    client.force_login(intake)
    assert "登记决定撤销" in text(client.get(page("revocation-detail", case)))
    refused = client.post(page("revocation-create", case), FORM | {"organ": ""})
    assert refused.status_code == 422
    assert client.post(page("revocation-create", case), FORM).status_code == 302
    shown = text(client.get(page("revocation-detail", case)))
    assert "尚未离所，不得继续留所" in shown

    alone = client.post(page("revocation-leave", case), {"is_he": "on"})
    assert alone.status_code == 422
    assert "“没有另一名所领导办理的原因”不能为空" in text(alone)

    client.force_login(leader)
    unchecked = client.post(page("revocation-leave", case), {})
    assert "“已核对本人，是决定所指的人”须勾选" in text(unchecked)
    assert client.post(page("revocation-leave", case), {"is_he": "on"}).status_code == 302
    assert Case.objects.get().status == CaseStatus.REVOKED


def test_revocation_leave_of_who_is_not_here(client, case, intake, leader):
    record(case, intake)
    put(case, CaseStatus.ESCAPED)
    client.force_login(leader)

    assert client.post(page("revocation-leave", case), {}).status_code == 302


def test_revocation_withdraw_page(client, case, intake, leader):
    record(case, intake)
    client.force_login(leader)

    assert client.post(page("revocation-withdraw", case), {"reason": ""}).status_code == 422
    assert client.post(page("revocation-withdraw", case), {"reason": "登记错误"}).status_code == 302
    said = text(client.get(reverse("reporting:case-detail", args=[case.number]), {"tab": "events"}))
    assert "登记有误" in said


def test_revocation_withdraw_page_of_ones_own(client, case, leader):
    record(case, leader)
    client.force_login(leader)

    answer = client.post(page("revocation-withdraw", case), {"reason": "登记错误"})

    assert answer.status_code == 422
    assert "须由另一名所领导撤回" in text(answer)


def test_nothing_is_asked_where_nothing_was_revoked(leader):
    assert selectors.departure_cautions(None, by=leader, at=NOW) == ()
