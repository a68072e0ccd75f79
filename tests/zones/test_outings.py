"""外出探视: asked for by one, approved by another, used once; late is only late; a positive test bars nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftercare.selectors import release_obstacles
from centers.assessment.selectors.opinions import ground_obstacles
from centers.assessment.selectors.past_year import past_year, ways
from centers.assessment.selectors.told import told_facts
from centers.medical.actions import record_drug_test
from intake import clocks
from rehab import scope, statutes
from rehab.actions import term_decisions
from rehab.actions.absences import record_departure
from rehab.actions.cases import close_case, lock
from rehab.clock import day_of, standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Absence, Case, Deadline, Document, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.selectors.term import term_facts
from rehab.states import AbsenceKind, CaseStatus, TermDecisionKind
from tests.factories import absences as away
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import transfers as road
from tests.factories.transfers import Sides
from zones import actions
from zones.models import FacilityTransfer, Outing
from zones.rules.outings import going_obstacles, request_obstacles
from zones.selectors.outings import outing_of
from zones.selectors.rollcall import roll_call
from zones.states import OUTING_EDGES, OutingStatus

pytestmark = pytest.mark.django_db
AT, TODAY = away.LEFT, day_of(away.LEFT)
LATER = TODAY + timedelta(days=300)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(away.BACK), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def case(facility):
    return door.case(facility)


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)


def newest(case):
    """The key of what the officer reads."""
    outing = outing_of(case)
    return str(outing.pk) if outing else ""


def approve(case, by):
    return actions.approve_outing(case=case, seen=newest(case), by=by, at=AT)


def refuse(case, by, reason="材料不实"):
    return actions.return_outing(case=case, seen=newest(case), reason=reason, by=by, at=AT)


def withdraw(case, by, reason="家中已安排妥当"):
    return actions.withdraw_outing(case=case, seen=newest(case), reason=reason, by=by, at=AT)


def go(case, by):
    departure = away.departure(AbsenceKind.HOME_VISIT, at=AT)
    return actions.leave_facility(case=case, departure=departure, by=by, at=AT)


def due(case, clock):
    return Deadline.objects.filter(case=case, clock=clock)


# The rule ----------------------------------------------------------------------------------------

REQUEST = away.outing_request()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, [], id="证明齐全"),
        pytest.param({"ground": "incentive", "proof_by": "", "papers": ""}, [], id="奖励不须证明"),
        pytest.param({"proof_by": ""}, ["约第二十四条，未经确认"], id="无出具单位"),
        pytest.param({"papers": " "}, ["约第二十四条，未经确认"], id="无证明材料"),
        pytest.param({"kin": "friend"}, ["《禁毒法》第四十六条"], id="不是直系亲属"),
        pytest.param({"whom": " ", "place": ""}, ["“探视何人”", "“探视地点”"], id="何人何处"),
        pytest.param({"returns_on": TODAY + timedelta(days=9)}, [], id="十日"),
        pytest.param(
            {"returns_on": TODAY + timedelta(days=10)}, ["共 11 日.*约第二十五条，未经确认"], id="十一日"
        ),
        pytest.param({"returns_on": TODAY - timedelta(days=1)}, ["早于外出日期", "已过"], id="先回后出"),
        pytest.param({"leaves_on": TODAY - timedelta(days=1), "returns_on": TODAY}, [], id="今日回"),
        pytest.param(
            {"leaves_on": LATER, "returns_on": LATER + timedelta(days=1)}, ["《司法.*第五十八条"],
            id="过期满日",
        ),
        pytest.param({"leaves_on": LATER, "returns_on": LATER}, [], id="期满日当日回"),
    ],
)  # fmt: skip
def test_what_may_be_asked_for(changed, said):
    found = request_obstacles(replace(REQUEST, **changed), ends_on=LATER, on=TODAY)

    assert len(found) == len(said)
    assert all(re.search(words, str(one)) for words, one in zip(said, found, strict=True))


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (2, False), (3, True)])
def test_he_goes_on_a_day_that_was_approved(days, refused):
    found = going_obstacles(
        leaves_on=TODAY,
        returns_on=TODAY + timedelta(days=2),
        left_on=TODAY + timedelta(days=days),
        ends_on=LATER,
    )

    assert bool(found) == refused


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False)])
def test_he_goes_until_his_last_day_as_it_is_now(days, refused):
    back = TODAY + timedelta(days=2)

    found = going_obstacles(
        leaves_on=TODAY, returns_on=back, left_on=TODAY, ends_on=back + timedelta(days=days)
    )

    assert [str(one.article) for one in found] == [str(statutes.RELEASE_ON_EXPIRY)] * refused


# The acts ----------------------------------------------------------------------------------------


def test_from_the_proposal_to_the_test(facility, case, officer, leader):
    bed, ends_on = Placement.objects.get(case=case).bed, case.ends_on
    away.outing(case, by=officer)
    assert due(case, clocks.OUTING).open().get().due_at.date() == TODAY + timedelta(days=1)
    assert set(Notice.objects.filter(clock="outing_proposed").values_list("role_id", flat=True)) == {
        "facility_leader"
    }  # fmt: skip

    outing = approve(case, leader)
    assert not due(case, clocks.OUTING).open().exists()
    assert bytes(outing.document.body).startswith(b"%PDF")
    assert outing.document.facts["whom"] == "示例父亲"

    absence = go(case, officer)
    outing.refresh_from_db()
    case.refresh_from_db()
    assert (outing.status, outing.absence) == (OutingStatus.GONE, absence)
    assert absence.expected_on == outing.returns_on
    assert absence.leaving["where"] == "示例市医院"
    assert absence.leaving["paper"] == outing.document.number
    assert (case.status, case.ends_on) == (CaseStatus.IN_FACILITY, ends_on)
    assert Placement.objects.get(case=case, period__endswith__isnull=True).bed == bed
    assert due(case, clocks.HOME_VISIT).open().get().due_at.date() == outing.returns_on

    away.back(case, by=officer)
    assert not due(case, clocks.HOME_VISIT).open().exists()
    assert due(case, clocks.RETURN_TEST).open().get().due_at.date() == day_of(away.BACK)
    for result, still_owed in (("invalid", True), ("positive", False)):
        take_sample(facility, case, result)
        assert due(case, clocks.RETURN_TEST).open().exists() == still_owed
    absence.refresh_from_db()
    assert absence.tested_positive is True
    assert list(case.events.filter(kind="return_tested").values_list("happened_at", flat=True)) == [
        away.BACK
    ]
    assert Case.objects.get(pk=case.pk).ends_on == ends_on


def test_a_positive_test_bars_nothing_while_its_rule_is_recalled(facility, case, officer, leader):
    away.approved_outing(case)
    go(case, officer)
    away.back(case, by=officer)
    take_sample(facility, case, "positive")
    last, kind = case.ends_on - timedelta(days=1), TermDecisionKind.EARLY_RELEASE

    assert not statutes.OUTING_TEST.confirmed
    assert term_facts(case, on=day_of(away.BACK)).barred == frozenset()
    assert "阳性" not in str(ground_obstacles(case, kind, months=None, on=last))
    (listed,) = past_year(leader, on=last)
    ((_, way),) = ways([listed], records=False, on=last)
    assert (listed.stand, way.bar) == ("lacking", None)
    said = told_facts(lock(case, "decision"), on=day_of(away.BACK))["early"]
    assert "可以由本所提出提前解除的意见" in said
    assert "阳性" not in said


def take_sample(facility, case, result):
    one, other = (make.officer("clinician", facility) for _ in range(2))
    return record_drug_test(
        case=case, sample="hair", tested_at=away.BACK, result=result, second=other, by=one,
        at=away.BACK,
    )  # fmt: skip


def test_late_is_an_alarm_and_no_escape(case, officer, leader):
    away.approved_outing(case)
    go(case, officer)
    day_after = away.LEFT + timedelta(days=2)

    with standing_at(day_after):
        deadlines.sweep(case.facility, at=day_after)

    late = Notice.objects.filter(case=case, clock=clocks.HOME_VISIT)
    assert set(late.filter(kind__in=["overdue", "escalated-1", "escalated-2"]).values_list("role_id", flat=True)) == {
        "intake_officer", "facility_leader", "bureau_approver",
    }  # fmt: skip
    case.refresh_from_db()
    assert case.status == CaseStatus.IN_FACILITY
    assert not Absence.objects.filter(kind=AbsenceKind.ESCAPE).exists()

    away.out(case, AbsenceKind.ESCAPE, by=leader, at=day_after)  # this a person says

    assert Case.objects.get(pk=case.pk).status == CaseStatus.ESCAPED
    assert not due(case, clocks.HOME_VISIT).exists()
    assert not due(case, clocks.RETURN_TEST).exists()


def test_on_the_last_day_he_is_released_from_where_he_is(case, officer):
    away.approved_outing(case)
    go(case, officer)
    assert release_obstacles(case, on=case.ends_on) == ()

    close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)
    deadlines.refresh([Case.objects.get(pk=case.pk)])

    assert not due(case, clocks.HOME_VISIT).exists()
    assert not due(case, clocks.RETURN_TEST).exists()


def test_who_is_with_his_family_is_called_out_of_the_roll(case, officer):
    away.approved_outing(case)
    go(case, officer)

    roll = roll_call(make.officer("zone_officer", case.unit), case.unit, at=away.BACK)
    (line,) = roll.away

    assert line.away.kind == AbsenceKind.HOME_VISIT


STEPS = {
    OutingStatus.APPROVED: approve,
    OutingStatus.RETURNED: refuse,
    OutingStatus.WITHDRAWN: withdraw,
    OutingStatus.GONE: go,
}


def put(case, status, officer, leader):
    """An outing that stands so, by the acts that bring it there."""
    away.outing(case, by=officer)
    if status in (OutingStatus.APPROVED, OutingStatus.GONE):
        approve(case, leader)
    if status != OutingStatus.APPROVED and status in STEPS:
        STEPS[status](case, leader)


@pytest.mark.parametrize("at", OutingStatus, ids=lambda one: one.label)
def test_a_step_goes_along_its_edge_alone(case, officer, leader, at):
    put(case, at, officer, leader)

    for to, step in STEPS.items():
        before = list(Outing.objects.values()), Event.objects.count(), Document.objects.count()
        with transaction.atomic():
            if (at, to) in OUTING_EDGES:
                step(case, leader)
                assert Outing.objects.get().status == to
                transaction.set_rollback(True)
                continue
            with pytest.raises(Refused, match=f"外出探视现为“{at.label}”"):
                step(case, leader)
        assert (list(Outing.objects.values()), Event.objects.count(), Document.objects.count()) == before  # fmt: skip


@pytest.mark.parametrize(
    "status",
    [one for one in CaseStatus if one != CaseStatus.IN_FACILITY],
    ids=lambda one: one.label,
)
def test_only_of_who_is_here(case, officer, leader, status):
    ended = {"ended_at": AT} if status in ("released", "converted", "revoked", "died") else {}

    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status=status, **ended)
        with pytest.raises(Refused, match=f"此人现为“{status.label}”.*《禁毒法》第四十六条"):
            away.outing(case, by=officer)
        transaction.set_rollback(True)
    away.outing(case, by=officer)
    Case.objects.filter(pk=case.pk).update(status=status, **ended)
    for act in (approve, refuse):
        with pytest.raises(Refused, match=f"此人现为“{status.label}”"):
            act(case, leader)
    deadlines.refresh([Case.objects.get(pk=case.pk)])
    assert not due(case, clocks.OUTING).exists()
    assert withdraw(case, officer).status == OutingStatus.WITHDRAWN


def test_two_people_and_one_at_a_time(case, officer, leader):
    for act in (approve, refuse, withdraw):
        with pytest.raises(Refused, match="没有提请外出探视"):
            act(case, leader)
    with pytest.raises(Refused, match="没有提请外出探视"):
        go(case, officer)
    outing = away.outing(case, by=leader)
    for act in (approve, refuse):
        with pytest.raises(Refused, match="须由另一名所领导批准"):
            act(case, leader)
    with pytest.raises(Refused, match="已有一次外出探视待批准"):
        away.outing(case, by=officer)
    for act in (refuse, withdraw):
        with pytest.raises(Refused, match="“理由”不能为空"):
            act(case, officer, reason=" ")
    with pytest.raises(IntegrityError, match="not_approved_by_its_proposer"), transaction.atomic():
        Outing.objects.update(decided_by=leader, decided_at=AT, status="returned", reason="示例")
    fields = {"whom": "示例母亲", "place": "示例", "leaves_on": TODAY, "returns_on": TODAY}
    with pytest.raises(IntegrityError, match="one_open_outing_per_case"), transaction.atomic():
        Outing.objects.create(
            case=case, status="proposed", proposed_by=officer, proposed_at=AT, ground="death",
            kin="parent", **fields,
        )  # fmt: skip
    assert Outing.objects.get() == outing


@pytest.mark.parametrize("answer", ["approved", "returned", "withdrawn"])
def test_what_is_answered_is_what_was_read(client, case, officer, leader, answer):
    read = str(away.outing(case, by=officer, at=away.BACK).pk)
    withdraw(case, officer)
    away.outing(case, by=officer, at=away.BACK, ground="incentive", place="别处")
    client.force_login(leader)
    sent = {"of": read, "answer": answer, "reason": "另行安排"}

    refused, again = (client.post(page("detail", case), sent) for _ in range(2))

    for answered in (refused, again):
        assert answered.status_code == 422
        assert "这件外出探视已有变化，请重新打开本页核对" in answered.content.decode()
        assert f'name="of" value="{read}"' in answered.content.decode()
    assert outing_of(case).status == OutingStatus.PROPOSED


def test_it_is_judged_again_when_it_is_approved(case, officer, leader):
    away.outing(case, by=officer)
    Case.objects.filter(pk=case.pk).update(ends_on=TODAY, alarm_on=TODAY)

    with pytest.raises(Refused, match="“回所日期”晚于期满日"):
        approve(case, leader)

    assert Outing.objects.get().status == OutingStatus.PROPOSED
    assert not Document.objects.filter(template="outing").exists()


@pytest.fixture
def old(facility):
    """Of whom a year is executed, so that his last day may come nearer."""
    decided_on = TODAY - timedelta(days=400)
    ends_on = decided_on + timedelta(days=729)
    return make.case(
        facility, decision=make.decision_facts(decided_on=decided_on, printed_ends_on=ends_on)
    )


def end_today(case, leader):
    """By a decision that is served today and confirmed."""
    decision = term_decisions.propose_term_decision(
        case=case,
        paper=served.early(on=TODAY, ends_on=TODAY),
        by=make.officer("assessor", case.facility),
        at=AT,
    )
    term_decisions.confirm_term_decision(decision=decision, by=leader, at=AT)


def test_it_is_judged_again_when_he_leaves(old, officer, leader):
    away.approved_outing(old)
    end_today(old, leader)
    before = list(Outing.objects.values()), Event.objects.count()

    with pytest.raises(Refused, match=f"期满日现为 {TODAY}.*请撤回.*第五十八条"):
        go(old, officer)

    assert (list(Outing.objects.values()), Event.objects.count()) == before
    assert not Absence.objects.exists()


def test_the_officer_and_the_leader_see_that_the_last_day_moved(client, old, officer, leader):
    away.approved_outing(old)
    said = f"期满日现为 {TODAY}，早于这次外出的回所日期"
    gate = reverse("intake:departure-create", args=[old.number])

    def shown(user, url):
        client.force_login(user)
        return client.get(url).content.decode()

    with standing_at(AT):
        assert said not in shown(leader, page("detail", old))
        end_today(old, leader)
        for user in (make.officer("zone_officer", old.unit), leader):
            assert f"{said} {TODAY + timedelta(days=1)}，不能凭此外出" in shown(
                user, page("detail", old)
            )
        assert said in shown(officer, gate)


def test_of_who_is_out_they_see_that_he_is_released_there(client, old, officer, leader):
    away.approved_outing(old)
    go(old, officer)
    end_today(old, leader)
    client.force_login(leader)

    assert f"{TODAY} 当日在外办理解除" in client.get(page("detail", old)).content.decode()

    away.back(old, by=officer)
    assert "当日在外办理解除" not in client.get(page("detail", old)).content.decode()
    assert Outing.objects.get().status == OutingStatus.GONE


def test_an_outing_does_not_travel_to_another_facility(case, leader, there):
    sides = Sides(case.facility, there)
    road.approved(case, sides)
    outing = away.approved_outing(case)

    (transfer,) = FacilityTransfer.objects.all()
    actions.hand_over(
        transfer=transfer, handover=road.handover(), by=sides.gate, at=AT + timedelta(minutes=5)
    )

    outing.refresh_from_db()
    assert (outing.status, outing.withdrawn_by) == (OutingStatus.WITHDRAWN, sides.gate)
    assert "转所移交" in outing.reason
    assert case.events.filter(kind="outing_withdrawn", facts__outing=str(outing.pk)).count() == 1
    told = Notice.objects.filter(case=case, clock="outing_withdrawn")
    assert set(told.values_list("role_id", flat=True)) == {
        "intake_officer", "facility_leader", "zone_officer",
    }  # fmt: skip


@pytest.fixture
def there():
    return make.facility("T02")


def test_what_another_facility_approved_lets_nobody_out(case, there):
    """As it stood in a house that let it travel."""
    sides = Sides(case.facility, there)
    outing = away.approved_outing(case)
    road.received(case, sides)
    Outing.objects.filter(pk=outing.pk).update(status="approved")

    with pytest.raises(Refused, match="转所以前的场所批准"):
        actions.leave_facility(
            case=Case.objects.get(pk=case.pk),
            departure=away.departure(AbsenceKind.HOME_VISIT, at=AT + timedelta(hours=1)),
            by=sides.there,
            at=AT + timedelta(hours=1),
        )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(0, "在外不是脱逃.*《禁毒法》第四十六条", id="当日"),
        pytest.param(1, "在外不是脱逃.*《禁毒法》第四十六条", id="回所日"),
        pytest.param(2, "逾期未回本身不是脱逃.*《戒毒条例》第三十二条", id="次日"),
    ],
)
def test_who_is_with_his_family_has_not_escaped_until_an_officer_says_why(
    case, officer, days, said
):
    away.approved_outing(case)
    go(case, officer)
    at = AT + timedelta(days=days, hours=1)
    ran = away.departure(AbsenceKind.ESCAPE, at=at)

    with pytest.raises(Refused, match=said):
        actions.leave_facility(case=case, departure=replace(ran, facts=" "), by=officer, at=at)
    assert Absence.objects.get().kind == AbsenceKind.HOME_VISIT

    absence = actions.leave_facility(case=case, departure=ran, by=officer, at=at)
    assert absence.leaving["facts"] == ran.facts


def test_the_gate_asks_why_it_is_an_escape(client, case, officer):
    away.approved_outing(case)
    go(case, officer)
    gate = reverse("intake:departure-create", args=[case.number])
    late = AT + timedelta(days=3)
    sent = {
        "kind": "escape", "left_at": f"{day_of(late)} 08:00", "where": "示例县公安局",
        "told_at": f"{day_of(late)} 09:00",
    }  # fmt: skip
    client.force_login(officer)

    with standing_at(late):
        assert "认定脱逃的事实" in client.get(gate).content.decode()
        refused = client.post(gate, sent)
        assert (refused.status_code, "逾期未回本身不是脱逃" in refused.content.decode()) == (
            422,
            True,
        )
        assert client.post(gate, sent | {"facts": "家属证实已不知去向"}).status_code == 302
    tab = client.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    assert "认定脱逃的事实：家属证实已不知去向" in tab


def test_nobody_leaves_for_his_family_by_another_door(case, officer):
    departure = replace(away.departure(AbsenceKind.HOME_VISIT), paper="")

    with pytest.raises(Refused, match=r"须经批准.*《禁毒法》第四十六条"):
        record_departure(case=case, departure=departure, by=officer, at=AT)


def _falls(*given, **named):
    raise RuntimeError("it fell")


@pytest.mark.parametrize("act", [away.outing, approve, refuse, withdraw, go])
def test_nothing_of_it_stays_when_the_event_fails(case, officer, leader, monkeypatch, act):
    if act is not away.outing:
        away.outing(case, by=officer)
    if act is go:
        approve(case, leader)
    before = list(Outing.objects.values()), Absence.objects.count(), Document.objects.count()
    monkeypatch.setattr(events, "record", _falls)

    with pytest.raises(RuntimeError):
        act(case, by=leader)

    assert (
        list(Outing.objects.values()),
        Absence.objects.count(),
        Document.objects.count(),
    ) == before


# Pages -------------------------------------------------------------------------------------------


def page(name, case):
    return reverse(f"zones:outing-{name}", args=[case.number])


def test_outing_pages_from_the_proposal_to_the_gate(client, facility, case, officer, leader):
    asker, today = make.officer("zone_officer", case.unit), day_of(make.NOON)
    asked = {
        "ground": "illness", "kin": "parent", "whom": "示例父亲", "place": "示例市医院",
        "proof_by": "hospital", "papers": "病危通知书", "escorts": "",
        "leaves_on": str(today), "returns_on": str(today + timedelta(days=2)),
    }  # fmt: skip
    client.force_login(asker)
    assert "没有提请过外出探视" in client.get(page("detail", case)).content.decode()
    refused = client.post(page("create", case), asked | {"papers": ""})
    assert refused.status_code == 422
    assert "“证明材料”" in refused.content.decode()
    assert client.post(page("create", case), asked).status_code == 302
    assert "不再需要" in client.get(page("detail", case)).content.decode()

    client.force_login(leader)
    blank = client.post(
        page("detail", case), {"of": newest(case), "answer": "returned", "reason": ""}
    )
    assert (blank.status_code, "“理由”不能为空" in blank.content.decode()) == (422, True)
    approved = client.post(page("detail", case), {"of": newest(case), "answer": "approved"})
    assert approved.status_code == 302

    client.force_login(officer)
    gate = reverse("intake:departure-create", args=[case.number])
    shown = client.get(gate).content.decode()
    assert "已批准外出探视" in shown
    assert 'value="示例市医院"' in shown
    sent = {"kind": "home_visit", "left_at": f"{today} 12:00", "where": "别处"}
    assert client.post(gate, sent).status_code == 302
    assert Outing.objects.get().status == OutingStatus.GONE


@pytest.mark.parametrize(
    ("answer", "status"), [("returned", "returned"), ("withdrawn", "withdrawn")]
)
def test_outing_pages_of_a_no_and_of_taking_back(client, case, officer, leader, answer, status):
    away.outing(case, by=officer, at=away.BACK)
    client.force_login(leader)

    sent = client.post(
        page("detail", case), {"of": newest(case), "answer": answer, "reason": "另行安排"}
    )

    assert sent.status_code == 302
    assert Outing.objects.get().status == status
    assert "另行安排" in client.get(page("detail", case)).content.decode()
