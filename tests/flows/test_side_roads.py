"""Where the line bends: refused on paper, deferred, returned, known elsewhere, released from anywhere."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from intake.models import Arrival
from rehab.models import Case, Deadline, Document, Event, Notice
from rehab.states import CaseStatus
from tests.factories import rehab as make
from tests.flows.line import FIRST, MESSY, RECEPTION, Line

AFTER_ENTRY = date(2026, 12, 6)
THE_DAY_AFTER = FIRST.ends_on + timedelta(days=1)


@pytest.fixture
def line(house):
    """The first person of the clean roster, expected today."""
    house.set_stage_rules()
    line = Line(house, replace(FIRST))
    line.import_roster()
    return line


@pytest.fixture
def admitted(line):
    """The same person, admitted; fifteen days later he may move on."""
    line.admit()
    line.house.day(AFTER_ENTRY)
    return line


def case_of(line):
    return Case.objects.get(number=line.person.number)


def kinds_of(case):
    return list(case.events.order_by("recorded_at", "pk").values_list("kind", flat=True))


def test_pregnant_woman_can_only_be_refused_on_paper(house):
    Line(house, replace(FIRST)).import_roster(MESSY)
    desk = house.desk("intake1")
    desk.go("/intake/arrivals/?sex=2")

    desk.follow("不予接收", near="田先功")
    desk.submit("不予接收", {"不予接收的情形": "孕"})

    woman = Arrival.objects.get(name="田先功")
    assert woman.status == "refused"
    assert Document.objects.get(subject_id=woman.pk).template == "refusal"
    assert not Case.objects.filter(person__name="田先功").exists()
    assert Event.objects.filter(subject_id=woman.pk, kind=Event.Kind.ARRIVAL_REFUSED).count() == 1
    desk.go("/intake/arrivals/?sex=2")
    assert "田先功" not in desk.text
    assert "许武英" in desk.text


def test_pregnant_woman_is_never_admitted(house):
    Line(house, replace(FIRST)).import_roster(MESSY)
    woman = Arrival.objects.get(name="田先功")
    desk = house.desk("intake1")

    desk.go(f"/intake/arrivals/{woman.pk}/admission/")

    assert not desk.offers("同意接收")
    assert "只能不予接收 《禁毒法》第三十九条" in desk.text
    desk.go(f"/intake/arrivals/{woman.pk}/refusal/")
    assert desk.offers("不予接收")


def test_deferred_arrival_waits_and_is_admitted_later(line, house):
    desk = house.desk("intake1")
    desk.go("/intake/arrivals/")
    desk.follow(line.person.name)
    desk.follow("暂不接收")
    desk.submit("暂不接收", {"暂不接收的理由": "决定书原件未到，移交民警明日补送"})

    desk.go("/intake/arrivals/")
    assert line.person.name in desk.text
    assert "暂不接收 1 人" in desk.text
    assert Notice.objects.filter(clock="arrival_deferred", role_id="facility_leader").exists()

    house.day(date(2026, 11, 22))
    line.admit()
    assert case_of(line).status == CaseStatus.IN_FACILITY


def test_returned_move_leaves_the_person_where_he_was(admitted, house):
    zone, leader = house.desk("zone1"), house.desk("lead1")
    zone.go(f"/zones/cases/{admitted.person.number}/move/")
    zone.submit("提请转区")
    leader.go("/zones/moves/")
    leader.follow("退回", near=admitted.person.name)

    leader.submit("退回")
    assert leader.status == 422
    assert "“退回理由”不能为空" in leader.text
    leader.submit("退回", {"退回理由": "明日出庭，回所后再转"})

    case = case_of(admitted)
    assert case.unit.name == "一大队"
    assert kinds_of(case)[-1] == Event.Kind.ZONE_MOVE_RETURNED
    notice = Notice.objects.get(clock="zone_move_returned")
    assert (notice.role_id, notice.unit) == ("zone_officer", case.unit)

    house.day(AFTER_ENTRY + timedelta(days=1))
    admitted.move(sender=1, receiver=2)
    assert case_of(admitted).unit.name == "二大队"


def test_person_held_elsewhere_is_a_hard_stop_that_names_whom_to_call(line, house):
    elsewhere = house.places.facilities["YB01"]
    held = make.case(
        elsewhere,
        person=make.person_facts(
            name=line.person.name,
            birth_date=date(2000, 6, 6),
            id_number=line.person.id_number,
            other_document=None,
        ),
    )
    desk = house.desk("intake1")
    desk.go("/intake/arrivals/")
    desk.follow(line.person.name)
    desk.follow("收治登记")

    assert elsewhere.name in desk.text  # said before anything is pressed
    assert elsewhere.duty_phone in desk.text
    desk.submit("同意接收", RECEPTION)

    assert desk.status == 422
    assert elsewhere.duty_phone in desk.text
    assert held.number not in desk.text
    assert Case.objects.filter(person=held.person).count() == 1


def test_person_released_elsewhere_comes_back_as_the_same_person(line, house):
    before = make.case(
        house.places.facilities["YB01"],
        person=make.person_facts(
            name=line.person.name,
            birth_date=date(2000, 6, 6),
            id_number=line.person.id_number,
            other_document=None,
        ),
        decision=make.decision_facts(
            decided_on=date(2024, 6, 1),
            printed_starts_on=date(2024, 6, 1),
            printed_ends_on=date(2026, 5, 31),
        ),
        entered_at=make.at(2024, 6, 10),
    )
    Case.objects.filter(pk=before.pk).update(  # the demo's other facility let him go
        status=CaseStatus.RELEASED, ended_at=make.at(2026, 5, 31), unit=None, zone=None
    )

    line.admit()

    assert case_of(line).person == before.person
    desk = house.desk("zone1")
    desk.go(f"/cases/{line.person.number}/")
    assert before.number not in desk.text
    with pytest.raises(AssertionError, match="404"):
        desk.go(f"/cases/{before.number}/")


@pytest.mark.parametrize("signed", [1, 2], ids=["拟转区", "待交接"])
def test_release_from_transit(admitted, house, signed):
    zone = house.desk("zone1")
    zone.go(f"/zones/cases/{admitted.person.number}/move/")
    zone.submit("提请转区")
    if signed == 2:
        leader = house.desk("lead1")
        leader.go("/zones/moves/")
        leader.follow("选床", near=admitted.person.name)
        leader.submit("批准转区")
    house.day(FIRST.ends_on)

    admitted.release()

    case = case_of(admitted)
    assert case.status == CaseStatus.RELEASED
    assert case.receiving_unit is None
    assert not case.placements.filter(period__endswith__isnull=True).exists()
    assert {Event.Kind.ZONE_MOVE_WITHDRAWN, Event.Kind.RELEASED} <= set(kinds_of(case))
    assert case.documents.filter(template="certificate").count() == 1


def test_nobody_is_released_a_day_early(admitted, house):
    house.day(FIRST.ends_on - timedelta(days=1))
    desk = house.desk("intake1")

    desk.go(f"/aftercare/releases/{admitted.person.number}/gate/")

    assert not desk.offers("办理解除")
    assert not desk.offers("确认解除")
    assert "期限最后一日是 2028-06-24，还有 1 日" in desk.text


def test_wrong_person_does_not_leave(admitted, house):
    house.day(FIRST.ends_on)

    admitted.release(身份证件号码="000000")

    assert house.desk("intake1").status == 422
    assert "与档案不符，不能放行" in house.desk("intake1").text
    case = case_of(admitted)
    assert case.status == CaseStatus.IN_FACILITY
    assert Event.Kind.GATE_REFUSED in kinds_of(case)


def test_overstay_alarms_the_leader_and_the_bureau_and_is_closed_by_the_release(admitted, house):
    house.day(THE_DAY_AFTER)
    call_command("sweep", verbosity=0)

    told = Notice.objects.filter(clock="term.expiry", case__number=admitted.person.number)
    assert {"facility_leader"} <= set(told.values_list("role_id", flat=True))
    for key, whose in (("head1", "/"), ("intake1", "/aftercare/releases/")):
        desk = house.desk(key)
        desk.go(whose)
        assert "超" in desk.text
    leader = house.desk("head1")
    leader.go("/notices/")
    assert admitted.person.number in leader.text

    admitted.release(**{"超期的原因": "昨日核验人员未到岗"})

    case = case_of(admitted)
    assert case.status == CaseStatus.RELEASED
    expiry = Deadline.objects.get(case=case, clock="term.expiry")
    assert expiry.satisfied_at is not None
    desk = house.desk("intake1")
    desk.go("/aftercare/releases/")
    assert admitted.person.name not in desk.text


def test_declined_agreement_does_not_touch_the_release(admitted, house):
    house.day(FIRST.ends_on)
    admitted.offer_agreement(zone=1)
    desk = house.desk("station")
    desk.go("/aftercare/agreements/?view=offered")
    desk.follow("打开", near=admitted.person.name)
    desk.follow("本人不签")
    desk.submit("记录不签")

    desk.go("/aftercare/agreements/")
    assert admitted.person.name not in desk.text
    admitted.release()

    case = case_of(admitted)
    assert case.status == CaseStatus.RELEASED
    assert case.station is None
    assert Event.Kind.AGREEMENT_DECLINED in kinds_of(case)


def test_somebody_on_no_roster_is_registered_at_the_desk(house):
    desk = house.desk("intake1")
    desk.go("/intake/arrivals/")
    desk.follow("现场登记")
    desk.submit("登记，转收治", {"姓名": "不详", "性别": "男"})
    assert desk.path.endswith("/admission/")

    desk.submit("同意接收", RECEPTION)

    assert desk.status == 422
    assert "“决定书文号”不能为空" in desk.text
    assert not Case.objects.exists()
