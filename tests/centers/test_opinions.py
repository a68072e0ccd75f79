"""提前解除、延长期限的意见: from the proposal to the decision, by different people; it moves no last day."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from centers import actions, clocks
from centers.assessment import selectors
from centers.assessment.actions.opinions import move
from centers.assessment.rules import opinions as rules
from centers.models import Assessment, Objection, Opinion
from centers.states import OPINION_BACK, OPINION_EDGES, OPINION_OPEN, AssessmentKind, OpinionStatus
from rehab.actions.serving import serve_document
from rehab.actions.term_decisions import confirm_term_decision, propose_term_decision
from rehab.clock import day_of, standing_at
from rehab.keys import new_key
from rehab.ledgers import deadlines, documents, events
from rehab.models import (
    Case,
    Deadline,
    Document,
    Event,
    Notice,
    ServiceOfDocument,
    TermDecision,
    User,
)
from rehab.permissions import Permission
from rehab.provincial import rule_sets
from rehab.refusal import Obstacle, Refused
from rehab.rules.days import end_of
from rehab.rules.identity import mask_name
from rehab.states import IN_CUSTODY, AbsenceKind, CaseStatus
from tests.aftercare.test_deaths import put
from tests.centers.conftest import YEAR
from tests.factories import absences as away
from tests.factories import aftercare as out
from tests.factories import centers as made
from tests.factories import opinions as told
from tests.factories import rehab as make
from tests.factories import term_decisions as served

S, K = OpinionStatus, Event.Kind
ON = YEAR.date()
LATER = YEAR + told.NOTICE
THEN = LATER.date()
GOOD = {"detox": "pass", "recovery": "pass", "conduct": "pass", "social": "good"}


@pytest.fixture
def panel(facility):
    return told.Panel(facility)


@pytest.fixture
def good(case, staff, rules):
    """Somebody whose year is full and assessed as 良好."""
    made.assessed(case, staff, AssessmentKind.ONE_YEAR, at=YEAR)
    case.refresh_from_db()
    return case


def standing(case):
    return list(Opinion.objects.values()), list(Objection.objects.values()), kinds(case)


def kinds(case):
    return set(Event.objects.filter(case=case).values_list("kind", flat=True))


def roles(kind):
    return set(Notice.objects.filter(clock=kind).values_list("role_id", flat=True))


def owed(case, clock):
    return list(Deadline.objects.open().filter(case=case, clock=clock))


# Whether one may be made: pure ----

MAY = {
    "kind": "early_release", "on": ON, "ends_on": date(2028, 5, 31), "status_label": "在所",
    "in_custody": True, "opens_on": date(2027, 6, 1), "never": None, "beyond": (), "parts": GOOD,
}  # fmt: skip
EXTENDS = {"kind": "extension", "parts": GOOD | {"conduct": "fail"}}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "", id="满一年且良好"),
        pytest.param({"on": date(2027, 6, 1)}, "", id="满一年当日"),
        pytest.param({"on": date(2027, 5, 31)}, "执行不满一年", id="差一日"),
        pytest.param({"in_custody": False}, "不在执行强制隔离戒毒", id="脱逃在外"),
        pytest.param({"never": Obstacle("曾脱逃，不得提前解除")}, "曾脱逃", id="曾脱逃"),
        pytest.param({"parts": None}, "没有满一年综合诊断评估的现行结论", id="未评估"),
        pytest.param({"parts": GOOD | {"social": "fair"}}, "不是三项合格", id="社会环境一般"),
        pytest.param({"parts": GOOD | {"conduct": "fail"}}, "不是三项合格", id="行为不合格"),
        pytest.param({"parts": {"detox": "pass"}}, "不是三项合格", id="缺项"),
        pytest.param({"on": date(2028, 6, 1)}, "期满日 2028-05-31 已过", id="期满次日"),
        pytest.param(EXTENDS, "", id="延长：有不合格"),
        pytest.param(EXTENDS | {"on": date(2028, 5, 31)}, "", id="延长：期满当日"),
        pytest.param(EXTENDS | {"on": date(2027, 1, 1)}, "", id="延长：不问满一年"),
        pytest.param(EXTENDS | {"parts": GOOD}, "没有不合格的项目，按期解除", id="延长：全合格"),
        pytest.param(EXTENDS | {"parts": GOOD | {"social": "fair"}}, "按期解除", id="延长：一般"),
        pytest.param(EXTENDS | {"parts": None}, "没有期满前综合诊断评估", id="延长：未评估"),
        pytest.param(
            EXTENDS | {"beyond": (Obstacle("延长累计 15 个月"),)}, "延长累计", id="延长：超一年"
        ),
    ],
)
def test_whether_an_opinion_has_ground(changed, said):
    found = rules.ground_obstacles(rules.Grounding(**MAY | changed))

    assert "；".join(one.message for one in found).count(said) == (1 if said else len(found) + 1)
    assert bool(found) == bool(said)


PEOPLE = tuple(new_key() for _ in range(3))
DISCUSSED = {
    "discussed_on": ON, "participants": PEOPLE, "agreed": True, "conclusion": "同意",
    "notice_from": ON,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"agreed": False, "notice_from": None}, ""),
        ({"discussed_on": ON - timedelta(days=1)}, "“讨论日期”早于提出日期"),
        ({"discussed_on": ON + timedelta(days=1)}, "“讨论日期”晚于今天"),
        ({"participants": PEOPLE[:2]}, "“参加人员”至少选 3 人"),
        ({"participants": (*PEOPLE[:2], new_key())}, "“参加人员”至少选 3 人"),
        ({"participants": (PEOPLE[0],) * 3}, "“参加人员”至少选 3 人"),
        ({"conclusion": " "}, "“讨论情况”不能为空"),
        ({"notice_from": None}, "“公示起始日”不能为空"),
        ({"notice_from": ON - timedelta(days=1)}, "“公示起始日”早于讨论日期"),
        (
            {"discussed_on": ON - timedelta(days=2), "notice_from": ON - timedelta(days=1)},
            "“公示起始日”早于今天，公示自张贴之日起算",
        ),
        ({"notice_from": ON + timedelta(days=8)}, "“公示起始日”离今天超过 7 日"),
    ],
)
def test_what_a_discussion_must_say(changed, said):
    found = rules.discussion_obstacles(
        rules.Discussion(**DISCUSSED | changed), proposed_on=ON, known=set(PEOPLE), on=ON
    )

    assert said in "；".join(one.message for one in found)
    assert bool(found) == bool(said)


ANSWERED = {"granted": True, "number": "示决1号", "decided_on": ON}


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("extension", {"months": 3}, ""),
        ("extension", {"months": None}, "“决定延长月数”应为 1 至 12"),
        ("extension", {"months": 13}, "“决定延长月数”应为 1 至 12"),
        ("early_release", {"ends_on": ON}, ""),
        ("early_release", {}, "“决定的期满日”不能为空"),
        ("early_release", {"ends_on": date(2028, 5, 31)}, "“决定的期满日”不早于现在的期满日"),
        ("early_release", {"granted": False, "reason": "理由"}, ""),
        ("early_release", {"granted": False}, "“不批准的理由”不能为空"),
        ("early_release", {"ends_on": ON, "number": " "}, "“决定文号”不能为空"),
        ("extension", {"months": 3, "decided_on": ON - timedelta(days=1)}, "早于收到日期"),
        ("extension", {"months": 3, "decided_on": ON + timedelta(days=1)}, "晚于今天"),
    ],
)
def test_what_an_answer_must_say(kind, changed, said):
    found = rules.answer_obstacles(
        rules.Answer(**ANSWERED | changed),
        kind=kind, received_on=ON, ends_on=date(2028, 5, 31), on=ON,
    )  # fmt: skip

    assert said in "；".join(one.message for one in found)
    assert bool(found) == bool(said)


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (rules.sending_obstacles(sent_on=ON, signed_on=ON, on=ON), ""),
        (rules.sending_obstacles(sent_on=ON - DAY, signed_on=ON, on=ON), "早于所领导审批"),
        (rules.sending_obstacles(sent_on=ON + DAY, signed_on=ON, on=ON), "“报送日期”晚于今天"),
        (rules.receipt_obstacles(received_on=ON, receipt="示例", sent_on=ON, on=ON), ""),
        (rules.receipt_obstacles(received_on=ON, receipt=" ", sent_on=ON, on=ON), "签收人或者回执"),
        (
            rules.receipt_obstacles(received_on=ON - DAY, receipt="示例", sent_on=ON, on=ON),
            "“收到日期”早于报送日期",
        ),
        (
            rules.receipt_obstacles(received_on=ON + DAY, receipt="示例", sent_on=ON, on=ON),
            "“收到日期”晚于今天",
        ),
    ],
)
def test_what_a_sending_and_a_receipt_must_say(found, said):
    assert said in "；".join(one.message for one in found)
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("until", "open_", "unserved", "said"),
    [
        (ON - timedelta(days=1), 0, 0, ""),
        (ON, 0, 0, "公示至 2027-06-02 届满"),
        (ON - timedelta(days=1), 1, 0, "异议有 1 件没有复核"),
        (ON - timedelta(days=1), 0, 1, "书面答复有 1 件没有送达本人"),
    ],
)
def test_when_a_leader_may_sign(until, open_, unserved, said):
    found = rules.leader_obstacles(
        notice_until=until, on=ON, open_objections=open_, unserved=unserved
    )

    assert said in "；".join(one.message for one in found)
    assert bool(found) == bool(said)


# The whole way ----


def test_the_way_of_an_early_release(good, panel, facility):
    ends_on = good.ends_on
    told.propose(good, panel, at=YEAR)
    assert roles(K.OPINION_PROPOSED) == {"assessor", "committee_member"}

    noticed = actions.discuss_opinion(
        case=good, discussion=told.discussion(panel, on=ON), by=panel.second, at=YEAR
    )
    assert (noticed.notice_from, noticed.notice_until) == (ON, ON + timedelta(days=4))
    wall = noticed.notice.facts
    assert wall["name"] == mask_name(good.person.name)
    assert good.person.name not in str(wall)
    (sign,) = owed(good, clocks.SIGNATURE)
    assert (sign.owed_by, sign.due_at) == ("facility_leader", end_of(ON + timedelta(days=8)))

    signed = actions.sign_opinion(case=good, by=panel.leader, at=LATER)
    assert signed.document.facts["recipient"] == good.decision.authority
    assert bytes(signed.document.body).startswith(b"%PDF")
    assert owed(good, clocks.SENDING)
    actions.send_opinion(case=good, sent_on=THEN, by=panel.second, at=LATER)
    assert owed(good, clocks.RECEIPT)
    actions.receive_opinion(case=good, received_on=THEN, receipt="示例", by=panel.second, at=LATER)
    (answer,) = owed(good, clocks.ANSWER)
    assert answer.due_at == end_of(THEN + timedelta(days=7))
    actions.record_opinion_answer(
        case=good, answer=told.answer(told.EARLY, on=THEN), by=panel.second, at=LATER
    )
    assert owed(good, clocks.SERVICE)
    assert selectors.awaited_decision(good) is not None
    with pytest.raises(Refused, match="还没有登记送达，登记送达或者撤销登记以后再提出"):
        told.propose(good, panel, at=LATER)
    paper = served.early("示决〔2027〕1号", on=THEN, ends_on=THEN + timedelta(days=20))
    propose_term_decision(case=good, paper=paper, by=panel.second, at=LATER)

    assert selectors.awaited_decision(good) is None
    assert not owed(good, clocks.SERVICE)
    assert Case.objects.get().ends_on == ends_on


def test_extension_rests_on_a_failed_part_and_refused_he_is_told(good, panel, staff, rules):
    soon = make.at(2028, 4, 10)
    made.assessed(good, staff, AssessmentKind.PRE_EXPIRY, at=soon)
    with pytest.raises(Refused, match="没有不合格的项目，按期解除"):
        told.propose(good, panel, told.EXTENSION, at=soon)
    failed(good, staff, at=soon)

    refused = told.walked(good, panel, S.REFUSED, told.EXTENSION, at=soon)

    assert (refused.status, refused.reason) == (S.REFUSED, "示例不批准")
    assert refused.reply.facts["outcome"].endswith("决定不予批准")
    assert roles(K.OPINION_REFUSED) >= {"assessor", "facility_leader", "bureau_approver"}
    assert owed(good, clocks.REFUSAL)
    told.serve(refused.reply, good, at=soon + told.NOTICE, by=panel.second)
    assert not owed(good, clocks.REFUSAL)
    again = told.propose(good, panel, told.EXTENSION, at=soon)
    assert again.pk != refused.pk
    actions.withdraw_opinion(case=good, reason="示例", by=panel.leader, at=soon)
    whole = served.extension(on=soon.date(), months=12)
    decision = propose_term_decision(case=good, paper=whole, by=panel.second, at=soon)
    confirm_term_decision(decision=decision, by=panel.leader, at=soon)
    with pytest.raises(Refused, match="延长累计 15 个月，最长不超过一年"):
        told.propose(good, panel, told.EXTENSION, at=soon + timedelta(days=1))


def failed(case, staff, *, at):
    """The standing pre-expiry assessment, corrected to 不合格 in one part."""
    one = Assessment.objects.standing().get(case=case, kind=AssessmentKind.PRE_EXPIRY)
    draft = actions.correct_assessment(
        assessment=one, parts=one.parts | {"conduct": "fail"}, reasons="示例", why="示例",
        by=staff.assessor, at=at,
    )  # fmt: skip
    return actions.conclude_assessment(assessment=draft, by=staff.second_assessor, at=at)


# Each edge, and no other ----

ACTS = {
    S.NOTICED: lambda case, panel: actions.discuss_opinion(
        case=case, discussion=told.discussion(panel, on=ON), by=panel.second, at=YEAR
    ),
    S.REJECTED: lambda case, panel: actions.discuss_opinion(
        case=case, discussion=told.discussion(panel, on=ON, agreed=False), by=panel.second,
        at=LATER,
    ),
    S.SIGNED: lambda case, panel: actions.sign_opinion(case=case, by=panel.leader, at=LATER),
    S.DECLINED: lambda case, panel: actions.decline_opinion(
        case=case, reason="示例", by=panel.leader, at=LATER
    ),
    S.SENT: lambda case, panel: actions.send_opinion(
        case=case, sent_on=THEN, by=panel.second, at=LATER
    ),
    S.RECEIVED: lambda case, panel: actions.receive_opinion(
        case=case, received_on=THEN, receipt="示例", by=panel.second, at=LATER
    ),
    S.APPROVED: lambda case, panel: actions.record_opinion_answer(
        case=case, answer=told.answer("early_release", on=THEN), by=panel.second, at=LATER
    ),
    S.REFUSED: lambda case, panel: actions.record_opinion_answer(
        case=case, answer=told.answer("early_release", on=THEN, granted=False, reason="示例"),
        by=panel.second, at=LATER,
    ),
    S.WITHDRAWN: lambda case, panel: actions.withdraw_opinion(
        case=case, reason="示例", by=panel.leader, at=LATER
    ),
}  # fmt: skip


def undo(case, panel):
    return actions.undo_opinion_record(case=case, reason="示例", by=panel.leader, at=LATER)


def _falls(*given, **named):
    raise RuntimeError("it fell")


def test_a_step_goes_along_its_edge_alone_and_falls_without_a_trace(good, panel, monkeypatch):
    """Walked once along the line; at each status every act is tried, and falls where it is open."""
    told.propose(good, panel, at=YEAR)
    line = (S.PROPOSED, S.NOTICED, S.SIGNED, S.SENT, S.RECEIVED, S.APPROVED)
    for at, following in zip(line, (*line[1:], None), strict=True):
        tried(good, panel, at, monkeypatch)
        if following:
            assert ACTS[following](good, panel).status == following
    undo(good, panel)
    ACTS[S.REFUSED](good, panel)
    tried(good, panel, S.REFUSED, monkeypatch)
    for at in (S.REJECTED, S.UPHELD, S.DECLINED, S.WITHDRAWN, S.ENDED):
        Opinion.objects.update(status=at)
        tried(good, panel, at, monkeypatch)


def tried(case, panel, at, monkeypatch):
    before = standing(case), Document.objects.count()
    for to, act in ACTS.items():
        if (at, to) in OPINION_EDGES and OPINION_BACK.get(at) != to:
            with monkeypatch.context() as broken:
                broken.setattr(events, "record", _falls)
                with pytest.raises(RuntimeError):
                    act(case, panel)
        else:
            with pytest.raises(Refused, match=f"意见现为“{at.label}”"):
                act(case, panel)
        assert (standing(case), Document.objects.count()) == before, to
    if at not in OPINION_BACK:
        with pytest.raises(Refused, match=f"意见现为“{at.label}”，不能办理“撤销登记”"):
            undo(case, panel)


def test_edges_are_left_and_reached():
    assert {to for _, to in OPINION_EDGES} == set(S) - {S.PROPOSED}
    assert {at for at, _ in OPINION_EDGES} == OPINION_OPEN | {S.APPROVED, S.REFUSED}
    assert {at for at, to in OPINION_EDGES if to == S.ENDED} == OPINION_OPEN
    assert OPINION_BACK.items() <= OPINION_EDGES.keys()
    with pytest.raises(ValueError, match="does not lead"):
        move(Opinion(status=S.PROPOSED), S.APPROVED)


def test_of_whom_no_opinion_is_made(good, panel):
    for status in set(CaseStatus) - IN_CUSTODY:
        put(good, status)
        with pytest.raises(Refused, match=r"不在执行强制隔离戒毒|期限不再变动"):
            told.propose(good, panel, at=YEAR)
        put(good, CaseStatus.IN_FACILITY)
        Case.objects.update(ended_at=None)
    assert not Opinion.objects.exists()

    told.propose(good, panel, at=YEAR)
    away.out(good, AbsenceKind.ESCAPE, at=YEAR)
    away.back(good, by=panel.second, at=YEAR)
    with pytest.raises(Refused, match="曾脱逃，不得提前解除（《戒毒条例》第三十二条"):
        ACTS[S.NOTICED](good, panel)
    actions.withdraw_opinion(case=good, reason="示例", by=panel.second, at=LATER)
    with pytest.raises(Refused, match="第三十二条"):
        told.propose(good, panel, at=LATER)


def test_who_may_not(good, panel):
    def refused(said, act, **more):
        with pytest.raises(Refused, match=said):
            act(case=good, at=LATER, **more)

    again = {"kind": told.EARLY, "months": 3, "grounds": "示例"}
    refused("您的岗位不办理“提出意见”", actions.propose_opinion, by=panel.leader, **again)
    refused("第三十八条第二款", actions.propose_opinion, by=panel.proposer,
            community_refusal=True, **again)  # fmt: skip
    refused("“理由”不能为空", actions.propose_opinion, by=panel.proposer,
            **again | {"grounds": " ", "months": 13})  # fmt: skip
    refused("没有正在办理的意见", actions.sign_opinion, by=panel.leader)
    told.propose(good, panel, at=YEAR)
    talk = told.discussion(panel, on=ON)
    refused("已有意见正在办理", actions.propose_opinion, by=panel.proposer, **again)
    refused("不能由本人登记集体讨论", actions.discuss_opinion, by=panel.proposer, discussion=talk)
    refused("岗位不办理“集体讨论”", actions.discuss_opinion, by=panel.leader, discussion=talk)
    refused("“撤回的理由”不能为空", actions.withdraw_opinion, by=panel.leader, reason=" ")
    for fields, name in (
        ({"discussed_by": panel.proposer}, "another_records_the_discussion"),
        ({"signed_by": panel.proposer}, "another_signs_the_opinion"),
        ({"status": S.NOTICED}, "discussed_by_three_and_noticed"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Opinion.objects.update(**fields)
    twin = Opinion.objects.get()
    twin.pk = new_key()
    with pytest.raises(IntegrityError, match="one_open_opinion_per_case"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_leader_does_not_sign_what_he_proposed_or_what_has_changed(good, panel, staff):
    told.walked(good, panel, S.NOTICED, at=YEAR)
    with pytest.raises(Refused, match="公示至 2027-06-06 届满"):
        actions.sign_opinion(case=good, by=panel.leader, at=LATER - timedelta(days=1))
    with pytest.raises(Refused, match="“不同意的理由”不能为空"):
        actions.decline_opinion(case=good, reason=" ", by=panel.leader, at=LATER)
    Opinion.objects.update(by=panel.leader)
    with pytest.raises(Refused, match="本人提出的意见不能由本人审批"):
        actions.sign_opinion(case=good, by=panel.leader, at=LATER)
    Opinion.objects.update(by=panel.proposer)
    one = Assessment.objects.standing().get(case=good, kind=AssessmentKind.ONE_YEAR)
    draft = actions.correct_assessment(
        assessment=one, parts=one.parts, reasons="", why="示例", by=staff.assessor, at=LATER
    )
    actions.conclude_assessment(assessment=draft, by=staff.second_assessor, at=LATER)
    with pytest.raises(Refused, match="所依据的诊断评估结论已被更正"):
        actions.sign_opinion(case=good, by=panel.leader, at=LATER)


# The person's objection ----


def test_an_objection_holds_the_leader_until_it_is_reviewed_and_answered(good, panel):
    told.walked(good, panel, S.NOTICED, at=YEAR)
    told.object_to(good, panel, at=YEAR)
    assert not owed(good, clocks.SIGNATURE)
    (due,) = owed(good, clocks.OBJECTION)
    assert (due.owed_by, due.due_at) == ("committee_member", end_of(ON + timedelta(days=5)))
    with pytest.raises(Refused, match="异议有 1 件没有复核"):
        actions.sign_opinion(case=good, by=panel.leader, at=LATER)
    of_assessment = User.objects.get(pk=told.newest(good).assessment.concluded_by_id)
    for who in (panel.second, panel.third, of_assessment):
        with pytest.raises(Refused, match="不得复核异议"):
            reviews(good, who)
    with pytest.raises(Refused, match="“复核意见”不能为空"):
        reviews(good, panel.reviewer, findings=" ")

    reviewed = told.review(good, panel, at=LATER)

    assert "异议不成立" in reviewed.reply.facts["outcome"]
    (reply,) = owed(good, clocks.REPLY)
    assert reply.owed_by == "assessor"
    with pytest.raises(Refused, match="书面答复有 1 件没有送达本人"):
        actions.sign_opinion(case=good, by=panel.leader, at=LATER)
    told.serve(reviewed.reply, good, at=LATER, by=panel.second)
    with pytest.raises(Refused, match="没有待复核的异议"):
        told.review(good, panel, at=LATER)
    assert actions.sign_opinion(case=good, by=panel.leader, at=LATER).status == S.SIGNED
    with pytest.raises(Refused, match=r"已审批，只补登审批以前提出的异议.*行政复议"):
        told.object_to(good, panel, at=LATER)


def reviews(case, by, **changed):
    given = {"seen": told.first_objection(case), "upheld": False, "findings": "示例"} | changed
    return actions.review_objection(case=case, by=by, at=LATER, **given)


def test_a_review_lands_on_the_objection_that_was_read(good, panel):
    told.walked(good, panel, S.NOTICED, at=YEAR)
    told.object_to(good, panel, at=YEAR)
    read = told.first_objection(good)
    reviews(good, panel.reviewer)
    told.object_to(good, panel, at=LATER, words="示例另一件")
    before = standing(good)

    for seen in (read, ""):
        with pytest.raises(Refused, match="已由同事复核，或者另有更早的异议，请重新打开本页"):
            reviews(good, panel.reviewer, seen=seen)

    assert standing(good) == before
    assert reviews(good, panel.reviewer).words == "示例另一件"


def test_an_objection_upheld_ends_the_opinion(good, panel, monkeypatch):
    told.walked(good, panel, S.NOTICED, at=YEAR)
    for changed, said in (
        ({"words": " "}, "“异议内容”不能为空"),
        ({"lodged_at": LATER + timedelta(days=1)}, "“提出时间”晚于现在"),
        ({"lodged_at": YEAR - timedelta(days=1)}, "“提出时间”早于集体讨论"),
    ):
        facts = {"words": "示例", "lodged_at": LATER} | changed
        with pytest.raises(Refused, match=said):
            actions.lodge_objection(case=good, by=panel.zone_officer, at=LATER, **facts)
    told.object_to(good, panel, at=YEAR)
    before = standing(good)
    with monkeypatch.context() as broken:
        broken.setattr(events, "record", _falls)
        for act in (told.object_to, told.review):
            with pytest.raises(RuntimeError):
                act(good, panel, at=LATER)
    assert standing(good) == before

    told.review(good, panel, at=LATER, upheld=True)

    ended = told.newest(good)
    assert (ended.status, ended.reason) == (S.UPHELD, "示例复核意见")
    assert not owed(good, clocks.SIGNATURE)
    assert roles(K.OBJECTION_UPHELD) >= {"assessor", "facility_leader"}
    told.propose(good, panel, at=LATER)


# What was said before the signature, and written down after it ----


@pytest.mark.parametrize("part", ["by", "concluded_by"])
def test_who_assessed_him_reviews_nothing(good, panel, part):
    opinion = told.walked(good, panel, S.NOTICED, at=YEAR)
    told.object_to(good, panel, at=YEAR)
    Assessment.objects.filter(pk=opinion.assessment_id).update(**{part: panel.reviewer})

    with pytest.raises(Refused, match="不得复核异议"):
        told.review(good, panel, at=YEAR)


@pytest.mark.parametrize("part", ["by", "discussed_by"])
def test_who_proposed_or_recorded_the_discussion_reviews_nothing(good, panel, part):
    opinion = told.walked(good, panel, S.NOTICED, at=YEAR)
    told.object_to(good, panel, at=YEAR)
    Opinion.objects.filter(pk=opinion.pk).update(**{part: panel.reviewer})

    with pytest.raises(Refused, match="不得复核异议"):
        told.review(good, panel, at=YEAR)


def test_who_took_the_objection_down_does_not_review_it(good, panel):
    told.walked(good, panel, S.NOTICED, at=YEAR)
    made = told.object_to(good, panel, at=YEAR)
    Objection.objects.filter(pk=made.pk).update(by=panel.reviewer)

    with pytest.raises(Refused, match="不得复核异议"):
        told.review(good, panel, at=YEAR)


AFTER = LATER + timedelta(minutes=1)


def late(case, panel):
    """Said to the officer two days before the leader signed; he writes it down now."""
    lodged_at = LATER - timedelta(days=2)
    return actions.lodge_objection(
        case=case, words="示例异议", lodged_at=lodged_at, by=panel.zone_officer, at=AFTER
    )


@pytest.mark.parametrize("status", [S.SIGNED, S.SENT, S.RECEIVED], ids=lambda one: one.label)
def test_an_objection_in_time_is_taken_after_the_signature(good, panel, status):
    signed = told.walked(good, panel, status, at=YEAR)

    made = late(good, panel)

    stands = told.newest(good)
    assert (stands.status, stands.signed_by) == (status, signed.signed_by)
    assert (made.recorded_at, made.lodged_at) == (AFTER, LATER - timedelta(days=2))
    assert roles(K.OBJECTION_LODGED) >= {"facility_leader", "assessor", "committee_member"}
    assert owed(good, clocks.OBJECTION)
    role = panel.leader.posting.role  # of a house in which leaders review as well
    role.permissions = [*role.permissions, Permission.OPINION_REVIEW.value]
    role.save()
    with pytest.raises(Refused, match="不得复核异议"):
        reviews(good, User.objects.get(pk=panel.leader.pk))
    assert told.review(good, panel, at=AFTER).reply is not None


@pytest.mark.parametrize("status", [S.APPROVED, S.REFUSED], ids=lambda one: one.label)
def test_what_waits_when_the_organ_decides_is_reviewed_all_the_same(good, panel, status):
    told.walked(good, panel, S.RECEIVED, at=YEAR)
    late(good, panel)
    ACTS[status](good, panel)

    with pytest.raises(Refused, match=f"意见现为“{status.label}”，不能办理“登记异议”"):
        late(good, panel)
    reviewed = told.review(good, panel, at=AFTER, upheld=True)

    assert (reviewed.status, told.newest(good).status) == ("upheld", status)


def test_nothing_is_sent_before_it_is_reviewed_and_answered(good, panel):
    told.walked(good, panel, S.SIGNED, at=YEAR)
    late(good, panel)
    assert not owed(good, clocks.SENDING)
    before = standing(good)
    with pytest.raises(Refused, match="异议有 1 件没有复核，复核以前不能报送"):
        ACTS[S.SENT](good, panel)
    assert standing(good) == before
    reviewed = told.review(good, panel, at=AFTER)
    with pytest.raises(Refused, match="书面答复有 1 件没有送达本人"):
        ACTS[S.SENT](good, panel)
    told.serve(reviewed.reply, good, at=AFTER, by=panel.second)

    assert ACTS[S.SENT](good, panel).status == S.SENT
    assert owed(good, clocks.ORGAN)  # the letter was signed before anybody knew of it
    serve_document(
        case=good, document=reviewed.reply, received_by="", served_at=AFTER, by=panel.second, at=AFTER,
        recipient=ServiceOfDocument.Recipient.DECIDING_AUTHORITY, manner=ServiceOfDocument.Manner.POST,
    )  # fmt: skip
    assert not owed(good, clocks.ORGAN)


def test_upheld_it_ends_what_is_not_sent_and_tells_the_organ_of_what_is(good, panel):
    told.walked(good, panel, S.SIGNED, at=YEAR)
    late(good, panel)
    assert (
        told.review(good, panel, at=AFTER, upheld=True).reply.facts["outcome"] == "经复核，异议成立"
    )
    assert told.newest(good).status == S.UPHELD

    told.walked(good, panel, S.SENT, at=YEAR)
    late(good, panel)
    said_so = told.review(good, panel, at=AFTER, upheld=True).reply.facts["outcome"]
    assert told.newest(good).status == S.SENT
    assert said_so == "经复核，异议成立；意见已于2027年6月7日报送，本答复同时送示例市公安局"
    assert owed(good, clocks.ORGAN)


def test_the_page_takes_and_shows_what_was_said_before_the_signature(client, good, panel):
    told.walked(good, panel, S.SIGNED, at=YEAR)
    objects = {"lodged_at": f"{ON + timedelta(days=2)}T10:00", "behalf": "", "words": "示例异议"}
    with standing_at(AFTER):
        assert post(client, panel.zone_officer, good, "object", **objects).status_code == 302
        assert "复核并答复本人以前不能报送" in said(client.get(page(good)))
        client.force_login(panel.reviewer)
        shown = client.get(page(good))
        assert shown.context["main"][0]["step"] == "review"
        assert "审批以后补登" in said(shown)
        client.force_login(panel.second)
        assert "复核以前不能报送" in said(client.get(page(good)))


# What was recorded wrongly, and who leaves meanwhile ----


def test_a_refusal_taken_back_is_taken_back_in_writing(client, good, panel):
    refused = told.walked(good, panel, S.REFUSED, at=YEAR)
    with standing_at(LATER):
        posted = post(client, panel.leader, good, "undo", undone_for="文书认错了人")
        assert "原告知书已由新的一份替代" in said(client.get(posted.url))

    current = documents.current(good, "opinion_reply")
    assert current.supersedes == refused.reply
    assert current.facts["subject"].startswith(refused.reply.number)
    assert not owed(good, clocks.CORRECTION)  # he holds nothing that is wrong
    told.serve(refused.reply, good, at=LATER, by=panel.second)
    (due,) = owed(good, clocks.CORRECTION)
    assert (due.owed_by, due.due_at) == ("assessor", end_of(day_of(LATER) + timedelta(days=3)))
    told.serve(current, good, at=LATER, by=panel.second)
    assert not owed(good, clocks.CORRECTION)
    assert "作废" in current.facts["outcome"]
    assert told.newest(good).reply is None


def test_a_wrong_record_is_taken_back_by_another(good, panel):
    told.walked(good, panel, S.APPROVED, at=YEAR)
    with pytest.raises(Refused, match="登记人不得自己撤销登记"):
        actions.undo_opinion_record(case=good, reason="示例", by=panel.second, at=LATER)
    with pytest.raises(Refused, match="“撤销的理由”不能为空"):
        actions.undo_opinion_record(case=good, reason=" ", by=panel.leader, at=LATER)

    back = undo(good, panel)

    assert (back.status, back.decision_number, back.decided_ends_on) == (S.RECEIVED, None, None)
    event = Event.objects.get(kind=K.OPINION_UNDONE)
    assert (event.corrects.kind, event.words) == (K.OPINION_APPROVED, {"why": "示例"})
    assert [undo(good, panel).status for _ in range(2)] == [S.SENT, S.SIGNED]
    ACTS[S.SENT](good, panel)
    ACTS[S.RECEIVED](good, panel)
    ACTS[S.APPROVED](good, panel)
    paper = served.early("示决〔2027〕1号", on=THEN, ends_on=THEN + timedelta(days=20))
    propose_term_decision(case=good, paper=paper, by=panel.second, at=LATER)
    with pytest.raises(Refused, match="须先撤销期限决定的登记"):
        undo(good, panel)


def test_a_refusal_is_not_restored_beside_another_opinion(good, panel):
    told.walked(good, panel, S.REFUSED, at=YEAR)
    later = told.propose(good, panel, at=LATER)
    Opinion.objects.filter(pk=later.pk).update(proposed_at=YEAR - timedelta(days=1))

    with pytest.raises(Refused, match="另有意见正在办理"):
        undo(good, panel)


def test_a_new_opinion_settles_nothing_that_is_owed_of_the_one_before(good, panel):
    refused = told.walked(good, panel, S.REFUSED, at=YEAR)

    told.propose(good, panel, at=LATER)

    assert [one.cycle for one in owed(good, clocks.REFUSAL)] == [str(refused.pk)]


def test_he_is_told_of_an_opinion_that_ends_in_the_house(good, panel):
    """An early release that was discussed, and whoever waits for a review; not of what was only proposed."""
    told.propose(good, panel, at=YEAR)
    assert (
        actions.withdraw_opinion(case=good, reason="示例", by=panel.leader, at=YEAR).reply is None
    )
    assert not owed(good, clocks.REFUSAL)
    for before, end in (
        (S.PROPOSED, ACTS[S.REJECTED]),
        (S.NOTICED, ACTS[S.DECLINED]),
        (S.SIGNED, ACTS[S.WITHDRAWN]),
    ):
        told.walked(good, panel, before, at=YEAR)
        ended = end(good, panel)

        assert ended.reply.facts["outcome"] == "本所没有报送"
        assert str(ended.pk) in {one.cycle for one in owed(good, clocks.REFUSAL)}
        told.serve(ended.reply, good, at=LATER, by=panel.second)
        assert not owed(good, clocks.REFUSAL)


@pytest.mark.parametrize("objects", [False, True])
def test_of_an_extension_that_ends_in_the_house_he_is_told_who_objected(
    client, good, panel, staff, objects
):
    soon = make.at(2028, 4, 10)
    made.assessed(good, staff, AssessmentKind.PRE_EXPIRY, at=soon)
    failed(good, staff, at=soon)
    told.walked(good, panel, S.NOTICED, told.EXTENSION, at=soon)
    if objects:
        told.object_to(good, panel, at=soon)

    ended = actions.withdraw_opinion(case=good, reason="示例", by=panel.leader, at=soon)

    assert (ended.reply is not None) == objects
    client.force_login(panel.leader)
    with standing_at(soon):
        assert ("意见已终结，未复核" in said(client.get(page(good)))) == objects


def test_release_ends_what_is_under_way_and_waits_for_nothing(good, panel):
    told.walked(good, panel, S.NOTICED, at=YEAR)
    told.object_to(good, panel, at=YEAR)
    officer = make.officer("intake_officer", good.facility)
    with standing_at(out.NOON_OF_LAST_DAY):
        gone = out.release(good, by=officer).case

    ended = told.newest(gone)

    assert gone.status == CaseStatus.RELEASED
    assert (ended.status, ended.closed_by) == (S.ENDED, officer)
    assert K.OPINION_ENDED in kinds(gone)
    assert not Deadline.objects.open().filter(case=gone, clock__in=OPINION_CLOCKS).exists()
    with pytest.raises(Refused, match="期限不再变动"):
        undo(gone, panel)


OPINION_CLOCKS = (
    clocks.OBJECTION, clocks.REPLY, clocks.SIGNATURE, clocks.SENDING, clocks.RECEIPT, clocks.ANSWER,
    clocks.SERVICE, clocks.REFUSAL, clocks.DISCUSSION, clocks.ORGAN,
)  # fmt: skip


def test_a_province_sets_its_own_days(panel, facility):
    assert selectors.terms(facility.province_id, on=ON) == selectors.Terms(5, 5, confirmed=False)
    days = {"notice_days": 7, "review_days": 3}
    rule = {"province": facility.province, "effective_from": ON, "by": panel.leader, "at": YEAR}
    with pytest.raises(Refused, match="至少一日"):
        actions.set_opinion_rule(**rule, notice_days=0, review_days=1)

    known = rule_sets()["opinion-notice"]
    assert known.judge(facility.province, ON, days) == ()
    known.write(facility.province, ON, days, by=panel.leader, at=YEAR)

    assert known.in_force(facility.province, on=ON).values == days
    assert selectors.terms(facility.province_id, on=ON) == selectors.Terms(7, 3, confirmed=True)
    with pytest.raises(Refused, match="同一日施行的规则已经设定"):
        actions.set_opinion_rule(**rule, **days)


# Pages ----


def page(case):
    return reverse("centers:opinion-detail", args=[case.number])


def post(client, user, case, step, **data):
    client.force_login(user)
    filled = {f"{step}-{name}": value for name, value in data.items()}
    return client.post(page(case), {"step": step, **filled})


def said(answer):
    return html.unescape(answer.content.decode())


def test_opinion_pages_from_the_list_to_the_service(client, good, panel):
    """Every step on one page, each by whose it is; then the decision's own page, filled in already."""
    make.case(good.facility)  # of whom nothing is on file
    with standing_at(YEAR):
        client.force_login(panel.proposer)
        row = said(client.get(reverse("centers:opinion-list")))
        assert "可以提出 1" in row
        assert "待评估 1" in row
        assert "缺 " in row
        assert page(good) in row
        assert "现在不能提出“延长期限”的意见" in said(client.get(page(good)))
        facts = {"kind": "early_release", "months": 3, "grounds": "示例理由"}
        assert "“建议月数”" in said(
            post(client, panel.proposer, good, "propose", **facts | {"months": 13})
        )
        assert post(client, panel.proposer, good, "propose", **facts).status_code == 302
        assert "提前解除意见：待集体讨论" in said(client.get(reverse("centers:opinion-list")))
        people = [str(one.pk) for one in (panel.proposer, panel.second, panel.third)]
        talk = {"agreed": "yes", "discussed_on": ON, "notice_from": ON, "participants": people}
        refused = post(client, panel.leader, good, "discuss", **talk, conclusion="示例讨论情况")
        assert (refused.status_code, "您的岗位不办理“集体讨论”" in said(refused)) == (422, True)
        assert (
            post(client, panel.second, good, "discuss", **talk, conclusion="同意").status_code
            == 302
        )
        objects = {"lodged_at": "2027-06-02T10:00", "behalf": "示例母亲", "words": "示例异议"}
        assert post(client, panel.zone_officer, good, "object", **objects).status_code == 302
        assert "示例母亲 代为提出" in said(client.get(page(good)))
        client.force_login(panel.reviewer)
        shown = client.get(page(good))
        assert "代为提出的异议：示例异议" in said(shown)
        seen = shown.context["main"][0]["form"]["seen"].value()
        looked = {"seen": seen, "upheld": "no", "findings": "示例复核"}
        assert post(client, panel.reviewer, good, "review", **looked).status_code == 302
        assert "未送达本人" in said(client.get(page(good)))
        told.serve(told.newest(good).objections.get().reply, good, at=YEAR, by=panel.second)
    with standing_at(LATER):
        declined = post(client, panel.leader, good, "sign", approved="no", declined_for="")
        assert "“不同意的理由”不能为空" in said(declined)
        assert post(client, panel.leader, good, "sign", approved="yes").status_code == 302
        assert post(client, panel.second, good, "send", sent_on=THEN).status_code == 302
        assert post(client, panel.leader, good, "undo", undone_for="示例").status_code == 302
        assert post(client, panel.second, good, "send", sent_on=THEN).status_code == 302
        got = {"received_on": THEN, "receipt": "示例签收人"}
        assert post(client, panel.second, good, "receive", **got).status_code == 302
        decided = {"granted": "yes", "number": "示决〔2027〕7号", "decided_on": THEN}
        answer = decided | {"ends_on": "2027-07-01"}
        assert post(client, panel.second, good, "answer", **answer).status_code == 302
        client.force_login(panel.proposer)
        waits = client.get(page(good))
        assert "决定书还没有登记送达本人" in said(waits)
        assert "propose" not in {one["step"].value for one in waits.context["main"]}
        create = reverse("aftercare:term-decision-create", args=[good.number])
        filled = client.get(create).context["form"].initial
        assert (filled["number"], str(filled["ends_on"])) == ("示决〔2027〕7号", "2027-07-01")
        assert (
            client.get(reverse("centers:opinion-list") + "?as=xlsx&stand=under_way").status_code
            == 200
        )


