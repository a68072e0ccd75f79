"""期限决定 on pages: recorded from the file, found on the leader's desk, what it moves read before it is confirmed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aftercare import actions as back_door
from rehab import scope
from rehab.actions import term_decisions as actions
from rehab.clock import day_of, standing_at
from rehab.models import TermDecision
from rehab.rules.term import earliest_early_release, last_day_before_anniversary
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import zones as zones_make

pytestmark = pytest.mark.django_db
LIST = reverse("aftercare:term-decision-list")


@pytest.fixture(autouse=True)
def _now():
    with standing_at(away.BACK), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    zones_make.set_rules()
    return make.facility()


@pytest.fixture
def case(facility):
    return zones_make.ready(facility)


@pytest.fixture
def recorder(facility):
    return make.officer("assessor", facility)


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)


def of_case(case):
    return reverse("aftercare:term-decision-create", args=[case.number])


def act(name, decision):
    return reverse(f"aftercare:term-decision-{name}", args=[decision.pk])


def text(answer):
    return answer.content.decode()


def typed(case, **changed):
    on = str(day_of(away.BACK))
    plain = {
        "kind": "extension", "months": "3", "ends_on": "", "number": "示延〔2026〕1号",
        "authority": "示例公安局", "decided_on": on, "received_on": on, "served_on": on,
        "served_by": "示例警官", "told": "家属、派出所",
    }  # fmt: skip
    return plain | changed


def proposed(case, by, at=away.BACK, paper=None):
    paper = paper or served.extension(on=day_of(at))
    return actions.propose_term_decision(case=case, paper=paper, by=by, at=at)


def test_recorded_from_the_file_and_confirmed_from_the_desk(client, case, recorder, leader):
    client.force_login(recorder)
    assert of_case(case) in text(client.get(case.get_absolute_url()))
    page = text(client.get(of_case(case)))
    assert f'value="{case.decision.authority}"' in page
    assert "期满前已送达的证明" not in page

    done = client.post(of_case(case), typed(case), follow=True)

    assert "已登记，由另一人确认后生效；确认前期满日不变" in text(done)
    decision = TermDecision.objects.get()
    moved = last_day_before_anniversary(case.decision.decided_on, years=2, months=3)
    assert act("confirm", decision) not in text(done)  # he recorded it
    client.force_login(leader)
    home = text(client.get("/"))
    assert f'<a href="{LIST}?status=proposed">待确认的期限决定 1 件</a>' in home
    assert decision.get_absolute_url() in text(client.get(reverse("reporting:notice-list")))
    listed = client.get(LIST, {"status": "proposed"})
    assert [row.pk for row in listed.context["list"].rows] == [decision.pk]
    assert f'<a href="{decision.get_absolute_url()}">' in text(listed)
    detail = text(client.get(decision.get_absolute_url()))
    for words in (
        "示延〔2026〕1号",
        "延长 3 个月",
        "家属、派出所",
        f"现为 {case.ends_on}",
        str(moved),
    ):
        assert words in detail
    confirming = text(client.get(act("confirm", decision)))
    assert f"由 {case.ends_on} 改为 {moved}" in confirming
    assert "期满解除" in confirming

    done = client.post(act("confirm", decision), follow=True)

    assert f"已确认，期满日为 {moved}" in text(done)
    file = text(client.get(case.get_absolute_url()))
    assert "送达延长决定，延长 3 个月" in file
    assert "确认期限决定" in file
    assert "待确认的期限决定" not in text(client.get("/"))
    assert decision.pk in [row.pk for row in client.get(LIST).context["list"].rows]
    assert client.get(LIST, {"status": "returned"}).context["list"].rows.count() == 0


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"months": ""}, "“延长月数”不能为空"),
        ({"months": "13"}, "“延长月数”不能大于 12"),
        ({"ends_on": "2027-01-01"}, "“提前解除的期满日”与所选的决定书不符"),
        ({"kind": "early_release", "months": ""}, "“提前解除的期满日”不能为空"),
        ({"kind": "early_release", "ends_on": "2027-01-01"}, "“延长月数”与所选的决定书不符"),
        ({"kind": ""}, "“决定书”还没有选"),
        ({"served_on": "2030-01-01"}, "还没有到"),
    ],
)
def test_refused_on_the_page_with_what_was_typed(changed, why, client, case, recorder):
    client.force_login(recorder)

    answer = client.post(of_case(case), typed(case, **changed))

    assert answer.status_code == 422
    assert why in text(answer)
    assert "示延〔2026〕1号" in text(answer)
    assert not TermDecision.objects.exists()


def test_an_early_release_whose_day_has_come_stands_on_top_of_the_leaders_desk(
    client, case, recorder, leader
):
    first = earliest_early_release(case.decision.decided_on)
    at = make.NOON.replace(year=first.year, month=first.month, day=first.day) + timedelta(days=9)
    named = day_of(at) + timedelta(days=2)
    with standing_at(at):
        client.force_login(recorder)
        on = str(day_of(at))
        days = {"decided_on": on, "received_on": on, "served_on": on}
        client.post(
            of_case(case),
            typed(case, kind="early_release", months="", ends_on=str(named), **days),
        )
        client.force_login(leader)
        assert "已到，尚未确认" not in text(client.get("/"))
        words = f"提前解除，期满日 {named}"
        assert words in text(client.get(TermDecision.objects.get().get_absolute_url()))
        release = reverse("aftercare:release-detail", args=[case.number])
        assert f"{words}，待确认" in text(client.get(release))
        client.force_login(make.officer("intake_officer", case.facility))
        assert f"{words}，待确认" not in text(client.get(release))
        client.force_login(leader)
    with standing_at(at + timedelta(days=2)):
        assert "提前解除决定载明的期满日已到，尚未确认，请立即确认并办理解除 1 件" in text(
            client.get("/")
        )
        client.post(act("confirm", TermDecision.objects.get()))
        page = text(client.get(case.get_absolute_url()))
    assert "今日应解除" in page
    assert "已到，尚未确认" not in page


def test_entered_after_the_last_day_the_form_asks_for_proof_and_the_leader_reads_whose_it_is(
    client, case, recorder, leader
):
    after = case.ends_on + timedelta(days=2)
    at = make.NOON.replace(year=after.year, month=after.month, day=after.day)
    on = str(case.ends_on - timedelta(days=9))
    days = {"decided_on": on, "received_on": on, "served_on": on}
    with standing_at(at):
        client.force_login(recorder)
        without = client.post(of_case(case), typed(case, **days))
        assert without.status_code == 422
        assert "须写明期满前已经送达的证明" in text(without)
        client.post(
            of_case(case), typed(case, proof="送达回证本人签名", proof_paper="示送 1 号", **days)
        )
        decision = TermDecision.objects.get()
        client.force_login(leader)
        page = text(client.get(decision.get_absolute_url()))
        assert "复核以前超期预警不停" in page
        assert "送达回证本人签名" in page
        assert client.post(act("confirm", decision)).status_code == 422
        bureau = make.officer("bureau_approver", case.facility.province)
        client.force_login(bureau)
        done = client.post(act("confirm", decision), follow=True)
    assert "已确认，期满日为" in text(done)


def test_a_notice_sent_for_the_old_last_day_is_named_before_confirming(
    client, case, recorder, leader
):
    soon = case.ends_on - timedelta(days=2)
    at = make.NOON.replace(year=soon.year, month=soon.month, day=soon.day)
    with standing_at(at):
        gate = make.officer("intake_officer", case.facility)
        back_door.give_release_notice(case=case, by=gate, at=at)
        decision = proposed(case, recorder, at=at)
        client.force_login(leader)
        page = text(client.get(act("confirm", decision)))
        assert f"已按 {case.ends_on} 发出解除通知" in page
        client.post(act("confirm", decision))
        assert "还没有发出" in text(
            client.get(reverse("aftercare:release-detail", args=[case.number]))
        )


def test_given_back_with_a_reason(client, case, recorder, leader):
    decision = proposed(case, recorder)
    client.force_login(leader)

    empty = client.post(act("return", decision), {"reason": ""})
    done = client.post(act("return", decision), {"reason": "文号不符"}, follow=True)

    assert empty.status_code == 422
    assert "已退回，期满日不变" in text(done)
    assert "文号不符" in text(client.get(decision.get_absolute_url()))


def test_taken_back_by_two(client, case, recorder, leader):
    before = case.ends_on
    decision = proposed(case, recorder)
    actions.confirm_term_decision(decision=decision, by=leader, at=away.BACK)
    client.force_login(recorder)
    assert act("undo", decision) in text(client.get(decision.get_absolute_url()))
    done = client.post(act("undo", decision), {"reason": "系另一人的决定书"}, follow=True)
    assert "已提请撤销登记" in text(done)
    assert client.post(act("undo", decision), {"reason": "又一次"}).status_code == 422
    client.force_login(leader)
    page = text(client.get(act("confirm", decision)))
    assert f"改为 {before}" in page

    client.post(act("confirm", decision))

    case.refresh_from_db()
    assert case.ends_on == before
    assert "登记已撤销" in text(client.get(decision.get_absolute_url()))
    assert "登记有误，已撤销" in text(client.get(case.get_absolute_url()))
    assert "登记已撤销" in text(client.get(LIST))


def test_a_withdrawn_question_stands_open_in_the_list(client, case, recorder, leader):
    decision = proposed(case, recorder)
    actions.confirm_term_decision(decision=decision, by=leader, at=away.BACK)
    actions.propose_term_undoing(
        decision=decision, reason="系另一人的决定书", by=recorder, at=away.BACK
    )
    client.force_login(leader)

    assert "撤销待确认" in text(client.get(LIST, {"status": "proposed"}))


def test_a_leader_reads_why_one_that_contradicts_another_cannot_be_confirmed(
    client, case, recorder, leader
):
    first = proposed(case, recorder, paper=served.extension(on=day_of(away.BACK), months=8))
    paper = served.extension("示延〔2026〕2号", on=day_of(away.BACK) - timedelta(days=1), months=8)
    second = proposed(case, recorder, paper=paper)
    actions.confirm_term_decision(decision=first, by=leader, at=away.BACK)
    client.force_login(leader)

    page = text(client.get(act("confirm", second)))
    answer = client.post(act("confirm", second))

    assert "延长累计 16 个月" in page
    assert answer.status_code == 422


def test_who_recorded_it_takes_it_back(client, case, recorder, leader):
    decision = proposed(case, recorder)
    client.force_login(leader)
    assert act("withdraw", decision) not in text(client.get(act("detail", decision)))
    client.force_login(recorder)
    assert act("withdraw", decision) in text(client.get(act("detail", decision)))

    assert client.post(act("withdraw", decision), {"reason": ""}).status_code == 422
    done = client.post(act("withdraw", decision), {"reason": "录错了月数"}, follow=True)

    assert "已撤回，期满日不变" in text(done)
    assert "录错了月数" in text(done)
    assert act("withdraw", decision) not in text(done)
