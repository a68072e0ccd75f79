"""请其办理: the post that owes is told, once a day for each condition."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab.models import Event, Notice
from rehab.refusal import Refused
from rehab.rules.conditions import Condition
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, rules
from zones.selectors import asks
from zones.selectors.board import board

TODAY = make.NOON.date()


@pytest.fixture
def held(facility, case):
    """Somebody whose move waits for an assessment and its records."""
    zones_make.needs_an_assessment(facility)
    return case


def asked(case, *codes, by, at=make.NOON):
    return actions.ask_for_conditions(case=case, codes=codes, by=by, at=at)


def first_open(case):
    return asks.askable(case, on=TODAY)[0]


def test_ask_for_conditions(held, crew):
    wanted = first_open(held)

    asked(held, wanted.code, wanted.code, by=crew.officer(Stage.DETOX))

    notice = Notice.objects.get(clock=Event.Kind.CONDITION_ASKED)
    assert (notice.case, notice.role_id, notice.cycle) == (
        held, wanted.owner, f"{wanted.code} 2026-11-21",
    )  # fmt: skip
    event = Event.objects.get(kind=Event.Kind.CONDITION_ASKED)
    assert event.facts == {"condition": wanted.code, "owed_by": wanted.owner}
    assert wanted.code not in [one.code for one in asks.askable(held, on=TODAY)]


def test_a_condition_is_asked_for_once_a_day(held, crew):
    officer, code = crew.officer(Stage.DETOX), first_open(held).code
    asked(held, code, by=officer)

    with pytest.raises(Refused, match="今天已请"):
        asked(held, code, by=officer)
    assert Event.objects.filter(kind=Event.Kind.CONDITION_ASKED).count() == 1

    asked(held, code, by=officer, at=make.NOON + timedelta(days=1))
    assert Notice.objects.filter(clock=Event.Kind.CONDITION_ASKED).count() == 2


def test_who_is_of_another_unit_does_not_ask(held, crew):
    with pytest.raises(Refused, match="由该大队民警请办理"):
        asked(held, first_open(held).code, by=crew.officer(Stage.REENTRY))

    assert not Notice.objects.filter(clock=Event.Kind.CONDITION_ASKED).exists()


@pytest.mark.parametrize("codes", [(), ("nothing",), ("\x00",)])
def test_what_is_not_owed_is_not_asked_for(codes, held, crew):
    with pytest.raises(Refused):
        asked(held, *codes, by=crew.officer(Stage.DETOX))


def test_asking_fails_whole(held, crew, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("zones.actions.asks.notices.tell", fail)

    with pytest.raises(RuntimeError):
        asked(held, first_open(held).code, by=crew.officer(Stage.DETOX))
    assert not Event.objects.filter(kind=Event.Kind.CONDITION_ASKED).exists()


def condition(code="medical", *, met=False, owner="clinician"):
    return Condition(code, "某项", met, owner, "zones:proposal-create")


@pytest.mark.parametrize(
    ("conditions", "codes"),
    [
        pytest.param(["medical", "assessment"], ["medical"], id="缺材料时先请材料"),
        pytest.param(["assessment"], ["assessment"], id="材料齐后请评估"),
        pytest.param([], [], id="都已具备"),
    ],
)
def test_to_be_asked(conditions, codes):
    unmet = [condition(code) for code in conditions]

    found = rules.to_be_asked([*unmet, condition("x", met=True), condition(owner="zone_officer")])

    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"condition": None}, "已经具备"),
        ({"condition": condition(met=True)}, "已经具备"),
        ({"condition": condition(owner="zone_officer")}, "由所在大队自行办理"),
        ({"of_that_unit": False}, "由该大队民警请办理"),
        ({"asked": True}, "今天已请戒毒医疗中心办理“某项”"),
    ],
)
def test_asking_obstacles(changed, said):
    may = {"condition": condition(), "asked": False, "of_that_unit": True, "unit_name": "一大队"}
    assert rules.asking_obstacles(may.pop("condition"), **may) == ()

    may |= {"condition": condition()} | changed
    (obstacle,) = rules.asking_obstacles(may.pop("condition"), **may)

    assert said in obstacle.message


# Pages ----


def test_ask_create_from_the_board(client, held, crew):
    officer = crew.officer(Stage.DETOX)
    client.force_login(officer)
    address = reverse("zones:ask-create", args=[held.number])
    assert address in client.get(reverse("zones:move-list")).content.decode()

    answer = client.post(address, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("zones:move-list")
    page = answer.content.decode()
    assert f"{held.person}：已请" in page
    assert address not in page
    assert not board(officer, at=make.NOON, days=7).lanes[0].slips[0].may_ask


def test_ask_create_of_one_condition(client, held, crew):
    client.force_login(crew.officer(Stage.DETOX))
    wanted = first_open(held)

    answer = client.post(
        reverse("zones:ask-create", args=[held.number]), {"condition": wanted.code}, follow=True
    )

    page = answer.content.decode()
    assert f"已请{rules.owner_label(wanted.owner)}办理{wanted.label}" in page
    assert "今日已请" in page


def test_ask_create_refused(client, held, crew):
    client.force_login(crew.officer(Stage.DETOX))
    address = reverse("zones:ask-create", args=[held.number])
    client.post(address)

    answer = client.post(address)

    assert answer.status_code == 422
    assert "今天都已请过" in answer.content.decode()


def test_ask_create_of_another_facility(client, held):
    other = make.unit(make.facility("T02"), Stage.DETOX)
    client.force_login(make.officer("zone_officer", other))

    assert client.post(reverse("zones:ask-create", args=[held.number])).status_code == 404


def test_the_owing_post_reads_what_is_asked(client, held, crew, facility):
    wanted = first_open(held)
    asked(held, wanted.code, by=crew.officer(Stage.DETOX))
    place = facility.province if wanted.owner == "bureau_approver" else facility
    client.force_login(make.officer(wanted.owner, place))

    assert "大队请办理：" in client.get(reverse("reporting:notice-list")).content.decode()