def test_who_is_past_his_end_is_to_be_released_and_nothing_is_proposed_of_him(good, panel):
    def stand(on):
        return selectors.past_year(panel.leader, on=on).get().stand

    around = [stand(good.ends_on + timedelta(days=days)) for days in (-1, 0, 1)]
    assert around == ["may", "over", "over"]  # on his last day he is released, not proposed


def test_where_neither_kind_has_ground_its_button_is_grey_and_says_why(client, case, panel):
    client.force_login(panel.proposer)
    with standing_at(YEAR):
        shown = said(client.get(page(case)))

    assert re.search(r'<button type="submit" class="btn-x" disabled>提出意见', shown)
    assert "提前解除：没有满一年综合诊断评估的现行结论" in shown
    assert "延长期限：没有期满前综合诊断评估的现行结论" in shown


def test_nobody_has_decided_before_he_chooses(client, good, panel):
    told.propose(good, panel, at=YEAR)
    with standing_at(YEAR):
        client.force_login(panel.second)
        before = client.get(page(good)).context["main"][0]["form"]
        told_so = said(post(client, panel.second, good, "discuss", discussed_on=ON))
    assert before["agreed"].value() is None
    assert "“讨论结果”还没有选，请选择" in told_so
    assert told.newest(good).status == S.PROPOSED


