"""决定书更正 on pages: typed from the file, found on the leader's desk, what it moves read before it is confirmed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rehab import scope
from rehab.actions import decision_corrections as actions
from rehab.actions import term_ends
from rehab.clock import day_of, standing_at
from rehab.ledgers import deadlines
from rehab.models import Case, DecisionCorrection
from tests.factories import decision_corrections as right
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

LAWFUL = date(2028, 5, 31)  # of a decision of 2026-06-01
LIST = reverse("aftercare:decision-correction-list")
NOON = make.NOON


@pytest.fixture(autouse=True)
def _now():
    with standing_at(NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def case(facility):
    return printed(facility, 1)


@pytest.fixture
def recorder(facility):
    return make.officer("assessor", facility)


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)


def printed(facility, later):
    end = LAWFUL + timedelta(days=later)
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=end))
    deadlines.refresh([case])
    return case


def of_case(case):
    return reverse("aftercare:decision-correction-create", args=[case.number])


def act(name, one):
    return reverse(f"aftercare:decision-correction-{name}", args=[one.pk])


def text(answer):
    return answer.content.decode()


def typed(case, **changed):
    stands = case.decision
    plain = {
        "cause": "entry", "number": "", "authority": stands.authority,
        "decided_on": str(stands.decided_on), "printed_starts_on": str(stands.printed_starts_on),
        "printed_ends_on": str(stands.printed_ends_on), "letter": "", "written_on": "",
        "received_on": "", "reason": "核对决定书原件",
    }  # fmt: skip
    return plain | changed


LETTER = {
    "letter": "示公复〔2026〕3号", "written_on": "2026-11-20", "received_on": "2026-11-21",
}  # fmt: skip


def test_typed_from_the_file_and_confirmed_from_the_desk(client, case, recorder, leader):
    client.force_login(recorder)
    assert of_case(case) in text(client.get(f"{case.get_absolute_url()}?tab=facts"))
    page = text(client.get(of_case(case)))
    assert f'value="{case.decision.authority}"' in page
    assert case.decision.number not in page

    done = client.post(
        of_case(case),
        typed(case, decided_on="2026-05-01", printed_ends_on="2028-04-30"),
        follow=True,
    )

    assert "已登记，由另一人确认后生效；确认前决定书信息和期满日不变" in text(done)
    one = DecisionCorrection.objects.get()
    assert act("confirm", one) not in text(done)  # he proposed it
    assert "已登记一件，尚待确认" in text(client.get(of_case(case)))
    client.force_login(leader)
    assert f'<a href="{LIST}?status=proposed">待确认的决定书更正 1 件</a>' in text(client.get("/"))
    assert one.get_absolute_url() in text(client.get(reverse("reporting:notice-list")))
    assert [row.pk for row in client.get(LIST, {"status": "proposed"}).context["list"].rows] == [
        one.pk
    ]
    detail = text(client.get(one.get_absolute_url()))
    for words in ("2026-06-01", "2026-05-01", "现为 2028-06-01，确认后 <b>2028-04-30</b>"):
        assert words in detail
    confirming = text(client.get(act("confirm", one)))
    assert "由 2028-06-01 改为 2028-04-30" in confirming
    assert "应办事项的变动" in confirming
    assert "期满解除" in confirming

    done = client.post(act("confirm", one), follow=True)

    assert "已确认，期满日为 2028-04-30" in text(done)
    file = text(client.get(case.get_absolute_url()))
    assert "更正决定书信息" in file
    assert "待确认的决定书更正" not in text(client.get("/"))
    assert client.get(LIST, {"status": "returned"}).context["list"].rows.count() == 0


def test_the_organs_answer_is_typed_from_the_page_of_the_release(client, case, recorder, leader):
    release = reverse("aftercare:release-detail", args=[case.number])
    term_ends.ask_about_end(case=case, by=recorder, at=NOON)
    client.force_login(recorder)
    assert of_case(case) in text(client.get(release))
    form = client.get(of_case(case))
    assert "收到答复后在此登记" in text(form)
    assert form.context["form"].initial["cause"] == "upheld"

    client.post(of_case(case), typed(case, cause="upheld", **LETTER))

    assert "决定书的更正、答复待确认" in text(client.get(release))
    client.force_login(leader)
    one = DecisionCorrection.objects.get()
    assert "示公复〔2026〕3号" in text(client.get(one.get_absolute_url()))
    assert "确认后 <b>2028-06-01</b>" in text(client.get(one.get_absolute_url()))
    client.post(act("confirm", one))
    assert Case.objects.get(pk=case.pk).alarm_on == date(2028, 6, 1)
    assert "推算的期满日" not in text(client.get(release))
    client.force_login(make.officer("intake_officer", case.facility))
    assert "决定书的更正、答复" not in text(client.get(release))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "没有改动任何一项"),
        ({"cause": ""}, "“原因”还没有选"),
        ({"reason": ""}, "“依据”不能为空"),
        ({"decided_on": "2026-02-30"}, "决定日期"),
        ({"printed_ends_on": "2026-05-01"}, "早于决定日期"),
        ({"cause": "organ", "authority": "另一局"}, "“函的文号”不能为空"),
        ({"cause": "organ", "authority": "另一局", **LETTER, "received_on": ""}, "“收到日期”不能为空"),
        ({"authority": "另一局", **LETTER}, "请清空“函的文号”"),
        ({"cause": "upheld", "authority": "另一局", **LETTER}, "决定书信息不变"),
    ],
)  # fmt: skip
def test_refused_on_the_page_with_what_was_typed(changed, why, client, case, recorder):
    client.force_login(recorder)

    answer = client.post(of_case(case), typed(case, reason="核对原件第二页") | changed)

    assert answer.status_code == 422
    assert why in text(answer)
    assert ("核对原件第二页" in text(answer)) is ("reason" not in changed)
    assert not DecisionCorrection.objects.exists()


def test_given_back_with_a_reason(client, case, recorder, leader):
    made = right.entry(case, authority="另一局")
    one = actions.propose_decision_correction(case=case, correction=made, by=recorder, at=NOON)
    client.force_login(leader)

    empty = client.post(act("return", one), {"reason": ""})
    done = client.post(act("return", one), {"reason": "与原件不符"}, follow=True)

    assert empty.status_code == 422
    assert "已退回，决定书信息和期满日不变" in text(done)
    assert "与原件不符" in text(client.get(one.get_absolute_url()))
    assert client.post(act("return", one), {"reason": "与原件不符"}).status_code == 422


def test_after_the_last_day_the_leader_reads_whose_it_is(client, case, recorder, leader):
    after = make.at(2028, 6, 4)
    with standing_at(after):
        made = right.answered(case, on=day_of(after))
        one = actions.propose_decision_correction(case=case, correction=made, by=recorder, at=after)
        client.force_login(leader)
        page = text(client.get(one.get_absolute_url()))
        refused = client.post(act("confirm", one))
        client.force_login(make.officer("bureau_approver", case.facility.province))
        done = client.post(act("confirm", one), follow=True)

    assert "复核以前超期预警不停" in page
    assert refused.status_code == 422
    assert "已确认，期满日为 2028-06-01" in text(done)


def test_of_another_facility(client, case, recorder):
    made = right.entry(case, authority="另一局")
    one = actions.propose_decision_correction(case=case, correction=made, by=recorder, at=NOON)
    client.force_login(make.officer("assessor", make.facility("T02")))

    assert client.get(of_case(case)).status_code == 404
    assert client.get(one.get_absolute_url()).status_code == 404
    assert not client.get(LIST).context["list"].rows.count()
