"""变更为社区戒毒: from medical leave, or of whom the measure bars; asked for by two, decided by the organ."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftercare import actions, clocks, selectors
from aftercare.models import Conversion
from aftercare.rules import endings
from aftercare.rules.endings import Answer
from aftercare.states import CONVERSION_EDGES, ConversionStatus, Inapplicable
from rehab import statutes
from rehab.keys import new_key
from rehab.ledgers import events
from rehab.models import Case, Deadline, Document, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.rules.days import end_of
from rehab.states import EDGES, IN_CUSTODY, AbsenceKind, CaseStatus, Sex, Stage
from tests.aftercare.test_clocks import leaving, rows
from tests.aftercare.test_deaths import put
from tests.factories import absences as away
from tests.factories import aftercare as out
from tests.factories import rehab as make
from tests.factories import transfers as roads
from tests.factories import zones as rooms
from zones.states import MoveStatus, TransferStatus

NOW, TODAY = out.NOON_OF_LAST_DAY, out.NOON_OF_LAST_DAY.date()
NOT_ON_LEAVE = sorted(set(CaseStatus) - {CaseStatus.MEDICAL_LEAVE})
HELD = sorted({at for at, to in EDGES if to == CaseStatus.CONVERTED})


@pytest.fixture
def case(facility):
    """Somebody on medical leave."""
    case = make.case(facility)
    away.out(case, AbsenceKind.MEDICAL_LEAVE)
    case.refresh_from_db()
    return case


@pytest.fixture
def clinician(facility):
    return make.officer("clinician", facility)


def propose(case, by, **changed):
    facts = {"grounds": "示例病情", "diagnosed_by": "示例医院"} | changed
    return actions.propose_conversion(case=case, **facts, by=by, at=NOW)


def send(case, by, **changed):
    facts = {"received_on": TODAY, "receipt": "示例签收人"} | changed
    return actions.send_conversion(case=case, **facts, by=by, at=NOW)


def answered(case, by, *, converted=True, **changed):
    facts = {"number": "示变〔2028〕1号", "decided_on": TODAY} | changed
    answer = Answer(converted=converted, **facts)
    return actions.record_conversion_answer(case=case, answer=answer, by=by, at=NOW)


def withdraw(case, by, reason="病情好转"):
    return actions.withdraw_conversion(case=case, reason=reason, by=by, at=NOW)


def kinds(case):
    return set(Event.objects.filter(case=case).values_list("kind", flat=True))


def roles(kind):
    return set(Notice.objects.filter(clock=kind).values_list("role_id", flat=True))


def test_converted_the_case_is_over(case, clinician, leader, intake):
    propose(case, clinician)
    assert roles(Event.Kind.CONVERSION_PROPOSED) == {"facility_leader"}

    sent = send(case, leader)
    assert sent.document.facts["recipient"] == case.decision.authority
    assert bytes(sent.document.body).startswith(b"%PDF")
    owed = Deadline.objects.open().get(case=case, clock=clocks.CONVERSION)
    assert owed.due_at == end_of(TODAY + timedelta(days=7))
    assert roles(Event.Kind.CONVERSION_SENT) == {"intake_officer", "bureau_approver"}

    answered(case, intake)
    case = Case.objects.get()
    assert (case.status, case.ended_at) == (CaseStatus.CONVERTED, NOW)
    assert not Deadline.objects.open().filter(case=case).exists()
    event = Event.objects.get(kind=Event.Kind.CONVERTED)
    assert event.facts["changes"]["status"] == ["medical_leave", "converted"]
    assert roles(Event.Kind.CONVERTED) == {"facility_leader", "clinician", "bureau_approver"}


def test_refused_he_stays_on_leave_and_it_may_be_asked_anew(case, clinician, leader, intake):
    propose(case, clinician)
    send(case, leader)

    made = answered(case, intake, converted=False, reason="可以回所治疗")

    assert (made.status, made.reason) == (ConversionStatus.REFUSED, "可以回所治疗")
    assert Case.objects.get().status == CaseStatus.MEDICAL_LEAVE
    assert not Deadline.objects.open().filter(clock=clocks.CONVERSION).exists()
    assert Event.Kind.CONVERTED not in kinds(case)
    assert propose(case, clinician).pk != made.pk


@pytest.mark.parametrize("status", NOT_ON_LEAVE, ids=lambda one: one.label)
def test_nobody_is_converted_but_from_medical_leave(case, clinician, status):
    put(case, status)

    with pytest.raises(Refused, match=f"此人现为“{status.label}”.*《戒毒条例》第三十一条第二款"):
        propose(case, clinician)

    assert not Conversion.objects.exists()
    assert Event.Kind.CONVERSION_PROPOSED not in kinds(case)


@pytest.mark.parametrize("status", NOT_ON_LEAVE, ids=lambda one: one.label)
def test_who_is_not_on_leave_any_more_is_neither_sent_nor_converted(
    case, clinician, leader, intake, status
):
    propose(case, clinician)
    put(case, status)
    with pytest.raises(Refused, match=f"此人现为“{status.label}”.*《戒毒条例》第三十一条第二款"):
        send(case, leader)
    put(case, CaseStatus.MEDICAL_LEAVE)
    send(case, leader)
    put(case, status)

    with pytest.raises(Refused, match=f"此人现为“{status.label}”.*《戒毒条例》第三十一条第二款"):
        answered(case, intake)

    assert Conversion.objects.get().status == ConversionStatus.SENT
    assert Case.objects.get().status == status
    assert Event.Kind.CONVERTED not in kinds(case)


STEPS = {
    ConversionStatus.SENT: send,
    ConversionStatus.CONVERTED: answered,
    ConversionStatus.WITHDRAWN: withdraw,
}


@pytest.mark.parametrize("to", STEPS, ids=lambda one: one.label)
@pytest.mark.parametrize("at", ConversionStatus, ids=lambda one: one.label)
def test_a_step_goes_along_its_edge_alone(case, clinician, leader, at, to):
    propose(case, clinician)
    if at != ConversionStatus.PROPOSED:
        send(case, leader)
        closed = {"closed_by": leader, "decided_on": TODAY, "reason": "示例"}
        over = at != ConversionStatus.SENT
        Conversion.objects.update(status=at, **closed if over else {})

    if (at, to) in CONVERSION_EDGES:
        STEPS[to](case, leader)
        assert Conversion.objects.get().status == to
    else:
        with pytest.raises(Refused, match=f"变更建议现为“{at.label}”"):
            STEPS[to](case, leader)
        assert Conversion.objects.get().status == at


def test_nobody_sends_what_he_proposed(case, leader):
    propose(case, leader)

    with pytest.raises(Refused, match="须由另一名所领导审批报送"):
        send(case, leader)
    with (
        pytest.raises(IntegrityError, match="two_people_ask_for_a_conversion"),
        transaction.atomic(),
    ):
        Conversion.objects.update(
            status="withdrawn", sent_by=leader, closed_by=leader, reason="示例"
        )

    assert not Document.objects.filter(template="conversion").exists()


def test_one_is_on_its_way_at_a_time(case, clinician):
    propose(case, clinician)

    with pytest.raises(Refused, match="已有变更社区戒毒建议正在办理"):
        propose(case, clinician)
    again = Conversion.objects.get()
    again.pk = new_key()
    with pytest.raises(IntegrityError, match="one_open_conversion_per_case"), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.parametrize(
    ("act", "changed", "said"),
    [
        (propose, {"grounds": " "}, "“病情和理由”不能为空"),
        (propose, {"diagnosed_by": ""}, "“诊断机构”不能为空"),
        (send, {"receipt": " "}, "“签收人或者回执”不能为空"),
        (send, {"received_on": TODAY - timedelta(days=1)}, "“收到日期”早于提请日期"),
        (send, {"received_on": TODAY + timedelta(days=1)}, "“收到日期”晚于今天"),
        (answered, {"number": " "}, "“决定文号”不能为空"),
        (answered, {"decided_on": TODAY - timedelta(days=1)}, "“决定日期”早于收到日期"),
        (answered, {"decided_on": TODAY + timedelta(days=1)}, "“决定日期”晚于今天"),
        (answered, {"converted": False}, "“不变更的理由”不能为空"),
        (withdraw, {"reason": " "}, "“撤回理由”不能为空"),
    ],
)
def test_what_cannot_be_so(case, clinician, leader, act, changed, said):
    if act is not propose:
        propose(case, clinician)
    if act is answered:
        send(case, leader)
    before = list(Conversion.objects.values())

    with pytest.raises(Refused, match=said):
        act(case, leader, **changed)

    assert list(Conversion.objects.values()) == before
    assert Case.objects.get().status == CaseStatus.MEDICAL_LEAVE


@pytest.mark.parametrize("act", [send, answered, withdraw])
def test_nothing_is_done_about_what_nobody_proposed(case, leader, act):
    with pytest.raises(Refused, match="此人没有变更社区戒毒建议"):
        act(case, leader)


def _falls(*given, **named):
    raise RuntimeError("it fell")


@pytest.mark.parametrize("act", [propose, send, answered, withdraw])
def test_nothing_of_it_stays_when_the_event_fails(case, clinician, leader, monkeypatch, act):
    if act is not propose:
        propose(case, clinician)
    if act is answered:
        send(case, leader)
    before = list(Conversion.objects.values()), kinds(case), Document.objects.count()
    monkeypatch.setattr(events, "record", _falls)

    with pytest.raises(RuntimeError):
        act(case, leader)

    assert (list(Conversion.objects.values()), kinds(case), Document.objects.count()) == before
    assert Case.objects.get().status == CaseStatus.MEDICAL_LEAVE


def test_taken_back_by_whoever_is_here_again(case, clinician, leader):
    propose(case, clinician)
    send(case, leader)
    put(case, CaseStatus.IN_FACILITY)

    withdraw(case, leader)

    assert selectors.conversion_of(case).status == ConversionStatus.WITHDRAWN
    event = Event.objects.get(kind=Event.Kind.CONVERSION_WITHDRAWN)
    assert event.words == {"why": "病情好转"}


@pytest.mark.parametrize("status", CaseStatus, ids=lambda one: one.label)
def test_the_answer_is_owed_of_who_is_on_leave(status):
    facts = leaving(conversion_at=NOW, converting_on=TODAY, status=status, ended_at=NOW)

    found = rows(facts, clocks.CONVERSION)

    assert bool(found) == (status == CaseStatus.MEDICAL_LEAVE)


# Pages --------------------------------------------------------------------------------------------


def page(name, case):
    return reverse(f"aftercare:conversion-{name}", args=[case.number])


def text(answer):
    return answer.content.decode()


ANSWER = {"converted": "yes", "number": "示变〔2028〕1号", "decided_on": "2028-05-31", "reason": ""}


def post(client, user, name, case, data):
    client.force_login(user)
    return client.post(page(name, case), data)


def test_conversion_pages_to_the_decision(client, case, clinician, leader, intake):
    asked = {"grounds": "示例病情", "diagnosed_by": "示例医院"}
    given = {"received_on": "2028-05-31", "receipt": "示例签收人"}

    assert post(client, clinician, "create", case, asked).status_code == 302
    assert post(client, clinician, "create", case, asked).status_code == 422
    assert post(client, leader, "send", case, given).status_code == 302
    assert "示例签收人" in text(client.get(page("detail", case)))
    refused = post(client, intake, "answer", case, ANSWER | {"converted": "no"})
    assert "“不变更的理由”不能为空" in text(refused)
    assert post(client, intake, "answer", case, ANSWER).status_code == 302
    assert Case.objects.get().status == CaseStatus.CONVERTED


def test_conversion_pages_of_a_refusal_and_of_taking_back(client, case, clinician, leader, intake):
    propose(case, clinician)
    send(case, leader)
    refused = ANSWER | {"converted": "no", "reason": "可以回所治疗"}

    assert post(client, intake, "answer", case, refused).status_code == 302
    assert "可以回所治疗" in text(client.get(page("detail", case)))
    propose(case, clinician)
    assert post(client, clinician, "withdraw", case, {"reason": "好转"}).status_code == 302
    assert Case.objects.get().status == CaseStatus.MEDICAL_LEAVE


# Whom the measure bars ----------------------------------------------------------------------------


@pytest.fixture
def her(facility):
    return make.case(facility, person=make.person_facts(sex=Sex.FEMALE))


def barred(case, by, *, what=Inapplicable.PREGNANT, found_at=NOW, **changed):
    return propose(case, by, bar=endings.Bar(what=what, found_at=found_at), **changed)


def owed_of(case, clock):
    return Deadline.objects.open().filter(case=case, clock=clock).first()


def test_of_who_turns_out_to_be_pregnant_the_organ_is_asked_on_the_same_day(
    her, clinician, leader, intake
):
    barred(her, clinician)

    owed = owed_of(her, clocks.CONVERSION_SENDING)
    assert (owed.due_at, owed.owed_by) == (end_of(TODAY), "facility_leader")
    assert owed.article == ""
    assert roles(Event.Kind.CONVERSION_PROPOSED) == {"facility_leader", "bureau_approver"}

    sent = send(her, leader)
    assert sent.document.template == "conversion_barred"
    assert sent.document.facts["bar"] == "怀孕"
    assert sent.document.facts["basis"] == [str(statutes.NOT_APPLICABLE)]
    assert owed_of(her, clocks.CONVERSION_SENDING) is None
    assert owed_of(her, clocks.CONVERSION).due_at == end_of(TODAY + timedelta(days=7))

    answered(her, intake)
    her.refresh_from_db()
    assert (her.status, her.ended_at) == (CaseStatus.CONVERTED, NOW)
    assert not Placement.objects.filter(case=her, period__endswith__isnull=True).exists()


def test_found_yesterday_it_is_late_today(her, clinician):
    barred(her, clinician, found_at=NOW - timedelta(days=1))

    assert owed_of(her, clocks.CONVERSION_SENDING).due_at == end_of(TODAY - timedelta(days=1))


@pytest.mark.parametrize("status", CaseStatus, ids=lambda one: one.label)
def test_the_measure_bars_her_wherever_she_is_held(her, clinician, leader, intake, status):
    barred(her, clinician)
    send(her, leader)
    put(her, status)

    if status in HELD:
        answered(her, intake)
        assert Case.objects.get().status == CaseStatus.CONVERTED
    else:
        with pytest.raises(Refused, match=f"此人现为“{status.label}”"):
            answered(her, intake)


@pytest.mark.parametrize("status", CaseStatus, ids=lambda one: one.label)
def test_her_clocks_run_while_she_is_held(status):
    facts = leaving(
        barred_at=NOW, conversion_at=NOW, converting_on=TODAY, status=status, ended_at=NOW
    )

    assert bool(rows(facts, clocks.CONVERSION_SENDING)) == (status in IN_CUSTODY)
    assert bool(rows(facts, clocks.CONVERSION)) == (status in IN_CUSTODY)


def test_a_transfer_ends_with_her_case(her, clinician, leader, intake):
    transfer = roads.proposed(her, roads.Sides(her.facility, make.facility("T02")), at=NOW)
    barred(her, clinician)
    send(her, leader)

    answered(her, intake)

    transfer.refresh_from_db()
    assert transfer.status == TransferStatus.ENDED


def test_a_move_ends_with_her_case(facility, clinician, leader, intake):
    rooms.set_rules()
    case = rooms.ready(facility, person=make.person_facts(sex=Sex.FEMALE))
    move = rooms.in_transit(case, rooms.Crew(facility))
    barred(case, clinician)
    send(case, leader)

    answered(case, intake)

    move.refresh_from_db()
    assert move.status == MoveStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("sex", "found_at", "said"),
    [
        pytest.param(Sex.MALE, NOW, "怀孕、哺乳只用于女性.*第三十九条", id="男性"),
        pytest.param(Sex.FEMALE, NOW + timedelta(minutes=1), "“查明时间”晚于现在", id="晚于现在"),
        pytest.param(
            Sex.FEMALE, NOW - timedelta(days=900), "“查明时间”早于入所时间", id="早于入所"
        ),
    ],
)
def test_what_bars_nobody(facility, clinician, sex, found_at, said):
    case = make.case(facility, person=make.person_facts(sex=sex))

    with pytest.raises(Refused, match=said):
        barred(case, clinician, found_at=found_at)

    assert not Conversion.objects.exists()


def test_what_bars_the_measure_has_its_hour(her, clinician):
    made = barred(her, clinician)

    with (
        pytest.raises(IntegrityError, match="what_bars_the_measure_has_its_hour"),
        transaction.atomic(),
    ):
        Conversion.objects.filter(pk=made.pk).update(found_at=None)


BARRED = {
    "what": "nursing",
    "found_at": "2028-05-31 11:30",
    "grounds": "婴儿示例日出生",
    "diagnosed_by": "本所",
}


def test_conversion_pages_of_whom_the_measure_bars(client, her, facility, clinician, leader):
    officer = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    refused = post(client, clinician, "create", her, BARRED | {"found_at": ""})
    assert "“查明时间”不能为空" in text(refused)
    assert "婴儿示例日出生" in text(refused)

    assert post(client, clinician, "create", her, BARRED).status_code == 302
    assert "正在哺乳自己不满一周岁的婴儿" in text(client.get(page("detail", her)))
    sent = send(her, leader)
    client.force_login(officer)
    assert client.get(page("detail", her)).status_code == 403
    assert not Document.objects.visible_to(officer).filter(pk=sent.document_id).exists()


def test_of_a_man_no_bar_is_asked(client, facility, her, clinician):
    case = make.case(facility)
    client.force_login(clinician)

    assert "查明时间" not in text(client.get(page("create", case)))
    assert page("detail", case) not in text(client.get(case.get_absolute_url()))
    assert page("detail", her) in text(client.get(her.get_absolute_url()))