def test_opinion_pages_of_other_ends(client, good, panel):
    facts = {"kind": "early_release", "months": 3, "grounds": "示例理由"}
    people = [str(one.pk) for one in (panel.proposer, panel.second, panel.third)]
    talk = {"discussed_on": ON, "participants": people, "conclusion": "示例"}
    with standing_at(YEAR):
        assert post(client, panel.proposer, good, "propose", **facts).status_code == 302
        assert post(client, panel.second, good, "discuss", agreed="no", **talk).status_code == 302
        assert "讨论未通过" in said(client.get(page(good)))
        assert post(client, panel.proposer, good, "propose", **facts).status_code == 302
        assert post(client, panel.leader, good, "withdraw", withdrawn_for="示例").status_code == 302
    with standing_at(LATER):
        told.walked(good, panel, S.NOTICED, at=YEAR)
        assert (
            post(client, panel.leader, good, "sign", approved="no", declined_for="示例").status_code
            == 302
        )
        told.walked(good, panel, S.RECEIVED, at=YEAR)
        refused = {"granted": "no", "number": "示决1号", "decided_on": THEN, "refused_for": "示例"}
        assert post(client, panel.second, good, "answer", **refused).status_code == 302
        whole = said(client.get(page(good)))
    assert whole.count("提前解除意见 · ") == 4
    viewer = make.officer("bureau_viewer", good.facility.province)
    client.force_login(viewer)
    masked = said(client.get(page(good)))
    assert good.person.name not in masked
    assert "示例理由" not in masked


@pytest.mark.parametrize("ends", ["returned", "withdrawn"])
def test_a_decision_given_or_taken_back_is_to_be_served_again(good, panel, ends):
    told.walked(good, panel, S.APPROVED, at=YEAR)
    paper = served.early("示决〔2027〕1号", on=THEN, ends_on=THEN + timedelta(days=20))
    decision = propose_term_decision(case=good, paper=paper, by=panel.second, at=LATER)
    assert not owed(good, clocks.SERVICE)

    TermDecision.objects.filter(pk=decision.pk).update(
        status=ends, decided_at=LATER, return_reason="示例",
        decided_by=panel.leader if ends == "returned" else None,
    )  # fmt: skip
    deadlines.refresh([good])

    assert owed(good, clocks.SERVICE)
