"""决定书更正: a decision is written anew, or upheld, once two officers stand behind it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rehab import scope
from rehab.actions import decision_corrections as actions
from rehab.actions import escapes, term_ends
from rehab.actions.cases import close_case
from rehab.actions.term_decisions import confirm_term_decision, propose_term_decision
from rehab.clock import day_of, standing_at
from rehab.keys import new_key
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline, Decision, DecisionCorrection, Event, Notice
from rehab.refusal import Refused
from rehab.rules.explaining import explain
from rehab.selectors import decision_corrections as selectors
from rehab.selectors.term import term_facts, working
from rehab.states import FINAL, AbsenceKind, CaseStatus, CorrectionCause, ProposalStatus
from tests.factories import absences as away
from tests.factories import decision_corrections as right
from tests.factories import rehab as make
from tests.factories import term_decisions as served

pytestmark = pytest.mark.django_db

LAWFUL = date(2028, 5, 31)  # of a decision of 2026-06-01
ONE_DAY = timedelta(days=1)
NOON = make.NOON
TODAY = day_of(NOON)
BETWEEN = make.at(2028, 6, 1)  # after the computed end, on the printed one
AFTER = make.at(2028, 6, 4)


@pytest.fixture(autouse=True)
def _noon():
    with standing_at(NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


@pytest.fixture
def case(facility):
    return printed(facility, 0)


@pytest.fixture
def recorder(facility):
    return make.officer("assessor", facility)


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)


@pytest.fixture
def bureau(facility):
    return make.officer("bureau_approver", facility.province)


def printed(facility, later):
    end = LAWFUL + timedelta(days=later)
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=end))
    deadlines.refresh([case])
    return case


def propose(case, by, correction, at=NOON):
    return actions.propose_decision_correction(case=case, correction=correction, by=by, at=at)


def confirm(one, by, at=NOON):
    return actions.confirm_decision_correction(correction=one, by=by, at=at)


def give_back(one, by, reason="请核对", at=NOON):
    return actions.return_decision_correction(correction=one, reason=reason, by=by, at=at)


def days(case):
    case = Case.objects.get(pk=case.pk)
    return case.ends_on, case.alarm_on


def expiry(case):
    return day_of(Deadline.objects.get(case=case, clock="term.expiry").due_at)


def traces():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Case, Decision, DecisionCorrection, Event, Deadline, Notice)
    ]


# What it moves


def test_nothing_moves_before_another_confirms(case, recorder, leader):
    one = propose(case, recorder, right.entry(case, decided_on=date(2026, 5, 1),
                                              printed_ends_on=date(2028, 4, 30)))  # fmt: skip
    stood = (days(case), expiry(case), Decision.objects.get(case=case).decided_on)
    confirm(one, leader)

    decision = Decision.objects.get(case=case)
    assert stood == ((LAWFUL, LAWFUL), LAWFUL, date(2026, 6, 1))
    assert days(case) == (date(2028, 4, 30), date(2028, 4, 30))
    assert expiry(case) == date(2028, 4, 30)
    assert (decision.decided_on, decision.printed_ends_on) == (date(2026, 5, 1), date(2028, 4, 30))


def test_every_fact_of_the_paper_is_written_and_the_former_kept(case, recorder, leader):
    was, number = case.decision.number, "示公（禁）强戒决字〔2026〕777号"
    one = confirm(
        propose(case, recorder, right.entry(
            case, number=number, authority="示例县公安局", printed_starts_on=None,
        )), leader,
    )  # fmt: skip

    decision, one = Decision.objects.get(case=case), DecisionCorrection.objects.get(pk=one.pk)
    assert (decision.number, decision.authority) == (number, "示例县公安局")
    assert decision.printed_starts_on is None
    assert decision.number_index != case.decision.number_index
    assert one.was == {
        "number": was, "authority": "示例市公安局", "decided_on": "2026-06-01",
        "printed_starts_on": "2026-06-01", "printed_ends_on": "2028-05-31",
    }  # fmt: skip
    lines = selectors.facts_of(one, on=TODAY).lines
    assert [line.label for line in lines if line.changes] == ["决定书文号", "决定机关", "载明起日"]
    assert case.events.get(kind=Event.Kind.DECISION_CORRECTED).words["why"] == "核对决定书原件"


def test_the_working_gives_the_same_day(case, recorder, leader):
    confirm(
        propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL + 5 * ONE_DAY)), leader
    )
    case = Case.objects.select_related("decision").get(pk=case.pk)

    found = explain(term_facts(case, on=TODAY))
    assert (found.ends_on, found.alarm_on) == days(case) == (LAWFUL + 5 * ONE_DAY, LAWFUL)


def test_the_organs_correction_ends_the_difference(facility, recorder, leader):
    case = printed(facility, 5)
    term_ends.ask_about_end(case=case, by=recorder, at=NOON)

    confirm(propose(case, recorder, right.answered(case, on=TODAY, printed_ends_on=LAWFUL)), leader)

    assert days(case) == (LAWFUL, LAWFUL)


def test_the_organs_answer_rests_the_alarm_of_the_one_day(facility, recorder, leader):
    case = printed(facility, 1)
    one = propose(case, recorder, right.answered(case, on=TODAY))
    stood = days(case)
    confirm(one, leader)
    case = Case.objects.select_related("decision").get(pk=case.pk)

    assert stood == (LAWFUL + ONE_DAY, LAWFUL)
    assert days(case) == (LAWFUL + ONE_DAY, LAWFUL + ONE_DAY)
    assert expiry(case) == LAWFUL + ONE_DAY
    assert working(case, on=TODAY).cautions == ()
    assert case.events.filter(kind=Event.Kind.DECISION_UPHELD).exists()
    term_ends.recheck_alarms(facility=facility, at=NOON)
    assert days(case) == (LAWFUL + ONE_DAY, LAWFUL + ONE_DAY)


def test_an_answer_holds_for_the_day_it_was_given_for_alone(facility, recorder, leader):
    case = printed(facility, 1)
    confirm(propose(case, recorder, right.answered(case, on=TODAY)), leader)
    case = Case.objects.select_related("decision").get(pk=case.pk)
    moved = {"decided_on": date(2026, 5, 31), "printed_ends_on": LAWFUL}

    confirm(propose(case, recorder, right.entry(case, **moved)), leader)

    assert days(case) == (LAWFUL, LAWFUL - ONE_DAY)


def test_an_answer_about_one_rests_no_alarm_of_another(facility, recorder, leader):
    case, other = printed(facility, 1), printed(facility, 1)

    confirm(propose(case, recorder, right.answered(case, on=TODAY)), leader)
    term_ends.recheck_alarms(facility=facility, at=NOON)

    assert days(other) == (LAWFUL + ONE_DAY, LAWFUL)


def test_a_returned_answer_rests_nothing(facility, recorder, leader):
    case = printed(facility, 1)
    give_back(propose(case, recorder, right.answered(case, on=TODAY)), leader)

    term_ends.recheck_alarms(facility=facility, at=NOON)

    assert days(case) == (LAWFUL + ONE_DAY, LAWFUL)


# What is refused


WRONG = [
    pytest.param(lambda case: right.entry(case), "没有改动任何一项", id="无改动"),
    pytest.param(
        lambda case: replace(right.entry(case, authority="另一局"), reason=" "), "“依据”不能为空", id="无依据"
    ),
    pytest.param(
        lambda case: right.entry(case, decided_on=TODAY + ONE_DAY), "晚于入所日期", id="决定在入所后"
    ),
    pytest.param(
        lambda case: right.entry(case, printed_ends_on=date(2026, 5, 1)), "早于决定日期", id="止日在决定前"
    ),
    pytest.param(
        lambda case: right.entry(case, printed_starts_on=LAWFUL + ONE_DAY), "“载明起日”晚于", id="起止颠倒"
    ),
    pytest.param(
        lambda case: replace(right.entry(case, authority="另一局"), cause=CorrectionCause.ORGAN),
        "须登记其函", id="无函",
    ),
    pytest.param(
        lambda case: right.answered(case, on=date(2026, 6, 1), authority="另一局"),
        "早于决定日期", id="函在决定前",
    ),
    pytest.param(
        lambda case: right.answered(case, on=TODAY + ONE_DAY, authority="另一局"), "还没有到", id="函未收到"
    ),
    pytest.param(
        lambda case: replace(
            one := right.answered(case, on=TODAY, authority="另一局"),
            letter=replace(one.letter, written_on=TODAY, received_on=TODAY - ONE_DAY),
        ),
        "早于函的日期", id="收到在发出前",
    ),
    pytest.param(lambda case: right.answered(case, on=TODAY), "恰为满二年当日", id="无差异而答复无误"),
    pytest.param(
        lambda case: replace(
            right.answered(case, on=TODAY, authority="另一局"), cause=CorrectionCause.UPHELD
        ),
        "决定书信息不变", id="无误而有改动",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("made", "said"), WRONG)
def test_what_may_not_be_proposed_leaves_no_trace(made, said, case, recorder):
    before = traces()

    with pytest.raises(Refused, match=said):
        propose(case, recorder, made(case))

    assert traces() == before


def test_no_answer_rests_the_alarm_of_more_than_the_one_day(facility, recorder):
    case = printed(facility, 2)

    with pytest.raises(Refused, match="其他差异请决定机关更正"):
        propose(case, recorder, right.answered(case, on=TODAY))


def test_what_contradicts_another_record_is_refused(case, recorder, leader):
    paper = served.extension(on=TODAY)
    confirm_term_decision(
        decision=propose_term_decision(case=case, paper=paper, by=recorder, at=NOON),
        by=leader,
        at=NOON,
    )
    case = Case.objects.select_related("decision").get(pk=case.pk)
    before = traces()

    with pytest.raises(Refused, match="晚于当时的期满日"):
        propose(case, recorder, right.entry(
            case, decided_on=date(2024, 6, 1), printed_starts_on=None, printed_ends_on=date(2026, 5, 31),
        ))  # fmt: skip

    assert traces() == before


def test_what_another_record_contradicts_meanwhile_is_refused_when_confirmed(
    case, recorder, leader
):
    ends_on, served_at = date(2026, 12, 31), make.at(2027, 1, 5)
    one = propose(case, recorder, right.entry(case, printed_ends_on=ends_on))
    with standing_at(served_at):
        paper = served.extension(on=day_of(served_at))
        extended = propose_term_decision(case=case, paper=paper, by=recorder, at=served_at)
        confirm_term_decision(decision=extended, by=leader, at=served_at)
        one = DecisionCorrection.objects.get(pk=one.pk)
        before = traces()

        assert selectors.facts_of(one, on=day_of(served_at)).ends is None
        with pytest.raises(Refused, match="晚于当时的期满日"):
            confirm(one, leader, at=served_at)

    assert traces() == before


def test_a_number_of_somebody_else_is_refused_and_nothing_written(case, facility, recorder, leader):
    other = make.case(make.facility("T02", province=make.bureau("另一省戒毒管理局")))
    one = propose(case, recorder, right.entry(case, number=other.decision.number))
    before = traces()

    with pytest.raises(Refused, match="已登记在另一人名下"):
        confirm(one, leader)

    assert traces() == before


def test_one_waits_at_a_time(case, recorder):
    propose(case, recorder, right.entry(case, authority="另一局"))

    with pytest.raises(Refused, match="已登记一件，尚待确认"):
        propose(case, recorder, right.entry(case, authority="又一局"))
    second = DecisionCorrection.objects.get()
    second.pk = new_key()
    with (
        pytest.raises(IntegrityError, match="one_decision_correction_waits_in_a_case"),
        transaction.atomic(),
    ):
        second.save(force_insert=True)


@pytest.mark.parametrize("status", sorted(FINAL))
def test_whose_case_has_ended_keeps_what_stands(status, case, recorder, leader):
    one = propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL - ONE_DAY))
    if status == CaseStatus.CONVERTED:
        away.out(case, AbsenceKind.MEDICAL_LEAVE, by=leader)
        case.refresh_from_db()
    close_case(case=case, to=status, at=NOON)
    case = Case.objects.select_related("decision").get(pk=case.pk)

    with pytest.raises(Refused, match="期限不再变动"):
        confirm(one, leader)
    give_back(one, leader)
    with pytest.raises(Refused, match="期限不再变动"):
        propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL - ONE_DAY))
    assert days(case) == (LAWFUL, LAWFUL)


@pytest.mark.parametrize("status", sorted(set(CaseStatus) - FINAL))
def test_it_is_corrected_wherever_he_is(status, case, recorder, leader):
    Case.objects.filter(pk=case.pk).update(status=status)

    confirm(propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL - ONE_DAY)), leader)

    assert days(case)[0] == LAWFUL - ONE_DAY


# Who


@pytest.mark.parametrize("act", [confirm, give_back])
def test_nobody_decides_his_own(act, case, leader):
    one = propose(case, leader, right.entry(case, authority="另一局"))
    before = traces()

    with pytest.raises(Refused, match="提请人不得自己"):
        act(one, leader)

    assert traces() == before


def test_the_database_wants_two(case, recorder, leader):
    one = confirm(propose(case, recorder, right.entry(case, authority="另一局")), leader)

    with pytest.raises(IntegrityError, match="two_people_correct_a_decision"), transaction.atomic():
        DecisionCorrection.objects.filter(pk=one.pk).update(decided_by=recorder)


@pytest.mark.parametrize("first", [confirm, give_back])
@pytest.mark.parametrize("then", [confirm, give_back])
def test_what_was_decided_is_decided_once(first, then, case, recorder, leader):
    one = first(propose(case, recorder, right.entry(case, authority="另一局")), leader)
    before = traces()

    with pytest.raises(Refused, match="请刷新页面"):
        then(one, leader)

    assert traces() == before


def test_it_is_given_back_with_a_reason(case, recorder, leader):
    one = propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL - ONE_DAY))

    with pytest.raises(Refused, match="“退回理由”不能为空"):
        give_back(one, leader, reason=" ")
    one = give_back(one, leader)

    assert (one.status, one.return_reason) == (ProposalStatus.RETURNED, "请核对")
    assert days(case) == (LAWFUL, LAWFUL)
    propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL - ONE_DAY))


@pytest.mark.parametrize(
    ("later", "made"),
    [
        pytest.param(1, lambda case: right.answered(case, on=day_of(AFTER)), id="答复无误"),
        pytest.param(
            0, lambda case: right.entry(case, decided_on=date(2026, 6, 30), printed_ends_on=date(2028, 6, 29)),
            id="登记有误",
        ),
    ],
)  # fmt: skip
def test_an_alarm_that_rings_is_rested_by_the_bureau_alone(
    later, made, facility, recorder, leader, bureau
):
    case = printed(facility, later)
    with standing_at(AFTER):
        one = propose(case, recorder, made(case), at=AFTER)
        before = traces()
        with pytest.raises(Refused, match="须由省级戒毒管理局复核"):
            confirm(one, leader, at=AFTER)
        assert traces() == before
        told = Notice.objects.filter(case=case, clock=Event.Kind.DECISION_CORRECTION_PROPOSED)
        assert {row.role.code for row in told} == {"bureau_approver", "facility_leader"}

        confirm(one, bureau, at=AFTER)

    assert days(case)[1] > LAWFUL


def test_the_bureau_is_asked_for_that_alone(case, recorder, bureau):
    one = propose(case, recorder, right.entry(case, printed_ends_on=LAWFUL - ONE_DAY))

    with pytest.raises(Refused, match="由本所所领导确认"):
        confirm(one, bureau)


def test_a_leader_brings_the_end_forward_though_the_alarm_rings(facility, recorder, leader):
    case = printed(facility, 5)
    with standing_at(AFTER):
        one = propose(
            case, recorder, right.answered(case, on=day_of(AFTER), printed_ends_on=LAWFUL), at=AFTER
        )
        confirm(one, leader, at=AFTER)

    assert days(case) == (LAWFUL, LAWFUL)


# An escape whose days are confirmed between the two days


@pytest.mark.parametrize("upheld", [False, True])
def test_days_of_an_escape_wait_for_the_organ_once_the_computed_day_has_passed(
    upheld, facility, recorder, leader, bureau
):
    case = printed(facility, 1)
    gate = make.officer("intake_officer", facility)
    away.out(case, AbsenceKind.ESCAPE, by=gate)
    with standing_at(away.BACK):
        absence = away.back(case, by=gate)
        proposal = escapes.propose_uncounted(
            absence=absence, proof=away.proof(), by=gate, at=away.BACK
        )
        if upheld:
            confirm(
                propose(case, recorder, right.answered(case, on=day_of(away.BACK)), at=away.BACK),
                leader,
                at=away.BACK,
            )
    with standing_at(BETWEEN):
        if upheld:
            escapes.confirm_uncounted(proposal=proposal, by=leader, at=BETWEEN)
            assert days(case)[1] > LAWFUL + ONE_DAY
        else:
            with pytest.raises(Refused, match="请先登记决定机关的更正、答复"):
                escapes.confirm_uncounted(proposal=proposal, by=leader, at=BETWEEN)
            assert days(case)[1] == LAWFUL


def test_the_number_is_found_again(case, recorder, leader):
    confirm(propose(case, recorder, right.entry(case, number="示强戒〔2026〕8号")), leader)
    same = make.decision_facts(number="示强戒[2026]8号")

    with pytest.raises(IntegrityError), transaction.atomic():
        make.case(case.facility, decision=same)
