"""身份比对: the papers beside the register, and what colleagues did about the same arrival meanwhile."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from intake.models import ArrivalOpening
from intake.rules.comparison import Agreement, Brought, Verdict, lines
from intake.selectors import arrivals, identity
from rehab import scope
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.rules.identity import check_digit, mask_number
from rehab.selectors import earlier_cases
from rehab.states import CaseStatus
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.intake.test_views import typed

FIRST = "99999919900101011"
NUMBER = FIRST + check_digit(FIRST)
BORN = date(1990, 1, 1)
BROUGHT = Brought("示例某", "1", BORN, NUMBER)


@pytest.fixture(autouse=True)
def _now(request):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def agreement(**changed):
    facts = {
        "masked_name": "示**", "name": True, "sex": True, "birth_date": True, "id_number": True,
    }  # fmt: skip
    return Agreement(**facts | changed)


# The rule


def test_lines_of_somebody_within_reach_show_both_sides():
    known = Brought("示例谋", "2", date(1990, 1, 2), None)
    agrees = agreement(name=False, sex=False, birth_date=False, id_number=None)

    found = lines(BROUGHT, agrees, known)

    assert [(one.label, one.brought, one.known, one.verdict) for one in found] == [
        ("姓名", "示例某", "示例谋", Verdict.DIFFERENT),
        ("性别", "男", "女", Verdict.DIFFERENT),
        ("出生日期", "1990-01-01", "1990-01-02", Verdict.DIFFERENT),
        ("公民身份号码", mask_number(NUMBER), "未登记", Verdict.UNKNOWN),
    ]
    assert [one.tone for one in found] == ["bad", "bad", "bad", "mut"]


def test_lines_of_somebody_beyond_reach_tell_only_whether_they_agree():
    agrees = agreement(name=False, sex=False, birth_date=None, id_number=True)
    brought = Brought("示例某", "1", None, NUMBER)

    found = lines(brought, agrees, None)

    assert [one.known for one in found] == ["示**", "与材料不同", "—", "与材料相同"]
    assert found[2].brought == "未登记"


# The reading


def matched(papers):
    return earlier_cases(
        id_number=papers.id_number, name=papers.name, sex=papers.sex, birth_date=papers.birth_date
    )


def ended(facility, **facts):
    case = make.case(
        facility,
        person=make.person_facts(**facts),
        entered_at=make.NOON - timedelta(days=900),
    )
    return cases.close_case(case=case, to=CaseStatus.RELEASED, at=make.NOON - timedelta(days=300))


def test_side_by_side_of_one_who_was_here(facility, officer):
    ended(facility, name="示例旧名", id_number=NUMBER, birth_date=BORN)
    papers = door.papers(name="示例新名", id_number=NUMBER, birth_date=BORN)

    (person,) = identity.side_by_side(matched(papers), papers, user=officer)

    assert (person.within_reach, person.by_number, person.stays, person.is_open) == (
        True, True, 1, False,
    )  # fmt: skip
    assert (person.lines[0].known, person.lines[0].verdict) == ("示例旧名", Verdict.DIFFERENT)
    assert person.lines[3].known == mask_number(NUMBER)


def test_side_by_side_of_one_who_was_elsewhere_shows_no_name(facility, officer):
    elsewhere = make.facility("T02")
    old = ended(elsewhere, name="示例旧名", id_number=NUMBER, birth_date=BORN)
    make.case(elsewhere, person=make.person_facts(), known_person=old.person_id)
    papers = door.papers(name="示例新名", id_number=NUMBER, birth_date=BORN)

    (person,) = identity.side_by_side(matched(papers), papers, user=officer)

    assert (person.within_reach, person.stays, person.is_open) == (False, 2, True)
    assert [one.known for one in person.lines] == [
        "示***",
        "与材料相同",
        "与材料相同",
        "与材料相同",
    ]


def test_side_by_side_puts_the_number_before_namesakes(facility, officer):
    ended(make.facility("T02"), name="示例同名", birth_date=BORN)
    ended(make.facility("T03"), name="示例旧名", id_number=NUMBER, birth_date=BORN)
    papers = door.papers(name="示例同名", id_number=NUMBER, birth_date=BORN)

    found = identity.side_by_side(matched(papers), papers, user=officer)

    assert [one.by_number for one in found] == [True, False]
    assert identity.side_by_side([], papers, user=officer) == ()


# The page


def test_the_page_marks_what_differs(client, facility, officer):
    ended(make.facility("T02"), name="示例旧名", id_number=NUMBER, birth_date=BORN)
    arrival = door.arrival(facility, name="示例新名", id_number=NUMBER, birth_date=BORN)
    client.force_login(officer)

    page = client.get(reverse("intake:arrival-admit", args=[arrival.pk])).content.decode()

    table = page.split("身份比对</h2>")[1].split("</section>")[0]
    assert "示***" in table
    assert "示例旧名" not in page
    assert table.count("不一致") == 1
    assert "既往 1 次" in table
    assert "档案不在本人查阅范围" in table


def test_what_was_typed_is_compared_again(client, facility, officer):
    ended(make.facility("T02"), name="示例旧名", id_number=NUMBER, birth_date=BORN)
    arrival = door.arrival(facility, other_document="", birth_date=BORN)
    client.force_login(officer)
    url = reverse("intake:arrival-admit", args=[arrival.pk])

    before = client.get(url).content.decode()
    sent = typed(arrival, officer, id_number=NUMBER, has_decision="")
    after = client.post(url, sent)

    assert "身份比对" not in before
    assert after.status_code == 422
    assert "身份比对" in after.content.decode()


# Colleagues


def at_the_gate(client, officer, arrival):
    client.force_login(officer)
    url = reverse("intake:arrival-admit", args=[arrival.pk])
    return client.get(url).context["colleagues"]


def test_who_else_opened_it_is_said(client, facility, officer):
    arrival = door.arrival(facility, by=officer)
    colleague = make.officer("intake_officer", facility)
    first = at_the_gate(client, colleague, arrival)

    with standing_at(make.NOON + timedelta(minutes=3)):
        said = at_the_gate(client, officer, arrival)
        again = at_the_gate(client, officer, arrival)

    assert first == (f"{officer.display_name}刚刚已登记此人（现场登记）",)
    assert said == again
    assert said == (f"{colleague.display_name} 3 分钟前打开了此人的收治登记，请先问明由谁办理",)
    assert ArrivalOpening.objects.count() == 2


@pytest.mark.parametrize(("minutes", "said"), [(29, 1), (30, 0), (31, 0)])
def test_a_page_opened_long_ago_is_taken_to_be_closed(client, facility, officer, minutes, said):
    arrival = door.arrival(facility, by=officer)
    at_the_gate(client, make.officer("intake_officer", facility), arrival)

    with standing_at(make.NOON + timedelta(minutes=minutes)):
        assert len(at_the_gate(client, officer, arrival)) == said


def test_what_a_colleague_decided_is_said_before_typing(client, facility, officer):
    arrival = door.arrival(facility, by=officer)
    colleague = make.officer("intake_officer", facility)
    door.actions.defer_arrival(arrival=arrival, reason="原件未到", by=colleague, at=make.NOON)

    with standing_at(make.NOON + timedelta(minutes=5)):
        said = at_the_gate(client, officer, arrival)

    assert said == (f"{colleague.display_name} 5 分钟前已对此人决定“暂不接收”",)


def test_what_a_colleague_decided_meanwhile_is_said_at_submit(client, facility, officer):
    arrival = door.arrival(facility, by=officer)
    client.force_login(officer)
    sent = typed(arrival, officer)
    colleague = make.officer("intake_officer", facility)
    door.admit(arrival, by=colleague)

    with standing_at(make.NOON + timedelta(minutes=3)):
        answer = client.post(reverse("intake:arrival-admit", args=[arrival.pk]), sent)

    assert answer.status_code == 422
    assert f"{colleague.display_name} 3 分钟前已对此人决定“同意接收”" in answer.content.decode()


def test_somebody_on_a_roster_was_registered_by_nobody_in_particular(
    facility, officer, clean_roster
):
    colleague = make.officer("intake_officer", facility)
    roster = door.roster(facility, clean_roster, as_of=make.NOON.date())
    roster = door.actions.import_roster(
        roster=roster, answers={"other_facility": "送错，已核实"}, by=colleague, at=make.NOON
    )
    row = roster.rows.order_by("line").first()

    assert arrivals.colleague_words(row.arrival, by=officer, at=make.NOON) == ()
