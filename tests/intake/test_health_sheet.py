"""入所健康状况检查表: the figure, the rule, the act, the page."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from intake import actions, clocks
from intake.models import CompletionItem, HealthSheet
from intake.rules.body import REGIONS, SIDES, of_side
from intake.rules.health_sheet import Escort, Found, Sheet, sheet_obstacles
from intake.rules.papers import Check, Side
from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Deadline, Document, Event
from rehab.refusal import Refused
from rehab.states import Sex
from tests.factories import intake as door
from tests.factories import rehab as make

LATER = make.NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(LATER), scope.within(make.EVERYTHING):
        yield


def sheet(**changed):
    facts = {
        "findings": (Check("体温", "36.5 ℃"),),
        "injuries": (),
        "conclusion": "可以执行强制隔离戒毒",
        "escort": None,
        "signed_by_person": False,
    }
    return Sheet(**facts | changed)


HURT = (Found("front-right_forearm", "擦伤", "3×1 cm", "已结痂"),)
SIGNED = Escort("示例警官", "012345", LATER)


# The figure


def test_regions_lie_on_the_figure_and_are_named_once():
    assert all(one.left >= 0 and one.left + one.wide <= 100 for one in REGIONS.values())
    assert all(one.top >= 0 and one.top + one.tall <= 100 for one in REGIONS.values())
    assert len({one.label for one in REGIONS.values()}) == len(REGIONS) == 40


def test_right_and_left_are_the_persons_own():
    assert REGIONS["front-right_hand"].x < 50 < REGIONS["back-right_hand"].x
    assert REGIONS["front-left_hand"].x > 50 > REGIONS["back-left_hand"].x
    assert REGIONS["front-right_hand"].label == "右手"


@pytest.mark.parametrize("side", SIDES)
def test_regions_of_a_side_go_from_the_head_down(side):
    regions = of_side(side)

    assert len(regions) == 20
    assert regions[0].is_round
    assert {one.side for one in regions} == {side}
    assert regions[0].half_wide == 10
    assert regions[0].half_tall == 6
    assert "足" in regions[-1].label


# The rule


def test_an_injury_is_placed_on_paper():
    (injury,) = (one.on_paper() for one in HURT)

    assert (injury.side, injury.part, injury.kind) == (Side.FRONT, "右前臂", "擦伤")
    assert (injury.x, injury.y) == (25, 43)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, []),
        ({"findings": ()}, ["检查项目至少填写一项"]),
        ({"conclusion": ""}, ["检查结论"]),
        ({"injuries": HURT, "escort": SIGNED, "signed_by_person": True}, []),
        ({"injuries": HURT, "escort": SIGNED}, ["缺本人的签名"]),
        ({"injuries": HURT, "signed_by_person": True}, ["缺移送民警的签名"]),
        ({"injuries": HURT}, ["缺移送民警和本人的签名"]),
        ({"injuries": HURT, "why_unsigned": "移送民警已返程"}, []),
        (
            {"escort": Escort("示例警官", "012345", LATER + timedelta(minutes=1))},
            ["移送民警签名时间”晚于现在"],
        ),
    ],
)
def test_sheet_obstacles(changed, words):
    found = sheet_obstacles(sheet(**changed), at=LATER)

    assert len(found) == len(words)
    assert all(word in str(one) for word, one in zip(words, found, strict=True))


# The act


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def case(facility):
    return door.case(facility)


@pytest.fixture
def doctor(facility):
    return make.officer("clinician", facility)


def test_record_health_sheet(case, doctor):
    found = sheet(injuries=HURT, escort=SIGNED, signed_by_person=True)

    row = actions.record_health_sheet(case=case, sheet=found, checked_at=LATER, by=doctor, at=LATER)

    row.refresh_from_db()
    assert (row.injuries[0]["region"], row.escort) == (
        "front-right_forearm", {"name": "示例警官", "badge": "012345"},
    )  # fmt: skip
    facts = row.document.facts
    assert facts["doctor"] == doctor.display_name
    assert facts["injuries"][0]["part"] == "右前臂"
    assert facts["escort"] == "示例警官（警号 012345），2026-11-21 13:00签名"
    assert "unsigned" not in facts
    item = CompletionItem.objects.get(case=case, duty="health_check")
    assert (item.document, item.done_at) == (row.document, LATER)
    deadline = Deadline.objects.get(case=case, clock=clocks.clock_code("health_check"))
    assert deadline.satisfied_at == LATER
    event = Event.objects.get(case=case, kind=Event.Kind.COMPLETED)
    assert event.facts == {"duty": "health_check", "document": str(row.document.pk)}


def test_a_health_sheet_without_injuries_needs_no_signature(case, doctor):
    row = actions.record_health_sheet(
        case=case, sheet=sheet(), checked_at=LATER, by=doctor, at=LATER
    )

    assert (row.escort, row.escort_signed_at, row.why_unsigned) == (None, None, None)
    assert "escort" not in row.document.facts


def test_health_findings_are_sealed(case, doctor):
    actions.record_health_sheet(
        case=case, sheet=sheet(injuries=HURT, why_unsigned="移送民警已返程"), checked_at=LATER,
        by=doctor, at=LATER,
    )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_healthsheet::text FROM intake_healthsheet")
        (stored,) = cursor.fetchone()

    assert not any(word in stored for word in ("擦伤", "36.5", "可以执行", "返程"))


@pytest.mark.parametrize(
    ("role", "changed", "word"),
    [
        ("intake_officer", {}, "不由您的岗位办理"),
        ("clinician", {"injuries": HURT}, "缺移送民警和本人的签名"),
    ],
)
def test_record_health_sheet_refused(facility, case, role, changed, word):
    by = make.officer(role, facility)

    with pytest.raises(Refused, match=word):
        actions.record_health_sheet(
            case=case, sheet=sheet(**changed), checked_at=LATER, by=by, at=LATER
        )

    assert not HealthSheet.objects.exists()
    assert not Document.objects.filter(template="health_check").exists()


def test_record_health_sheet_twice_says_who_did_it(case, doctor):
    act = {"case": case, "sheet": sheet(), "checked_at": LATER, "by": doctor, "at": LATER}
    actions.record_health_sheet(**act)

    with pytest.raises(Refused, match=f"已由{doctor.display_name}于"):
        actions.record_health_sheet(**act)

    assert HealthSheet.objects.count() == 1


def test_a_health_sheet_is_one_with_its_event(case, doctor, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        actions.record_health_sheet(case=case, sheet=sheet(), checked_at=LATER, by=doctor, at=LATER)

    assert not HealthSheet.objects.exists()
    assert not Document.objects.filter(template="health_check").exists()


def test_an_escort_signs_at_a_moment(case, doctor):
    row = actions.record_health_sheet(
        case=case, sheet=sheet(), checked_at=LATER, by=doctor, at=LATER
    )
    row.pk, row.version, row.corrects_id, row.why_corrected = None, 2, row.pk, "示例"
    row.escort_signed_at = LATER

    with pytest.raises(IntegrityError, match="escort_signs_at_a_moment"), transaction.atomic():
        row.save(force_insert=True)


# The page


@pytest.fixture
def desk(client, doctor):
    client.force_login(doctor)
    return client


def address(case):
    return reverse("intake:health-sheet-create", args=[case.number])


def filled(**changed):
    return {
        "checked_at": "2026-11-21 13:00",
        "temperature": "36.5",
        "conclusion": "可以执行强制隔离戒毒",
    } | changed


INJURY = {"injury_1_region": "back-left_chest", "injury_1_kind": "陈旧瘢痕"}
ESCORT = {
    "escort_name": "示例警官",
    "escort_badge": "012345",
    "escort_signed_at": "2026-11-21 12:30",
}


def test_health_sheet_create(desk, case):
    listed = desk.get(reverse("intake:completion-record", args=[case.number])).content.decode()
    page = desk.get(address(case)).content.decode()
    sent = filled(**INJURY, **ESCORT, signed_by_person="on")
    answer = desk.post(address(case), sent)

    assert address(case) in listed
    assert page.count("data-region=") == 40
    assert answer.url == reverse("intake:completion-record", args=[case.number])
    kept = HealthSheet.objects.get()
    assert kept.injuries[0]["kind"] == "陈旧瘢痕"
    assert kept.document.facts["injuries"][0]["part"] == "左肩背"
    assert kept.signed_by_person


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"temperature": ""}, "检查项目至少填写一项"),
        ({"conclusion": ""}, "“检查结论”不能为空"),
        ({"injury_2_kind": "擦伤"}, "“伤情 2 部位”还没有选"),
        ({"injury_2_region": "front-head"}, "“伤情 2 种类”还没有选"),
        ({"injury_2_size": "3 cm"}, "“伤情 2 部位”还没有选"),
        ({"escort_name": "示例警官"}, "“移送民警警号”没有填写"),
        ({**ESCORT, "escort_signed_at": "昨天"}, "“移送民警签名时间”不是有效的时间"),
        ({"checked_at": "2026-11-21 13:01"}, "“检查时间”晚于现在"),
        (INJURY, "缺移送民警和本人的签名"),
    ],
)
def test_health_sheet_refused_keeps_what_was_typed(desk, case, changed, word):
    sent = filled(**changed)

    answer = desk.post(address(case), sent)

    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert all(typed in answer.content.decode() for typed in sent.values() if " " not in typed)
    assert not HealthSheet.objects.exists()


def test_a_refused_page_marks_the_regions_chosen(desk, case):
    sent = filled(injury_5_region="front-head", injury_5_kind="擦伤")

    page = desk.post(address(case), sent).content.decode()

    assert 'data-region="front-head" class="hurt"' in page
    assert "<details open>" in page
    assert page.count('class="hurt"') == 1


@pytest.mark.parametrize(("sex", "asked"), [(Sex.MALE, 0), (Sex.FEMALE, 1)])
def test_only_a_woman_is_tested_for_pregnancy(desk, facility, sex, asked):
    case = door.case(facility, sex=sex.value)

    assert desk.get(address(case)).content.decode().count("妊娠检查</label>") == asked


def test_what_the_gate_saw_stands_beside_the_sheet(desk, facility):
    checks = door.Checks(**vars(door.ALL_DONE) | {
        "injured": True, "injury_signed_by_escort": True, "injury_signed_by_person": True,
    })  # fmt: skip
    hurt = door.admit(door.arrival(facility, injury="左额擦伤"), checks=checks)

    page = desk.get(address(hurt)).content.decode()

    assert "体表有伤" in page
    assert "左额擦伤" in page


def test_health_sheet_of_somebody_not_admitted_here(desk, facility):
    page = desk.get(address(make.case(facility)))

    assert page.status_code == 200
    assert "不是经收治登记入所" in page.content.decode()


def test_health_sheet_of_another_facility_is_not_found(desk):
    assert desk.get(address(door.case(make.facility("T02")))).status_code == 404


def test_an_intake_officer_does_not_write_the_sheet(client, facility, case):
    client.force_login(make.officer("intake_officer", facility))

    listed = client.get(reverse("intake:completion-record", args=[case.number])).content.decode()

    assert client.get(address(case)).status_code == 403
    assert address(case) not in listed
