"""脱逃事项 on pages: a leader finds what waits, reads the grounds, confirms or gives it back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab import scope
from rehab.actions.cases import close_case, lock
from rehab.actions.escapes import propose_reversal
from rehab.clock import standing_at
from rehab.models import EscapeProposal
from rehab.states import AbsenceKind, CaseStatus, ProposalStatus
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import zones as zones_make

pytestmark = pytest.mark.django_db
LIST = reverse("intake:escape-list")


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
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)


@pytest.fixture
def proposal(case, officer):
    return away.proposed(case, by=officer)


@pytest.fixture
def escape(case, officer):
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    return away.back(case, by=officer)


def act(name, thing):
    return reverse(f"intake:escape-{name}", args=[thing.pk])


def text(answer):
    return answer.content.decode()


PROOF = {"recaptured_at": "2026-11-24T10:00", "receipt": "接报 1 号", "statement": "on"}


def test_a_leader_finds_it_on_his_worklist_and_confirms(client, case, officer, leader, proposal):
    client.force_login(leader)
    ends_on = case.ends_on
    home = text(client.get("/"))
    assert f'<a href="{LIST}?status=proposed">待确认的脱逃事项 1 件</a>' in home
    assert proposal.get_absolute_url() in text(client.get(reverse("reporting:notice-list")))
    listed = client.get(LIST, {"status": "proposed"})
    assert [row.pk for row in listed.context["list"].rows] == [proposal.pk]
    page = text(client.get(proposal.get_absolute_url()))
    for words in ("接报 1 号", "2 日", f"现为 {ends_on}", str(ends_on + timedelta(days=2))):
        assert words in page

    done = client.post(act("confirm", proposal), follow=True)

    assert "已确认：脱逃 2 日不计入期限，期满日已顺延" in text(done)
    case.refresh_from_db()
    assert case.ends_on == ends_on + timedelta(days=2)
    file = text(client.get(case.get_absolute_url()))
    assert "脱逃 2 日不计入期限" in file
    assert "曾脱逃，不得提前解除" in file
    assert "待确认的脱逃事项" not in text(client.get("/"))


def test_who_proposed_has_no_button_to_confirm(client, officer, proposal):
    client.force_login(officer)

    assert act("confirm", proposal) not in text(client.get(proposal.get_absolute_url()))
    for name in ("confirm", "return"):
        assert client.post(act(name, proposal)).status_code == 403


def test_a_leader_who_proposed_it_reads_why_he_may_not(client, leader, escape):
    client.force_login(leader)
    client.post(act("propose", escape), PROOF)
    own = EscapeProposal.objects.get()

    page = text(client.get(own.get_absolute_url()))
    answer = client.post(act("confirm", own))

    assert "提请人不得自己确认" in page
    assert act("return", own) not in page
    assert answer.status_code == 422
    assert "请由另一名所领导办理" in text(answer)


def test_given_back_with_a_reason_and_proposed_anew(client, officer, leader, proposal):
    client.force_login(leader)
    empty = client.post(act("return", proposal), {"reason": ""})
    done = client.post(act("return", proposal), {"reason": "回执没有盖章"}, follow=True)

    assert empty.status_code == 422
    assert "“退回理由”不能为空" in text(empty)
    assert "回执没有盖章" in text(done)
    client.force_login(officer)
    assert proposal.get_absolute_url() in text(client.get(reverse("reporting:notice-list")))
    again = client.post(act("propose", proposal.absence), PROOF, follow=True)
    assert "已提请，由另一名所领导确认后生效" in text(again)
    assert EscapeProposal.objects.open().count() == 1


def test_proposing_on_half_a_proof_keeps_what_was_typed(client, officer, escape):
    client.force_login(officer)

    half = client.post(act("propose", escape), PROOF | {"statement": ""})
    early = client.post(act("propose", escape), PROOF | {"recaptured_at": "2026-11-20T10:00"})

    assert half.status_code == early.status_code == 422
    assert "接报 1 号" in text(half)
    assert "“追回时间”应在脱逃之后、回所之前" in text(early)
    assert not EscapeProposal.objects.exists()


def test_a_wrong_record_is_taken_back(client, case, officer, leader, proposal):
    client.force_login(leader)
    client.post(act("confirm", proposal))
    client.force_login(officer)
    assert "原不计入的 2 日确认后计入期限" in text(client.get(act("reverse", proposal.absence)))
    assert client.post(act("reverse", proposal.absence), {"reason": " "}).status_code == 422
    asked = client.post(act("reverse", proposal.absence), {"reason": "系清点有误"}, follow=True)
    assert "系清点有误" in text(asked)
    own = EscapeProposal.objects.open().get()

    client.force_login(leader)
    done = client.post(act("confirm", own), follow=True)

    assert "已撤销脱逃登记" in text(done)
    own.refresh_from_db()
    assert own.status == ProposalStatus.CONFIRMED
    file = text(client.get(case.get_absolute_url()))
    assert "曾脱逃，不得提前解除" not in file
    assert "没有脱逃，2 日计入期限" in file
    changes = text(client.get(case.get_absolute_url(), {"tab": "changes"}))
    assert "脱逃登记" in changes
    assert "系清点有误" in changes


def test_a_reversal_without_days_leaves_the_last_day_and_says_so(client, case, officer, leader):
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    escape = away.back(case, by=officer, brought_by="未离所，系误登记")
    client.force_login(officer)
    client.post(act("reverse", escape), {"reason": "系清点有误"})
    client.force_login(leader)

    page = text(client.get(act("confirm", EscapeProposal.objects.get())))

    assert f"确认后期满日 {case.ends_on} 不变" in page
    assert "送回人：未离所，系误登记；" in page


def test_confirming_days_says_from_when_to_when_the_last_day_moves(client, case, leader, proposal):
    client.force_login(leader)

    page = text(client.get(act("confirm", proposal)))

    assert f"确认后期满日由 {case.ends_on} 改为 {case.ends_on + timedelta(days=2)}" in page


def test_days_of_who_was_released_wait_for_nobody(client, case, officer, leader, proposal):
    other = zones_make.ready(case.facility)
    away.out(other, AbsenceKind.ESCAPE, by=officer)
    wrong = propose_reversal(
        absence=away.back(other, by=officer), reason="误登记", by=officer, at=away.BACK
    )
    for one in (case, other):
        close_case(case=lock(one), to=CaseStatus.RELEASED, at=away.BACK)
    client.force_login(leader)

    home = text(client.get("/"))
    waiting = client.get(LIST, {"status": "proposed"}).context["list"].rows

    assert "待确认的脱逃事项 1 件" in home
    assert [row.pk for row in waiting] == [wrong.pk]
    assert proposal in client.get(LIST).context["list"].rows


def test_nobody_still_gone_is_proposed_of(client, case, officer):
    gone = away.out(case, AbsenceKind.ESCAPE, by=officer)
    client.force_login(officer)

    for name in ("propose", "reverse"):
        page = text(client.get(act(name, gone)))
        assert "请先办理回所登记" in page
        assert "disabled" in page


def test_an_odd_filter_shows_everything(client, officer, leader, proposal):
    client.force_login(officer)
    client.get(LIST, {"status": "nonsense"})

    answer = client.get(LIST, {"status": "nonsense"})

    assert len(answer.context["list"].rows) == 1
    client.force_login(leader)
    client.post(act("confirm", proposal))
    assert leader.display_name in text(client.get(LIST, {"status": "confirmed"}))


def test_those_of_another_facility_are_not_found(client, proposal):
    client.force_login(make.officer("facility_leader", make.facility("T02")))

    for name, thing in (("detail", proposal), ("confirm", proposal), ("reverse", proposal.absence)):
        assert client.get(act(name, thing)).status_code == 404


def test_a_leader_reads_the_menu_once(client, leader):
    client.force_login(leader)

    assert text(client.get("/")).count(f'href="{LIST}"') == 1


def test_who_proposed_takes_it_back_and_nobody_else_is_offered_that(
    client, officer, leader, proposal
):
    client.force_login(leader)
    assert act("withdraw", proposal) not in text(client.get(act("detail", proposal)))
    client.force_login(officer)
    assert act("withdraw", proposal) in text(client.get(act("detail", proposal)))

    empty = client.post(act("withdraw", proposal), {"reason": ""})
    assert empty.status_code == 422
    done = client.post(act("withdraw", proposal), {"reason": "回执有误"}, follow=True)

    assert "已撤回，期满日不变" in text(done)
    assert "撤回理由" in text(done)
    assert "回执有误" in text(done)
    assert act("withdraw", proposal) not in text(done)
    assert "撤回" in text(client.get(LIST, {"status": "withdrawn"}))
