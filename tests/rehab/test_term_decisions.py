"""期限决定: a served decision moves a last day once two officers stand behind it, and by the working alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rehab import scope
from rehab.actions import escapes
from rehab.actions import term_decisions as actions
from rehab.actions.cases import close_case, lock
from rehab.clock import day_of, standing_at
from rehab.models import Case, Deadline, Event, Notice, TermDecision, User
from rehab.refusal import Refused
from rehab.rules.explaining import explain
from rehab.rules.term import earliest_early_release, last_day_before_anniversary
from rehab.selectors import term_decisions as selectors
from rehab.selectors.term import term_facts, working
from rehab.states import FINAL, AbsenceKind, CaseStatus, ProposalStatus
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import zones as zones_make

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


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


@pytest.fixture
def bureau(facility):
    return make.officer("bureau_approver", facility.province)


def propose(case, by, *, at=away.BACK, paper=None, **changed):
    paper = paper or served.extension(on=day_of(at), **changed)
    return actions.propose_term_decision(case=case, paper=paper, by=by, at=at)


def confirm(decision, by, at=away.BACK):
    return actions.confirm_term_decision(decision=decision, by=by, at=at)


def give_back(decision, by, reason="文号与决定书不符"):
    return actions.return_term_decision(decision=decision, reason=reason, by=by, at=away.BACK)


def undo(decision, by, reason="系另一人的决定书", at=away.BACK):
    return actions.propose_term_undoing(decision=decision, reason=reason, by=by, at=at)


def confirm_undo(decision, by, at=away.BACK):
    return actions.confirm_term_undoing(decision=decision, by=by, at=at)


def ends(case):
    return Case.objects.get(pk=case.pk).ends_on


def explained(case, on=None):
    return explain(term_facts(Case.objects.get(pk=case.pk), on=on or day_of(away.BACK))).ends_on


def expiry(case):
    due = Deadline.objects.get(case=case, clock="term.expiry").due_at
    return due.astimezone(away.BACK.tzinfo).date()


def told(case, kind):
    return set(Notice.objects.filter(case=case, clock=kind).values_list("role_id", flat=True))


def over_a_year(case):
    """A moment at which early release is lawful."""
    day = earliest_early_release(case.decision.decided_on) + 10 * ONE_DAY
    return make.NOON.replace(year=day.year, month=day.month, day=day.day)


def test_an_extension_moves_the_last_day_only_once_another_confirms_it(case, recorder, leader):
    before = case.ends_on

    decision = propose(case, recorder, months=3)

    assert (ends(case), expiry(case)) == (before, before)
    assert decision.status == ProposalStatus.PROPOSED
    assert told(case, "term_decision_proposed") == {"facility_leader"}

    confirm(decision, leader)

    moved = last_day_before_anniversary(case.decision.decided_on, years=2, months=3)
    assert ends(case) == explained(case) == expiry(case) == moved
    event = case.events.get(kind="term_decision_confirmed")
    assert event.facts["changes"]["ends_on"] == [before.isoformat(), moved.isoformat()]
    assert (event.facts["months"], event.by) == (3, leader)
    assert told(case, "term_decision_confirmed") == {
        "assessor",
        "intake_officer",
        "bureau_approver",
    }
    assert any("延长 3 个月" in step.label for step in working(
        Case.objects.get(pk=case.pk), on=day_of(away.BACK)
    ).steps)  # fmt: skip


def test_an_early_release_sets_the_day_that_it_names(case, recorder, leader):
    at = over_a_year(case)
    named = day_of(at) + 5 * ONE_DAY
    with standing_at(at):
        paper = served.early(on=day_of(at), ends_on=named)
        decision = propose(case, recorder, at=at, paper=paper)
        assert ends(case) == case.ends_on
        confirm(decision, leader, at=at)

    assert ends(case) == expiry(case) == explained(case, on=day_of(at)) == named


def test_an_early_release_is_confirmed_even_after_the_day_it_names(case, recorder, leader):
    """Who is kept because a colleague did not click is over-detained from the day after, and the desk says so."""
    at = over_a_year(case)
    named = day_of(at) + ONE_DAY
    later = at + timedelta(days=9)
    with standing_at(at):
        decision = propose(case, recorder, at=at, paper=served.early(on=day_of(at), ends_on=named))
    overrun = Case.objects.filter(pk=case.pk).annotate(
        n=selectors.number_overrun("pk", on=day_of(at))
    )
    assert overrun.get().n is None
    with standing_at(later):
        overrun = Case.objects.filter(pk=case.pk).annotate(
            n=selectors.number_overrun("pk", on=named)
        )
        assert overrun.get().n == 1
        confirm(decision, leader, at=later)

    assert ends(case) == named < day_of(later)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"months": 13}, "第四十七条第三款"),
        ({"decided_on": date(2030, 1, 1)}, "早于决定日期"),
        ({"received_on": date(2030, 1, 1)}, "还没有到"),
    ],
)
def test_refused_with_the_reason(changed, why, case, recorder):
    with pytest.raises(Refused, match=why):
        propose(case, recorder, **changed)

    assert not TermDecision.objects.exists()
    assert not case.events.filter(kind="term_decision_proposed").exists()


def test_a_decision_served_tomorrow_is_recorded_tomorrow(case, recorder):
    with pytest.raises(Refused, match="还没有到"):
        propose(case, recorder, paper=served.extension(on=day_of(away.BACK) + ONE_DAY))


def test_no_more_than_a_year_in_all(case, recorder, leader):
    confirm(propose(case, recorder, months=8), leader)
    again = served.extension("示延〔2026〕2号", on=day_of(away.BACK) - ONE_DAY, months=5)

    with pytest.raises(Refused, match=r"最长不超过一年.*第四十七条第三款"):
        propose(case, recorder, paper=again)


def test_two_that_are_fine_alone_are_judged_together_when_confirmed(case, recorder, leader):
    first = propose(case, recorder, months=8)
    second = propose(
        case,
        recorder,
        paper=served.extension("示延〔2026〕2号", on=day_of(away.BACK) - ONE_DAY, months=5),
    )
    confirm(first, leader)
    stood = ends(case)

    with pytest.raises(Refused, match="最长不超过一年"):
        confirm(second, leader)

    assert ends(case) == stood


def test_no_early_release_before_a_year(case, recorder):
    on = day_of(away.BACK)
    with pytest.raises(Refused, match="不满一年"):
        propose(case, recorder, paper=served.early(on=on, ends_on=on + ONE_DAY))


def test_no_early_release_for_who_ever_escaped_though_no_day_was_taken_out(case, recorder):
    officer = make.officer("intake_officer", case.facility)
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    away.back(case, by=officer)
    case.refresh_from_db()
    at = over_a_year(case)

    with standing_at(at), pytest.raises(Refused, match="曾脱逃的人员不得提前解除") as refused:
        propose(
            case, recorder, at=at, paper=served.early(on=day_of(at), ends_on=day_of(at) + ONE_DAY)
        )
    assert len(refused.value.obstacles) == 1


def test_no_early_release_for_who_refused_community_recovery(case, recorder):
    at = over_a_year(case)
    paper = served.early(on=day_of(at), ends_on=day_of(at) + ONE_DAY, community_refusal=True)

    with standing_at(at), pytest.raises(Refused, match="第三十八条第二款"):
        propose(case, recorder, at=at, paper=paper)


def late_at(case):
    """Some days after the last one."""
    day = case.ends_on + 3 * ONE_DAY
    return make.NOON.replace(year=day.year, month=day.month, day=day.day)


def timely(case, **changed):
    proof = {"proof": "送达回证本人签名", "proof_paper": "示送 1 号"}
    return served.extension(on=case.ends_on - ONE_DAY, **proof | changed)


def test_served_after_the_last_day_it_moves_nothing(case, recorder):
    at = late_at(case)
    paper = replace(timely(case), says=replace(timely(case).says, served_on=case.ends_on + ONE_DAY))

    with standing_at(at), pytest.raises(Refused, match="期满后送达的决定不改变期满日"):
        propose(case, recorder, at=at, paper=paper)


@pytest.mark.parametrize("without", ["proof", "proof_paper"])
def test_entered_after_the_last_day_it_needs_proof(without, case, recorder):
    at = late_at(case)

    with standing_at(at), pytest.raises(Refused, match="期满前已经送达的证明"):
        propose(case, recorder, at=at, paper=timely(case, **{without: ""}))


def test_entered_after_the_last_day_only_the_bureau_confirms_and_until_then_the_alarm_stands(
    case, recorder, leader, bureau
):
    at, before = late_at(case), case.ends_on
    with standing_at(at):
        decision = propose(case, recorder, at=at, paper=timely(case))
        assert told(case, "term_decision_proposed") == {"facility_leader", "bureau_approver"}

        with pytest.raises(Refused, match="省级戒毒管理局复核"):
            confirm(decision, leader, at=at)
        assert (ends(case), expiry(case)) == (before, before)
        assert Deadline.objects.get(case=case, clock="term.expiry").due_at < at

        confirm(decision, bureau, at=at)

    assert ends(case) == explained(case, on=day_of(at)) > before


def test_entered_in_time_and_not_confirmed_by_the_last_day_it_is_the_bureaus(
    case, recorder, leader, bureau
):
    at = late_at(case)
    decision = propose(case, recorder)

    with standing_at(at):
        with pytest.raises(Refused, match="省级戒毒管理局复核"):
            confirm(decision, leader, at=at)
        confirm(decision, bureau, at=at)

    assert ends(case) > case.ends_on


def test_on_the_last_day_itself_a_leader_still_confirms_and_the_bureau_does_not(
    case, recorder, leader, bureau
):
    at = late_at(case) - timedelta(days=3)
    with standing_at(at):
        decision = propose(case, recorder, at=at, paper=timely(case, proof=""))
        with pytest.raises(Refused, match="由本所所领导确认"):
            confirm(decision, bureau, at=at)
        confirm(decision, leader, at=at)

    assert ends(case) > case.ends_on


def test_nobody_confirms_or_gives_back_his_own(case, leader):
    decision = propose(case, leader)

    for act in (confirm, give_back):
        with pytest.raises(Refused, match="提请人不得自己"):
            act(decision, leader)


def test_given_back_with_a_reason_it_may_be_recorded_anew(case, recorder, leader):
    decision = propose(case, recorder)
    with pytest.raises(Refused, match="“退回理由”不能为空"):
        give_back(decision, leader, reason=" ")

    give_back(decision, leader)

    decision.refresh_from_db()
    assert (decision.status, decision.return_reason) == ("returned", "文号与决定书不符")
    assert ends(case) == case.ends_on
    assert told(case, "term_decision_returned") == {"assessor"}
    for act in (confirm, give_back):
        with pytest.raises(Refused, match="此件退回，不能再"):
            act(decision, leader)
    with pytest.raises(Refused, match="没有改变期满日"):
        undo(decision, recorder)
    assert propose(case, recorder).status == ProposalStatus.PROPOSED


def test_one_number_is_recorded_once(case, facility, recorder):
    propose(case, recorder)
    other = zones_make.ready(facility)

    for number in ("示延〔2026〕1号", "示延[2026] 1号"):
        with pytest.raises(Refused, match="已经登记过"):
            propose(other, recorder, number=number)


def test_a_number_that_another_facility_recorded_is_refused_though_nobody_here_sees_it(
    case, recorder, monkeypatch
):
    there = zones_make.ready(make.facility("T99"))
    propose(there, make.officer("assessor", there.facility))
    monkeypatch.setattr(selectors, "known", lambda number: False)  # as behind the fence

    with pytest.raises(Refused, match="已在别处登记过"):
        propose(case, recorder)


@pytest.mark.parametrize("status", [*sorted(FINAL), CaseStatus.ESCAPED])
def test_refused_in_every_status_in_which_nothing_can_be_served(status, case, recorder, leader):
    decision = propose(case, recorder)
    ended = {"ended_at": away.BACK} if status in FINAL else {}
    Case.objects.filter(pk=case.pk).update(status=status, **ended)

    with pytest.raises(Refused):
        propose(case, recorder, number="示延〔2026〕2号")
    if status in FINAL:
        with pytest.raises(Refused, match="期限不再变动"):
            confirm(decision, leader)
        assert ends(case) == case.ends_on
        assert not TermDecision.objects.waiting().exists()


@pytest.mark.parametrize(
    "status", [CaseStatus.IN_FACILITY, CaseStatus.MEDICAL_LEAVE, CaseStatus.HELD_ELSEWHERE]
)
def test_allowed_wherever_the_term_runs(status, case, recorder, leader):
    Case.objects.filter(pk=case.pk).update(status=status)

    confirm(propose(case, recorder), leader)

    assert ends(case) == explained(case)


def test_recorded_wrongly_it_is_taken_back_by_two_and_the_row_stays(case, recorder, leader):
    before = case.ends_on
    decision = confirm(propose(case, recorder), leader)

    undo(decision, recorder)

    assert ends(case) != before
    with pytest.raises(Refused, match="撤销登记已提请"):
        undo(decision, recorder)
    with pytest.raises(Refused, match="提请人不得自己"):
        confirm_undo(decision, recorder)
    confirm_undo(decision, leader)

    decision.refresh_from_db()
    assert decision.is_undone
    assert ends(case) == explained(case) == expiry(case) == before
    event = case.events.get(kind="term_decision_undone")
    assert event.corrects == case.events.get(kind="term_decision_confirmed")
    assert event.words == {"why": "系另一人的决定书"}
    with pytest.raises(Refused, match="登记已撤销"):
        confirm_undo(decision, leader)
    with pytest.raises(Refused, match="登记已撤销"):
        undo(decision, recorder)
    assert propose(case, recorder).status == ProposalStatus.PROPOSED  # the number is free again


def test_to_take_it_back_needs_a_reason_and_may_be_given_back(case, recorder, leader):
    decision = confirm(propose(case, recorder), leader)
    with pytest.raises(Refused, match="“撤销理由”不能为空"):
        undo(decision, recorder, reason=" ")
    undo(decision, recorder)

    give_back(decision, leader)

    decision.refresh_from_db()
    assert (decision.status, decision.undo_waits) == ("confirmed", False)
    assert told(case, "term_undo_returned") == {"assessor"}
    assert ends(case) > case.ends_on


def test_to_take_back_an_early_release_after_its_day_is_the_bureaus(case, recorder, leader, bureau):
    """It lengthens a term whose last day has passed."""
    at = over_a_year(case)
    later = at + timedelta(days=5)
    with standing_at(at):
        paper = served.early(on=day_of(at), ends_on=day_of(at) + ONE_DAY)
        decision = confirm(propose(case, recorder, at=at, paper=paper), leader, at=at)
    with standing_at(later):
        undo(decision, recorder, at=later)
        assert told(case, "term_undo_proposed") == {"facility_leader", "bureau_approver"}
        with pytest.raises(Refused, match="省级戒毒管理局复核"):
            confirm_undo(decision, leader, at=later)
        confirm_undo(decision, bureau, at=later)

    assert ends(case) == case.ends_on


def test_days_of_an_escape_and_an_extension_make_one_last_day(case, recorder, leader):
    proposal = away.proposed(case, by=make.officer("intake_officer", case.facility))
    confirm(propose(case, recorder, months=2), leader)
    escapes.confirm_uncounted(proposal=proposal, by=leader, at=away.BACK)

    by_hand = last_day_before_anniversary(case.decision.decided_on, years=2, months=2)
    assert ends(case) == explained(case) == by_hand + timedelta(days=2)


def test_what_it_would_move_is_told_and_nothing_stays(case, recorder):
    decision = propose(case, recorder, months=2)
    facts = selectors.facts_of(decision, on=day_of(away.BACK))

    moves = selectors.foreseen(case, facts.ends)

    assert facts.would_be == last_day_before_anniversary(
        case.decision.decided_on, years=2, months=2
    )
    labels = [one.label for one in moves]
    assert "期满解除" in labels
    assert "确认期限决定" not in labels  # it is what is being done
    assert ends(case) == case.ends_on == expiry(case)


def test_the_page_of_one_that_would_now_be_refused_names_no_day(case, recorder, leader):
    first = propose(case, recorder, months=8)
    second = propose(
        case,
        recorder,
        paper=served.extension("示延〔2026〕2号", on=day_of(away.BACK) - ONE_DAY, months=5),
    )
    confirm(first, leader)

    assert selectors.facts_of(second, on=day_of(away.BACK)).would_be is None
    assert selectors.facts_of(first, on=day_of(away.BACK)).would_be is None


def waits(case):
    return Deadline.objects.filter(case=case, clock="term.decision").first()


def test_a_leader_owes_the_confirmation_of_an_extension_by_the_last_day(case, recorder, leader):
    decision = propose(case, recorder)

    owed = waits(case)
    assert (owed.owed_by, owed.article) == ("facility_leader", "EXTENSION")
    assert day_of(owed.due_at) == case.ends_on
    confirm(decision, leader)
    assert waits(case) is None


def test_a_leader_owes_the_confirmation_of_an_early_release_by_the_day_that_it_names(
    case, recorder, leader
):
    at = over_a_year(case)
    named = day_of(at) + 5 * ONE_DAY
    with standing_at(at):
        decision = propose(case, recorder, at=at, paper=served.early(on=day_of(at), ends_on=named))
        owed = waits(case)
        assert (day_of(owed.due_at), owed.article) == (named, "EARLY_RELEASE")
        give_back(decision, leader)
    assert waits(case) is None


def test_records_that_contradict_one_another_are_named_in_place_of_steps(case, recorder, leader):
    confirm(propose(case, recorder, months=8), leader)
    paper = served.extension("示延〔2026〕2号", on=day_of(away.BACK) - ONE_DAY, months=2)
    second = confirm(propose(case, recorder, paper=paper), leader)
    TermDecision.objects.filter(pk=second.pk).update(months=9)  # as no act would write it
    case.refresh_from_db()

    how = working(case, on=day_of(away.BACK))

    assert how.steps == ()
    assert "延长累计 17 个月" in how.obstacles[0].message


def test_who_holds_no_role_any_more_is_told_in_that_of_who_records(case, recorder, leader):
    decision = propose(case, recorder)
    User.objects.filter(pk=recorder.pk).update(posting=None)

    give_back(decision, leader)

    assert told(case, "term_decision_returned") == {"assessor"}


def test_a_record_that_fails_leaves_nothing(case, recorder, leader, monkeypatch):
    decision = propose(case, recorder)

    def break_down(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions.events, "record", break_down)
    with pytest.raises(RuntimeError):
        confirm(decision, leader)

    decision.refresh_from_db()
    assert (decision.status, ends(case)) == (ProposalStatus.PROPOSED, case.ends_on)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"months": 13}, "says_what_it_moves"),
        ({"ends_on": date(2028, 1, 1)}, "says_what_it_moves"),
        ({"served_on": date(2020, 1, 1)}, "served_after_it_is_made"),
        ({"status": "confirmed"}, "is_signed"),
        ({"undo_proposed_at": away.BACK}, "is_undone"),
        ({"undone_at": away.BACK}, "two_people_undo"),
    ],
)
def test_the_table_refuses_what_no_act_writes(changed, constraint, case, recorder):
    decision = propose(case, recorder)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        TermDecision.objects.filter(pk=decision.pk).update(**changed)


def test_the_table_refuses_one_pair_of_hands(case, recorder, leader):
    decision = confirm(propose(case, recorder), leader)

    with pytest.raises(IntegrityError, match="two_people_record"), transaction.atomic():
        TermDecision.objects.filter(pk=decision.pk).update(decided_by=recorder)
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        TermDecision.objects.filter(pk=decision.pk).update(status="returned")


def test_a_case_that_ended_keeps_its_last_day(case, recorder, leader):
    decision = confirm(propose(case, recorder), leader)
    close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)

    with pytest.raises(Refused, match="期限不再变动"):
        undo(decision, recorder)
    assert str(decision).endswith("延长期限")
    assert Event.objects.filter(case=case, kind="term_undo_proposed").count() == 0


def take_back(decision, by, reason="录错了月数", at=away.BACK):
    return actions.withdraw_term_decision(decision=decision, reason=reason, by=by, at=at)


def test_who_recorded_it_takes_it_back_and_records_it_anew(case, recorder, leader):
    before, decision = case.ends_on, propose(case, recorder, months=6)
    with pytest.raises(Refused, match="只有提请人可以撤回"):
        take_back(decision, leader)
    with pytest.raises(Refused, match="“撤回理由”不能为空"):
        take_back(decision, recorder, reason=" ")

    done = take_back(decision, recorder)

    assert (done.status, done.decided_by, done.decided_at) == ("withdrawn", None, away.BACK)
    assert (ends(case), done.return_reason) == (before, "录错了月数")
    assert told(case, "term_decision_withdrawn") == {"facility_leader"}
    assert not Deadline.objects.open().filter(case=case, clock="term.decision").exists()
    for act in (confirm, give_back):
        with pytest.raises(Refused, match="此件撤回，不能再"):
            act(done, leader)
    with pytest.raises(Refused, match="此件撤回，不能再撤回"):
        take_back(done, recorder)
    again = propose(case, recorder, months=3)
    assert again.number == done.number
    confirm(again, leader)
    with pytest.raises(Refused, match="此件已确认，不能再撤回"):
        take_back(again, recorder)


def test_a_served_release_is_silenced_by_no_single_officer(case, recorder, leader):
    at = over_a_year(case)
    paper = served.early(on=at.date(), ends_on=at.date() + 5 * ONE_DAY)
    decision = propose(case, recorder, at=at, paper=paper)

    with pytest.raises(Refused, match=r"不得由一人撤回.*禁毒法"):
        take_back(decision, recorder, at=at)

    assert Deadline.objects.open().filter(case=case, clock="term.decision").exists()
    assert give_back(decision, leader).status == ProposalStatus.RETURNED


def test_who_asked_to_undo_it_takes_that_back(case, recorder, leader):
    decision = confirm(propose(case, recorder), leader)
    asked = undo(decision, leader)
    with pytest.raises(Refused, match="只有提请人可以撤回"):
        take_back(asked, recorder)

    done = take_back(asked, leader, reason="核对无误")

    assert (done.status, done.undo_waits) == (ProposalStatus.CONFIRMED, False)
    assert case.events.get(kind="term_undo_withdrawn").words == {"why": "核对无误"}
    with pytest.raises(Refused, match="不能再撤回"):
        take_back(done, leader)


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"return_reason": None}, "a_returned_term_decision_says_why"),
        ({"decided_at": None}, "a_decided_term_decision_is_signed"),
    ],
)
def test_what_is_taken_back_says_why_and_when(case, recorder, changed, name):
    take_back(propose(case, recorder), recorder)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TermDecision.objects.update(**changed)
