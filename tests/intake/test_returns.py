"""离所登记、回所登记: the gate looks for who stands there, and has him in again with a few acts."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from rehab import scope
from rehab.actions import escapes
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Absence, Bed, Case, Deadline, EscapeProposal, Notice, Room
from rehab.rules.identity import check_digit
from rehab.states import AbsenceKind, CaseStatus
from tests.factories import absences as away
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import selectors

pytestmark = pytest.mark.django_db
NUMBER = "99999919900101001" + check_digit("99999919900101001")
LIST = "intake:absence-list"


@pytest.fixture(autouse=True)
def _now():
    with standing_at(away.BACK), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    zones_make.set_rules()
    return make.facility()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def case(facility):
    return door.case(facility, name="示例张伟", id_number=NUMBER)


def page_of(case, act="return"):
    return reverse(f"intake:{act}-create", args=[case.number])


def moment(at):
    return at.astimezone(make.NOON.tzinfo).strftime("%Y-%m-%dT%H:%M")


def leaving(**changed):
    return {
        "kind": "court", "left_at": "2026-11-24T09:00", "expected_on": "2026-11-24",
        "where": "示例人民法院", "escorts": "示例警官", "paper": "提解证 1 号",
    } | changed  # fmt: skip


def coming(**changed):
    return {
        "returned_at": "2026-11-24T11:00", "brought_by": "示例警官", "paper": "释放证明 1 号",
        "health_checked": "on", "things": "same",
    } | changed  # fmt: skip


def test_departure_create(desk, case):
    assert "期限连续计算" in desk.get(page_of(case, "departure")).content.decode()

    done = desk.post(page_of(case, "departure"), leaving(), follow=True)

    assert "已登记离所（出庭）" in done.content.decode()
    one = Absence.objects.get(case=case)
    assert (one.kind, one.leaving["where"], one.returned_at) == ("court", "示例人民法院", None)
    page = desk.get(case.get_absolute_url()).content.decode()
    assert "出庭" in page
    assert page_of(case) in page
    assert f'{page_of(case, "departure")}">离所登记' not in page


@pytest.mark.parametrize("kind", ["held", "escape"])
def test_nobody_is_expected_back_from_an_arrest_or_an_escape(desk, case, kind):
    sent = leaving(kind=kind, told_at="2026-11-24T09:05")

    assert desk.post(page_of(case, "departure"), sent).status_code == 302
    assert Absence.objects.get(case=case).expected_on is None


def test_departure_create_refused_keeps_what_was_typed(desk, case):
    answer = desk.post(page_of(case, "departure"), leaving(kind="escape", paper="", escorts=""))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "脱逃须立即通知所在地县级公安机关" in page
    assert "示例人民法院" in page
    assert not Absence.objects.exists()


def test_departure_create_of_who_is_out_offers_his_escape_alone(desk, case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)
    page = desk.get(page_of(case, "departure")).content.decode()
    assert "起出庭，登记脱逃后该次离所即止" in page
    assert "脱逃登记 <small>" in page
    assert "脱逃时间" in page
    assert "接报公安机关" in page
    for other in ("医院、法院、办案机关", "离所时间", "就医、出庭保留床位", "脱逃的须填"):
        assert other not in page
    assert page.count('aria-required="true"') == 3  # when, to whom, when they were told
    assert 'value="hospital"' not in page
    assert page_of(case, "departure") in desk.get(case.get_absolute_url()).content.decode()
    sent = {
        "kind": "escape", "left_at": "2026-11-24T09:00", "where": "示例县公安局",
        "told_at": "2026-11-24T09:05",
    }  # fmt: skip

    done = desk.post(page_of(case, "departure"), sent, follow=True).content.decode()

    assert "已登记离所（脱逃）" in done
    assert "出庭期间脱逃，该次离所即止" in done
    shut = desk.get(page_of(case, "departure")).content.decode()
    assert "已离所（脱逃），请先办理回所登记" in shut
    assert "disabled" in shut


def test_the_file_tells_of_every_time_out(client, desk, facility, case, officer):
    bare = desk.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    away.out(case, AbsenceKind.COURT, by=officer)
    away.back(case, by=officer, injuries="左前臂擦伤", new_things="手机 1 部")
    away.out(case, AbsenceKind.ESCAPE, by=officer, at=away.BACK)

    page = desk.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()

    assert "没有离所" in bare
    for words in (
        "示例去向",
        "示例警官",
        "左前臂擦伤",
        "手机 1 部",
        "待回所体检",
        "未回",
        "示例 1 号",
    ):
        assert words in page
    assert "提请撤销登记" not in page
    trainer = make.officer("trainer", facility)
    client.force_login(trainer)
    others = client.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    assert "左前臂擦伤" not in others
    assert "有（内容封存）" in others
    client.force_login(make.officer("bureau_viewer", facility.province))
    counted = client.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    assert "出庭" in counted
    assert "示例警官" not in counted


def test_the_file_leads_to_what_is_proposed_of_an_escape(client, desk, facility, case, officer):
    proposal = away.proposed(case, by=officer)
    waits = desk.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    leader = make.officer("facility_leader", facility)
    escapes.return_proposal(proposal=proposal, reason="核对", by=leader, at=away.BACK)

    page = desk.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()

    assert proposal.get_absolute_url() in waits
    for name in ("propose", "reverse"):
        url = reverse(f"intake:escape-{name}", args=[proposal.absence_id])
        assert url in page
        assert url not in waits
    client.force_login(make.officer("trainer", facility))
    others = client.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    assert "退回" in others
    assert proposal.get_absolute_url() not in others


def test_an_escape_that_was_none_is_marked_wherever_it_stands(
    client, desk, facility, case, officer
):
    def read(tab):
        return desk.get(case.get_absolute_url(), {"tab": tab}).content.decode()

    away.out(case, AbsenceKind.HOSPITAL, by=officer)
    away.out(case, AbsenceKind.ESCAPE, by=officer, at=away.LEFT + timedelta(hours=5))
    escape = away.back(case, by=officer)
    assert "未归，脱逃" in read("outings")
    assert "登记已撤销" not in read("events")

    wrong = escapes.propose_reversal(absence=escape, reason="一直在医院", by=officer, at=away.BACK)
    leader = make.officer("facility_leader", facility)
    escapes.confirm_reversal(proposal=wrong, by=leader, at=away.BACK)

    outings = read("outings")
    assert "未归，脱逃" not in outings
    assert "曾登记脱逃，已撤销" in outings
    page = read("events")
    assert page.count("（登记已撤销）") == 2
    for words in ("离所就医期间脱逃，该次离所即止（登记已撤销）", "已通知公安机关（登记已撤销）"):
        assert words in page


def test_return_check(client, desk, facility, case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)
    away.back(case, by=officer, injuries="左前臂擦伤")
    clinician = make.officer("clinician", facility)
    client.force_login(clinician)
    url = page_of(case, "return").replace("return/", "return/check/")
    assert url in client.get("/").content.decode()  # among what is due today
    assert "左前臂擦伤" in client.get(url).content.decode()

    of = {"of": Absence.objects.get(case=case).pk}
    assert f'name="of" value="{of["of"]}"' in client.get(url).content.decode()
    empty = client.post(url, {"findings": " "} | of)
    done = client.post(url, {"findings": "擦伤已处理"} | of, follow=True)
    again = client.post(url, {"findings": "擦伤已处理，再检"} | of)

    assert (empty.status_code, again.status_code) == (422, 422)
    assert "已登记回所体检" in done.content.decode()
    assert "没有待办的回所体检" in again.content.decode()
    page = client.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    assert "擦伤已处理" in page
    client.force_login(officer)
    gate = client.get(case.get_absolute_url(), {"tab": "outings"}).content.decode()
    assert "擦伤已处理" not in gate
    assert clinician.display_name in gate


def test_return_create_of_who_kept_his_bed(desk, case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)
    page = desk.get(page_of(case)).content.decode()
    assert "出庭返回" in page
    assert 'name="bed"' not in page
    assert 'name="receipt"' not in page

    done = desk.post(page_of(case), coming(), follow=True)

    assert "已办理出庭返回" in done.content.decode()
    assert Absence.objects.get(case=case).received_by == officer


def test_return_create_proposes_the_first_bed_that_fits(desk, case, officer):
    away.out(case, AbsenceKind.HELD, by=officer)
    first = selectors.return_beds(case, on=away.BACK.date()).first()

    form = desk.get(page_of(case)).context["form"]
    assert form["bed"].as_widget().index(str(first.pk))
    done = desk.post(page_of(case), coming(bed=str(first.pk)), follow=True)

    case.refresh_from_db()
    assert "已办理解回" in done.content.decode()
    assert case.status == CaseStatus.IN_FACILITY


def test_return_create_to_a_full_zone_adds_a_bed(desk, case, officer):
    away.out(case, AbsenceKind.HELD, by=officer)
    zones_make.ready(case.facility)  # lies in the room that stays in use
    Bed.objects.free().filter(room__unit__zone=case.zone).update(
        closed_at=away.BACK, closed_for="检修"
    )
    room = selectors.return_rooms(case, on=away.BACK.date()).first()

    page = desk.get(page_of(case)).content.decode()
    assert "加床房间" in page
    assert f"{room.unit.name} {room.name}" in page
    assert 'name="bed"' not in page
    done = desk.post(page_of(case), coming(room=str(room.pk)), follow=True)

    assert "已办理解回" in done.content.decode()
    assert f"{room.name}-加1" in desk.get(case.get_absolute_url()).content.decode()


def test_return_create_without_bed_and_room_says_why(desk, case, officer):
    away.out(case, AbsenceKind.HELD, by=officer)
    Bed.objects.filter(room__unit__zone=case.zone).update(closed_at=away.BACK, closed_for="检修")
    Room.objects.filter(unit__zone=case.zone).update(isolation=True)

    page = desk.get(page_of(case)).content.decode()

    assert "没有适合此人的空床" in page
    assert "disabled" in page


def test_the_clinic_is_told_of_who_was_not_looked_at(desk, case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)

    assert desk.post(page_of(case), coming(health_checked="")).status_code == 302

    told = Notice.objects.get(case=case, clock="came_back")
    assert told.role_id == "clinician"


def test_return_create_of_an_escape(desk, case, officer):
    ends_on = case.ends_on
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    bed = selectors.return_beds(case, on=away.BACK.date()).first()
    sent = coming(
        bed=str(bed.pk), recaptured_at="2026-11-24T10:00", receipt="接报 1 号", statement="on"
    )

    half = desk.post(page_of(case), sent | {"statement": ""})
    done = desk.post(page_of(case), sent, follow=True)

    assert half.status_code == 422
    assert "三项齐备" in half.content.decode()
    assert "已提请脱逃 2 日不计入期限，所领导确认前期满日不变" in done.content.decode()
    case.refresh_from_db()
    assert case.ends_on == ends_on
    file = desk.get(case.get_absolute_url()).content.decode()
    assert "2 日，待所领导确认，期满日不变" in file
    assert "曾脱逃，不得提前解除" in file


def ends(case, on):
    Case.objects.filter(pk=case.pk).update(ends_on=on, alarm_on=on)
    deadlines.refresh([Case.objects.get(pk=case.pk)])


def test_return_create_with_proofs_that_come_too_late_says_why_the_days_count(desk, case, officer):
    ends(case, away.BACK.date())
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    sent = coming(recaptured_at="2026-11-24T10:00", receipt="接报 1 号", statement="on")

    with standing_at(away.BACK + timedelta(days=1)):
        bed = selectors.return_beds(case, on=away.BACK.date()).first()
        done = desk.post(page_of(case), sent | {"bed": str(bed.pk)}, follow=True).content.decode()

    case.refresh_from_db()
    assert case.status == CaseStatus.IN_FACILITY
    assert "已提请" not in done
    assert "已办理追回，没有提请脱逃期间不计入期限：期满日 2026-11-24 已过而此前没有确认" in done
    assert not EscapeProposal.objects.exists()


@pytest.mark.parametrize("over", [0, 1, 5])
def test_no_escape_takes_an_overstay_off_the_list(desk, case, over):
    """超期在所 is ended by his release and by nothing else."""
    ends(case, away.BACK.date() - timedelta(days=over))
    last = (away.BACK.date() - timedelta(days=over)).isoformat()
    sent = leaving(kind="escape", left_at=f"{last}T09:00", told_at=f"{last}T09:05")

    answer = desk.post(page_of(case, "departure"), sent)

    case.refresh_from_db()
    stands = Deadline.objects.open().filter(case=case, clock="term.expiry").exists()
    groups = [
        (group.label, [one.number for one in group.people])
        for group in desk.get("/").context["must_leave"]
    ]
    if not over:
        assert (answer.status_code, case.status, stands) == (302, CaseStatus.ESCAPED, False)
        return
    assert answer.status_code == 422
    assert f"期限已于 {last} 届满，不再登记脱逃，请办理解除" in answer.content.decode()
    assert (case.status, stands) == (CaseStatus.IN_FACILITY, True)
    assert groups == [("超期在所", [case.number])]
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"things": "new"}, "“新增物品”不能为空"),
        ({"new_things": "手机"}, "“随身物品”选的是相同"),
        ({"brought_by": ""}, "“送回人”不能为空"),
    ],
    ids=["新增未写", "相同又写", "无人送回"],
)
def test_return_create_refused(desk, case, officer, changed, sentence):
    away.out(case, AbsenceKind.COURT, by=officer)

    answer = desk.post(page_of(case), coming(**changed))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Absence.objects.get(case=case).returned_at is None


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("post", 422)])
def test_return_create_of_who_is_here(desk, case, method, status):
    answer = getattr(desk, method)(page_of(case), coming())

    assert answer.status_code == status
    assert "没有离所登记，无须办理回所登记" in answer.content.decode()


def test_absence_list_has_the_first_expected_first_and_says_who_is_late(desk, facility, officer):
    late, later, leave = (door.case(facility, name=f"示例{word}") for word in "甲乙丙")
    away.out(leave, AbsenceKind.MEDICAL_LEAVE)
    away.out(later, AbsenceKind.COURT, by=officer, at=away.BACK)
    away.out(late, AbsenceKind.HOSPITAL, by=officer)

    answer = desk.get(reverse(LIST))

    assert [row.case for row in answer.context["list"].rows] == [late, later, leave]
    assert answer.content.decode().count("逾期未回") == 1
    only = desk.get(reverse(LIST), {"kind": "court"})
    assert [row.case for row in only.context["list"].rows] == [later]
    odd = desk.get(reverse(LIST), {"kind": "nonsense"})
    assert len(odd.context["list"].rows) == 3


@pytest.mark.parametrize("words", ["张伟", "伟", "zhangwei", "zw", NUMBER, "编号"], ids=str)
def test_absence_search_leads_straight_to_the_form(desk, case, facility, officer, words):
    away.out(case, AbsenceKind.COURT, by=officer)
    away.out(door.case(facility, name="示例李强"), AbsenceKind.COURT, by=officer)
    door.case(facility, name="示例张伟", birth_date=date(1991, 1, 1))  # is here
    words = case.number if words == "编号" else words
    words = words.replace("zhangwei", "shilizhangwei").replace("zw", "slzw")

    answer = desk.post(reverse("intake:absence-search"), {"who": words})

    assert (answer.status_code, answer.get("Location")) == (302, page_of(case))


@pytest.mark.parametrize(("words", "found"), [("示例", 2), ("王", 0), ("\u3164", 0)], ids=str)
def test_absence_search_lists_several_and_says_when_there_is_nobody(
    desk, facility, officer, words, found
):
    for word in "甲乙":
        away.out(door.case(facility, name=f"示例{word}"), AbsenceKind.COURT, by=officer)

    answer = desk.post(reverse("intake:absence-search"), {"who": words})

    assert answer.status_code == 200
    assert len(answer.context["found"]) == found
    assert ("离所人员中没有此人" in answer.content.decode()) == (not found)


@pytest.mark.parametrize("name", ["absence-list", "absence-search"])
def test_absence_search_is_sent_with_the_token_of_its_page(case, officer, name):
    away.out(case, AbsenceKind.COURT, by=officer)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)
    page = browser.get(reverse(f"intake:{name}")).content.decode()
    form = page[page.index(f'action="{reverse("intake:absence-search")}"') :]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]

    answer = browser.post(
        reverse("intake:absence-search"), {"who": "张伟", "csrfmiddlewaretoken": token}
    )

    assert (answer.status_code, answer.get("Location")) == (302, page_of(case))


def test_absence_search_asks_for_words(desk):
    page = desk.get(reverse("intake:absence-search"))
    answer = desk.post(reverse("intake:absence-search"), {"who": " "})

    assert page.status_code == 200
    assert "离所人员中没有此人" not in page.content.decode()
    assert answer.status_code == 422


def test_those_of_another_facility_are_not_found(desk, officer):
    other = door.case(make.facility("T02"), name="示例外所人")
    away.out(other, AbsenceKind.COURT)

    listed = desk.get(reverse(LIST)).content.decode()
    searched = desk.post(reverse("intake:absence-search"), {"who": "外所人"})

    assert "示例外所人" not in listed
    assert searched.context["found"] == []
    for act in ("return", "departure"):
        assert desk.get(page_of(other, act)).status_code == 404
