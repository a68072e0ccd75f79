"""A province's rules: one proposes, another confirms, and a preview says whom it touches."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from rehab import clock, scope
from rehab.actions import provincial as actions
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Deadline, Event, RuleProposal
from rehab.permissions import Permission
from rehab.provincial import rule_sets
from rehab.refusal import Refused
from rehab.selectors import provincial as selectors
from rehab.states import PROPOSAL_EDGES, PROPOSAL_FINAL, ProposalStatus
from tests.factories import rehab as make
from tests.factories import zones as rooms

ONE_YEAR = "assessment-one-year"
VALUES = {"needs": ["social"], "conduct_pass_mark": 60, "due_days": 10}
DAYS = {"minimum_days": 7, "target_days": 15, "maximum_days": 30, "needs_assessment": ""}
LONG_AGO = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _noon(db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def case(facility):
    return make.case(facility)


@pytest.fixture
def proposer(facility):
    return make.officer("bureau_approver", facility.province)


@pytest.fixture
def second(facility):
    return make.officer("bureau_approver", facility.province)


def proposed(by, code=ONE_YEAR, values=VALUES, *, on=LONG_AGO, document="示例〔2026〕1 号"):
    return actions.propose_rule(
        code=code, effective_from=on, values=values, document_number=document, by=by, at=make.NOON
    )


def confirmed(by, second, **changed):
    return actions.confirm_rule(proposal=proposed(by, **changed), by=second, at=make.NOON)


def due(case, clock_code="centers.one_year"):
    return clock.day_of(Deadline.objects.get(case=case, clock=clock_code).due_at)


def test_states():
    assert {end for _, end in PROPOSAL_EDGES} == PROPOSAL_FINAL
    assert {start for start, _ in PROPOSAL_EDGES} == {ProposalStatus.PROPOSED}


def test_every_rule_of_the_house_is_a_set():
    assert list(rule_sets()) == [
        "end-convention", "stage-01", "stage-02", "stage-03", "stage-04", "assessment-detox",
        "assessment-adaptation", "assessment-consolidation", ONE_YEAR, "assessment-pre-expiry",
        "opinion-notice", "contact",
    ]  # fmt: skip


def test_propose_and_confirm(case, proposer, second):
    assert due(case) == date(2027, 7, 1)  # thirty days where nothing is said

    proposal = proposed(proposer)
    assert due(case) == date(2027, 7, 1)
    proposal = actions.confirm_rule(proposal=proposal, by=second, at=make.NOON)

    assert due(case) == date(2027, 6, 11)
    assert (proposal.status, proposal.decided_by) == ("confirmed", second)
    (version,) = rule_sets()[ONE_YEAR].versions(case.facility.province)
    assert (version.effective_from, version.values) == (LONG_AGO, VALUES)
    assert version.set_by == second.display_name
    kinds = list(Event.objects.filter(subject_type="bureau").values_list("kind", flat=True))
    assert sorted(kinds) == ["rule_proposed", "rule_set"]
    assert deadlines.rebuild([case]).mended == 0


def test_the_proposer_never_confirms(case, proposer):
    proposal = proposed(proposer)

    with pytest.raises(Refused, match="须由两人办理"):
        actions.confirm_rule(proposal=proposal, by=proposer, at=make.NOON)
    with pytest.raises(Refused, match="须由两人办理"):
        actions.return_rule(proposal=proposal, reason="x", by=proposer, at=make.NOON)
    with pytest.raises(IntegrityError, match="two_people_set_a_rule"), transaction.atomic():
        RuleProposal.objects.filter(pk=proposal.pk).update(
            status="confirmed", decided_by=proposer, decided_at=make.NOON
        )

    assert not rule_sets()[ONE_YEAR].versions(case.facility.province)


@pytest.mark.parametrize("status", ["confirmed", "returned", "withdrawn"])
def test_what_is_decided_is_decided(status, proposer, second):
    proposal = proposed(proposer)
    RuleProposal.objects.filter(pk=proposal.pk).update(
        status=status, decided_by=second, decided_at=make.NOON, reason="x"
    )
    before = Event.objects.count()

    for act in (
        lambda: actions.confirm_rule(proposal=proposal, by=second, at=make.NOON),
        lambda: actions.return_rule(proposal=proposal, reason="x", by=second, at=make.NOON),
        lambda: actions.withdraw_rule(proposal=proposal, by=proposer, at=make.NOON),
    ):
        with pytest.raises(Refused, match="已经有人处理"):
            act()

    assert Event.objects.count() == before


def test_return_and_withdraw(proposer, second):
    proposal = proposed(proposer)
    with pytest.raises(Refused, match="“退回理由”不能为空"):
        actions.return_rule(proposal=proposal, reason=" ", by=second, at=make.NOON)
    returned = actions.return_rule(proposal=proposal, reason=" 文号不符 ", by=second, at=make.NOON)
    again = proposed(proposer)
    with pytest.raises(Refused, match="由拟定人撤回"):
        actions.withdraw_rule(proposal=again, by=second, at=make.NOON)
    actions.withdraw_rule(proposal=again, by=proposer, at=make.NOON)

    assert (returned.status, returned.reason) == ("returned", "文号不符")
    assert set(RuleProposal.objects.values_list("status", flat=True)) == {"returned", "withdrawn"}
    assert Event.objects.filter(kind__in=["rule_returned", "rule_withdrawn"]).count() == 2


def test_one_proposal_at_a_time(proposer, second):
    proposed(proposer)

    with pytest.raises(Refused, match="已有一份待确认"):
        proposed(second, values=VALUES | {"due_days": 9})

    assert RuleProposal.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"values": VALUES | {"due_days": 40}, "document": ""}, "须填写依据的文号"),
        ({"values": VALUES | {"due_days": 5}, "on": date(2026, 12, 1), "document": ""}, None),
        ({"values": VALUES}, "没有要改的内容"),
        ({"values": VALUES | {"due_days": 5}, "on": LONG_AGO}, "同一日施行的规则已经设定"),
        ({"values": VALUES | {"needs": []}, "on": date(2026, 12, 1)}, "所需事项不能为空"),
        (
            {"code": "stage-01", "values": DAYS | {"target_days": 90}},
            "最短 ≤ 应转 ≤ 最长",
        ),
        ({"code": "contact", "values": {"interval_days": 0}}, "“间隔日数”至少 1 日"),
    ],
)
def test_propose_refused(changed, said, proposer, second):
    confirmed(proposer, second)
    count = RuleProposal.objects.count()
    on = changed.pop("on", date(2026, 11, 21))

    if said is None:
        assert proposed(proposer, on=on, **changed).status == "proposed"
        return
    with pytest.raises(Refused, match=said):
        proposed(proposer, on=on, **changed)

    assert RuleProposal.objects.count() == count


def test_only_a_province_sets_rules(facility):
    ministry = make.officer("bureau_approver", facility.province.parent)
    nobody = make.officer("clinician", facility)

    for user in (ministry, nobody):
        with pytest.raises(Refused, match="由省级局设定"):
            proposed(user)
    assert not RuleProposal.objects.visible_to(nobody).exists()


def test_every_set_is_written_and_read_again(case, proposer, second):
    province = case.facility.province
    values = {
        "end": {"prints": ["anniversary"]},
        "stage": DAYS,
        "assessment": VALUES,
        "opinion": {"notice_days": 7, "review_days": 3},
        "contact": {"interval_days": 20},
    }
    for code, one in rule_sets().items():
        wanted = {part.name: values[code.split("-")[0]][part.name] for part in one.parts}
        confirmed(proposer, second, code=code, values=wanted)
        assert one.in_force(province, on=LONG_AGO).values == wanted
    assert Event.objects.filter(kind=Event.Kind.RULE_SET, subject_id=province.pk).count() == 12

    assert len(selectors.lines(province, [], on=make.NOON.date())) == 12


# The preview ----


def test_preview_tells_what_confirming_does(case, facility, proposer, second):
    other = make.case(facility)
    proposal = proposed(proposer)
    before = {one.pk: due(one) for one in (case, other)}
    count = Event.objects.count()

    found = selectors.preview(proposal, at=make.NOON)

    assert (found.people, found.moved) == (2, 2)
    assert {due(one) for one in (case, other)} == set(before.values())
    assert not rule_sets()[ONE_YEAR].versions(facility.province)
    assert Event.objects.count() == count
    foreseen = {line.case.pk: clock.day_of(line.after) for line in found.lines}
    actions.confirm_rule(proposal=proposal, by=second, at=make.NOON)
    assert foreseen == {one.pk: due(one) for one in (case, other)}


def test_preview_of_deadlines_that_begin_and_end_to_be(facility, proposer, second):
    case = make.case(facility, entered_at=rooms.ENTERED)
    brings = selectors.preview(
        proposed(proposer, code="stage-01", values=DAYS, on=date(2026, 1, 1)), at=make.NOON
    )

    assert {line.before for line in brings.lines} == {None}
    assert {line.case for line in brings.lines} == {case}


def test_a_rule_of_tomorrow_leaves_alone_what_opened_before(facility, proposer, second):
    entered = make.case(facility, entered_at=rooms.ENTERED)
    confirmed(proposer, second, code="stage-01", values=DAYS, on=date(2026, 1, 1))
    before = due(entered, "zones.move")
    later = proposed(
        proposer, code="stage-01", values=DAYS | {"target_days": 20}, on=date(2026, 11, 22)
    )

    assert selectors.preview(later, at=make.NOON).moved == 0
    actions.confirm_rule(proposal=later, by=second, at=make.NOON)

    assert due(entered, "zones.move") == before


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2027, 5, 31), date(2027, 6, 11)),
        (date(2027, 6, 1), date(2027, 6, 11)),
        (date(2027, 6, 2), date(2027, 6, 21)),
    ],
    ids=["前一日", "当日", "后一日"],
)
def test_an_assessment_is_due_by_the_rule_of_the_day_it_opens(on, expected, case, proposer, second):
    confirmed(proposer, second, values=VALUES | {"due_days": 20})

    confirmed(proposer, second, on=on)

    assert due(case) == expected


# Pages ----


@pytest.fixture
def at_desk(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def test_rule_list(at_desk, proposer, second, django_assert_max_num_queries):
    confirmed(proposer, second)
    confirmed(proposer, second, code="stage-01", values=DAYS, on=date(2027, 1, 1))
    proposed(proposer, code="contact", values={"interval_days": 20})
    client = at_desk(second)

    with django_assert_max_num_queries(8):  # a page of ten lines, always
        page = client.get(reverse("rehab:rule-list")).content.decode()

    assert "满一年后多少日内办结</span> 10 日" in page
    assert "2027-01-01" in page
    assert f"{proposer.display_name} 拟" in page


def test_rule_pages_are_for_a_province(at_desk, facility):
    ministry = make.officer("bureau_approver", facility.province.parent)

    for url in (reverse("rehab:rule-list"), reverse("rehab:rule-create", args=[ONE_YEAR])):
        assert at_desk(ministry).get(url).status_code == 403


def test_rule_create(at_desk, proposer):
    client, url = at_desk(proposer), reverse("rehab:rule-create", args=[ONE_YEAR])
    assert client.get(url).status_code == 200

    answer = client.post(
        url,
        {
            "needs": ["social", "conduct"], "conduct_pass_mark": "60", "due_days": "10",
            "effective_from": "2026-12-01",
        },
    )  # fmt: skip

    proposal = RuleProposal.objects.get()
    assert answer["Location"] == proposal.get_absolute_url()
    assert proposal.values["needs"] == ["social", "conduct"]
    assert client.get(reverse("rehab:rule-create", args=["no-such-rule"])).status_code == 404
    stage = client.get(reverse("rehab:rule-create", args=["stage-01"])).content.decode()
    assert "转出所需评估" in stage


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due_days": "0"}, "“满一年后多少日内办结（日）”不能小于 1"),
        ({"needs": []}, "“所需事项”还没有选"),
        ({"effective_from": "明天"}, "“施行日期”不是有效的日期"),
        ({"effective_from": "2026-01-01"}, "须填写依据的文号"),
    ],
)
def test_rule_create_refused(changed, said, at_desk, proposer):
    body = {
        "needs": ["social"], "conduct_pass_mark": "60", "due_days": "10",
        "effective_from": "2026-12-01",
    } | changed  # fmt: skip

    answer = at_desk(proposer).post(reverse("rehab:rule-create", args=[ONE_YEAR]), body)

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not RuleProposal.objects.exists()


@pytest.mark.parametrize("people", [1, 20, 100])
def test_rule_preview_queries_do_not_grow(
    people, at_desk, proposer, second, django_assert_max_num_queries
):
    crowded = make.facility("T02", beds=100)
    for _ in range(people):
        make.case(crowded)
    proposal = proposed(proposer)
    client = at_desk(second)

    with django_assert_max_num_queries(40):  # every clock twice, for any number of people
        page = client.get(preview_of(proposal)).content.decode()

    assert f"{people} 人 · {people} 项期限变动" in page


def preview_of(proposal):
    return reverse("rehab:rule-preview", args=[proposal.pk])


def test_rule_preview(at_desk, case, proposer, second):
    proposal, desk = proposed(proposer), at_desk(second)

    page = desk.get(preview_of(proposal)).content.decode()
    part = desk.get(preview_of(proposal), headers={"HX-Request": "true"}).content.decode()

    for shown in (page, part):
        assert case.person.name not in shown
        assert case.number in shown
        assert "2027-07-01" in shown
        assert "2027-06-11" in shown
    assert "<html" in page
    assert "<html" not in part


def test_what_was_decided_has_no_preview(at_desk, case, proposer, second):
    proposal, desk = proposed(proposer), at_desk(second)
    desk.post(reverse("rehab:rule-confirm", args=[proposal.pk]))

    assert desk.get(preview_of(proposal)).status_code == 404
    assert preview_of(proposal) not in desk.get(proposal.get_absolute_url()).content.decode()


def test_rule_detail(at_desk, case, proposer, second):
    proposal = proposed(proposer)

    page = at_desk(second).get(proposal.get_absolute_url()).content.decode()
    own = at_desk(proposer).get(proposal.get_absolute_url()).content.decode()

    assert preview_of(proposal) in page
    assert "确认</a>" in page
    assert "须由两人办理" in own
    assert "确认</a>" not in own


def test_rule_confirm(at_desk, proposer, second):
    proposal = proposed(proposer)
    url = reverse("rehab:rule-confirm", args=[proposal.pk])
    assert "disabled" in at_desk(proposer).get(url).content.decode()
    assert at_desk(proposer).post(url).status_code == 422
    client = at_desk(second)
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 200

    assert client.post(url)["Location"] == reverse("rehab:rule-list")

    proposal.refresh_from_db()
    assert proposal.status == "confirmed"
    assert client.get(proposal.get_absolute_url()).status_code == 200


def test_rule_return_and_withdraw(at_desk, proposer, second):
    proposal = proposed(proposer)
    url = reverse("rehab:rule-return", args=[proposal.pk])
    assert at_desk(second).post(url, {"reason": ""}).status_code == 422
    assert at_desk(second).post(url, {"reason": "文号不符"}).status_code == 302
    again = proposed(proposer)
    withdrawal = reverse("rehab:rule-withdraw", args=[again.pk])
    assert at_desk(second).post(withdrawal).status_code == 422
    assert at_desk(proposer).post(withdrawal).status_code == 302

    assert "文号不符" in at_desk(proposer).get(reverse("rehab:rule-list")).content.decode()


def test_rules_of_another_province_are_not_there(at_desk, proposer):
    proposal = proposed(proposer)
    stranger = make.officer("bureau_approver", make.bureau("另一省戒毒管理局"))

    assert at_desk(stranger).get(proposal.get_absolute_url()).status_code == 404
    assert stranger.may(Permission.RULE_APPROVE)
