"""脱逃事项: what moves a last day takes two sign-ins, and a wrong record is taken back by two."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rehab import scope
from rehab.actions import escapes
from rehab.actions.cases import close_case, lock
from rehab.clock import standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Absence, Case, Deadline, EscapeProposal, Event, Notice, User
from rehab.refusal import Refused
from rehab.selectors.escapes import facts_of
from rehab.states import AbsenceKind, CaseStatus, EscapeQuestion, ProposalStatus
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import zones as zones_make

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=2)


def uncounted_days(case):
    """The days that do not count in his term."""
    return sum(
        Absence.objects.standing().filter(case=case).values_list("uncounted_days", flat=True)
    )


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
    """An escape that is over, of which nothing is proposed."""
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    return away.back(case, by=officer)


def confirm(proposal, by, at=away.BACK):
    return escapes.confirm_uncounted(proposal=proposal, by=by, at=at)


def give_back(proposal, by, reason="回执没有盖章"):
    return escapes.return_proposal(proposal=proposal, reason=reason, by=by, at=away.BACK)


def propose(absence, by, at=away.BACK, **proof):
    return escapes.propose_uncounted(absence=absence, proof=away.proof(**proof), by=by, at=at)


def reverse(absence, by, reason="监控显示一直在所"):
    return escapes.propose_reversal(absence=absence, reason=reason, by=by, at=away.BACK)


def expiry(case):
    return Deadline.objects.get(case=case, clock="term.expiry").due_at.astimezone(
        away.BACK.tzinfo
    ).date()  # fmt: skip


def told(case, kind):
    return set(Notice.objects.filter(case=case, clock=kind).values_list("role_id", flat=True))


def test_who_returns_is_inside_and_his_days_count_until_somebody_else_confirms(
    case, officer, leader
):
    ends_on = case.ends_on

    proposal = away.proposed(case, by=officer)

    case.refresh_from_db()
    assert (case.status, case.ends_on) == (CaseStatus.IN_FACILITY, ends_on)
    assert expiry(case) == ends_on
    assert (proposal.days, proposal.proposed_by, uncounted_days(case)) == (2, officer, 0)
    assert told(case, "uncounted_proposed") == {"facility_leader"}

    confirm(proposal, leader)

    case.refresh_from_db()
    one = Absence.objects.get(case=case)
    assert case.ends_on == ends_on + DAYS == expiry(case)
    assert (one.uncounted_days, one.confirmed_by, uncounted_days(case)) == (2, leader, 2)
    event = case.events.get(kind="uncounted_confirmed")
    assert event.facts["changes"]["ends_on"] == [ends_on.isoformat(), case.ends_on.isoformat()]
    assert (event.facts["uncounted"], event.by) == (2, leader)
    assert told(case, "uncounted_confirmed") == {"intake_officer", "bureau_approver"}


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param({"recaptured_at": away.LEFT + timedelta(days=1)}, id="次日追回"),
        pytest.param({"recaptured_at": away.LEFT}, id="当日追回"),
    ],
)
def test_no_whole_day_no_proposal(proof, case, officer):
    away.out(case, AbsenceKind.ESCAPE, by=officer)

    one = away.back(case, by=officer, proof=away.proof(**proof))

    assert not EscapeProposal.objects.exists()
    with pytest.raises(Refused, match="没有可以不计入的整日"):
        propose(one, officer, **proof)


def test_proofs_that_come_too_late_keep_nobody_outside(case, officer):
    Case.objects.filter(pk=case.pk).update(ends_on=away.BACK.date(), alarm_on=away.BACK.date())
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    late = away.BACK + timedelta(days=1)

    with standing_at(late):
        one = away.back(case, by=officer, at=away.BACK, written_at=late, proof=away.proof())

    case.refresh_from_db()
    assert (case.status, one.returned_at) == (CaseStatus.IN_FACILITY, away.BACK)
    assert not EscapeProposal.objects.exists()
    with standing_at(late), pytest.raises(Refused, match="期满日 2026-11-24 已过"):
        propose(one, officer, at=late)


def test_an_escape_that_was_written_down_after_the_last_day_adds_none(case, officer, leader):
    with standing_at(away.LEFT):
        away.out(case, AbsenceKind.ESCAPE, by=officer)
    away.back(case, by=officer, proof=away.proof())
    proposal = EscapeProposal.objects.get()
    before = away.LEFT.date() - timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(
        ends_on=before, alarm_on=before
    )  # as when an earlier one is taken back

    with pytest.raises(Refused, match="脱逃在期满日 2026-11-20 过后才登记"):
        confirm(proposal, leader)

    case.refresh_from_db()
    assert (case.ends_on, uncounted_days(case)) == (before, 0)


def test_nobody_confirms_what_he_proposed(case, leader, proposal):
    own = propose(_again(proposal, leader), leader)

    with pytest.raises(Refused, match="提请人不得自己确认"):
        confirm(own, leader)
    with pytest.raises(Refused, match="提请人不得自己退回"):
        give_back(own, leader)
    with pytest.raises(IntegrityError, match="two_people_judge_an_escape"), transaction.atomic():
        EscapeProposal.objects.filter(pk=own.pk).update(
            status="confirmed", decided_by=leader, decided_at=away.BACK
        )


def _again(proposal, by):
    return give_back(proposal, by).absence


def test_a_leader_who_proposed_is_told_as_a_leader(case, facility, leader, escape):
    other = make.officer("facility_leader", facility)

    give_back(propose(escape, leader), other)
    confirm(propose(escape, leader), other)

    assert told(case, "uncounted_returned") == {"facility_leader"}
    assert told(case, "uncounted_confirmed") == {"facility_leader", "bureau_approver"}


def test_who_proposed_and_holds_no_post_any_more_is_told_at_the_gate(case, leader, proposal):
    User.objects.filter(pk=proposal.proposed_by_id).update(posting=None)

    give_back(proposal, leader)

    assert told(case, "uncounted_returned") == {"intake_officer"}


def test_nobody_confirms_whom_he_wrote_in(case, officer, leader):
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    own = propose(away.back(case, by=leader), officer)

    with pytest.raises(Refused, match="办理回所的民警不得确认"):
        confirm(own, leader)

    assert uncounted_days(case) == 0


def test_given_back_with_the_reason_and_proposed_anew(case, officer, leader, proposal):
    ends_on = case.ends_on

    with pytest.raises(Refused, match="“退回理由”不能为空"):
        give_back(proposal, leader, reason=" ")
    done = give_back(proposal, leader)

    case.refresh_from_db()
    assert (done.status, done.return_reason) == (ProposalStatus.RETURNED, "回执没有盖章")
    assert (case.ends_on, uncounted_days(case)) == (ends_on, 0)
    assert told(case, "uncounted_returned") == {"intake_officer"}
    assert case.events.get(kind="uncounted_returned").words == {"why": "回执没有盖章"}
    with pytest.raises(Refused, match="此件退回，不能再确认"):
        confirm(done, leader)
    again = propose(done.absence, officer)
    assert confirm(again, leader).status == ProposalStatus.CONFIRMED


def test_one_proposal_at_a_time_and_none_after_it_was_confirmed(officer, leader, proposal):
    with pytest.raises(Refused, match="已提请，尚待所领导确认"):
        propose(proposal.absence, officer)
    with pytest.raises(Refused, match="已提请，尚待所领导确认"):
        reverse(proposal.absence, officer)
    with pytest.raises(IntegrityError, match="one_open_proposal_per_escape"), transaction.atomic():
        EscapeProposal.objects.create(
            case=proposal.case, absence=proposal.absence, question=EscapeQuestion.UNCOUNTED,
            status="proposed", days=1, grounds={}, proposed_by=officer, proposed_at=away.BACK,
        )  # fmt: skip

    confirm(proposal, leader)

    with pytest.raises(Refused, match="2 日不计入期限已经确认"):
        propose(proposal.absence, officer)


def test_half_a_proof_proposes_nothing(officer, escape):
    with pytest.raises(Refused, match="三项齐备"):
        propose(escape, officer, receipt="")
    with pytest.raises(Refused, match="“追回时间”应在脱逃之后"):
        propose(escape, officer, recaptured_at=away.BACK + timedelta(minutes=1))

    assert not EscapeProposal.objects.exists()


def test_nothing_is_proposed_of_who_is_still_gone(case, officer):
    gone = away.out(case, AbsenceKind.ESCAPE, by=officer)

    for act in (propose, reverse):
        with pytest.raises(Refused, match="请先办理回所登记"):
            act(gone, officer)


def test_who_was_released_meanwhile_keeps_his_last_day(case, officer, leader, proposal):
    close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)

    with pytest.raises(Refused, match="此人已于 2026-11-24 解除，期限不再变动"):
        confirm(proposal, leader)
    assert uncounted_days(case) == 0
    with pytest.raises(Refused, match="期限不再变动"):
        propose(give_back(proposal, leader).absence, officer)


def test_nobody_adds_days_once_the_last_day_is_over(case, officer, leader):
    Case.objects.filter(pk=case.pk).update(ends_on=away.BACK.date(), alarm_on=away.BACK.date())
    case.refresh_from_db()
    proposal = away.proposed(case, by=officer)
    late = away.BACK + timedelta(days=1)

    with standing_at(late), pytest.raises(Refused, match="期满日 2026-11-24 已过"):
        confirm(proposal, leader, at=late)

    give_back(proposal, leader)
    with standing_at(late), pytest.raises(Refused, match="期满日 2026-11-24 已过"):
        propose(proposal.absence, officer, at=late)


def test_a_confirmation_without_its_event_changes_nothing(case, leader, proposal, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        confirm(proposal, leader)

    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.PROPOSED
    assert uncounted_days(case) == 0


# 撤销脱逃登记


def test_a_wrong_escape_is_taken_back_by_two_and_its_days_count_again(
    case, officer, leader, proposal
):
    ends_on = case.ends_on
    absence = confirm(proposal, leader).absence

    asked = reverse(absence, officer)
    case.refresh_from_db()
    assert case.ends_on == ends_on + DAYS
    assert facts_of(asked).would_be == ends_on
    done = escapes.confirm_reversal(proposal=asked, by=leader, at=away.BACK)

    case.refresh_from_db()
    absence.refresh_from_db()
    assert done.status == ProposalStatus.CONFIRMED
    assert (absence.reversed_at, absence.uncounted_days) == (away.BACK, 2)  # kept as it was
    assert case.ends_on == ends_on == expiry(case)
    assert uncounted_days(case) == 0
    event = case.events.get(kind="escape_reversed")
    assert event.corrects == case.events.get(kind="escaped")
    assert event.facts["changes"] == {
        "escape": ["2026-11-21", None],
        "ends_on": [(ends_on + DAYS).isoformat(), ends_on.isoformat()],
    }
    assert told(case, "reversal_proposed") == {"facility_leader"}
    assert told(case, "escape_reversed") == {"intake_officer", "bureau_approver"}
    for act in (propose, reverse):
        with pytest.raises(Refused, match="登记已撤销"):
            act(absence, officer)


def test_deadlines_say_the_same_when_rebuilt(case, officer, leader, proposal):
    def rows():
        return set(
            Deadline.objects.filter(case=case).values_list("clock", "due_at", "satisfied_at")
        )

    absence = confirm(proposal, leader).absence
    escapes.confirm_reversal(proposal=reverse(absence, officer), by=leader, at=away.BACK)
    stood = rows()

    deadlines.rebuild(Case.objects.filter(pk=case.pk))

    assert rows() == stood


def test_a_reversal_says_why_and_is_confirmed_by_another(officer, leader, escape):
    with pytest.raises(Refused, match="“撤销理由”不能为空"):
        reverse(escape, officer, reason=" ")
    own = reverse(escape, leader)

    with pytest.raises(Refused, match="提请人不得自己确认"):
        escapes.confirm_reversal(proposal=own, by=leader, at=away.BACK)

    escape.refresh_from_db()
    assert escape.reversed_at is None


def test_a_reversal_given_back_leaves_the_escape(case, officer, leader, escape):
    done = give_back(reverse(escape, officer), leader)

    escape.refresh_from_db()
    assert (done.status, escape.reversed_at) == (ProposalStatus.RETURNED, None)
    assert told(case, "reversal_returned") == {"intake_officer"}


def test_the_record_of_who_was_released_is_still_put_right(case, officer, leader, escape):
    close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)

    escapes.confirm_reversal(proposal=reverse(escape, officer), by=leader, at=away.BACK)

    escape.refresh_from_db()
    assert escape.reversed_at == away.BACK


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"days": 0}, "days_are_of_what_is_not_counted"),
        ({"status": "confirmed"}, "decided_escape_proposal_is_signed"),
    ],
    ids=["零日", "无人签名"],
)
def test_the_database_keeps_it_too(proposal, changed, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EscapeProposal.objects.filter(pk=proposal.pk).update(**changed)


def test_the_database_takes_one_answer_to_a_question(officer, leader, proposal):
    done = confirm(proposal, leader)

    with pytest.raises(IntegrityError, match="an_escape_is_answered_once"), transaction.atomic():
        EscapeProposal.objects.create(
            case=done.case, absence=done.absence, question=done.question, status="confirmed",
            days=1, grounds={}, proposed_by=officer, proposed_at=away.BACK, decided_by=leader,
            decided_at=away.BACK,
        )  # fmt: skip


def test_the_database_wants_another_than_who_wrote_him_in(leader, escape):
    with pytest.raises(IntegrityError, match="an_escape_is_proved_by_two"), transaction.atomic():
        Absence.objects.filter(pk=escape.pk).update(confirmed_by=escape.received_by)

    assert Absence.objects.filter(pk=escape.pk).update(confirmed_by=leader) == 1


def test_the_database_wants_a_reason_of_who_gives_back(leader, proposal):
    with (
        pytest.raises(IntegrityError, match="returned_escape_proposal_says_why"),
        transaction.atomic(),
    ):
        EscapeProposal.objects.filter(pk=proposal.pk).update(
            status="returned", decided_by=leader, decided_at=away.BACK
        )


def test_only_an_escape_is_ever_taken_back(case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)

    with (
        pytest.raises(IntegrityError, match="only_an_escape_that_is_over_is_reversed"),
        transaction.atomic(),
    ):
        Absence.objects.filter(case=case).update(reversed_at=away.BACK)


def test_no_act_without_its_event(case, officer, leader, proposal):
    absence = confirm(proposal, leader).absence
    escapes.confirm_reversal(proposal=reverse(absence, officer), by=leader, at=away.BACK)

    kinds = Event.objects.filter(case=case, facts__has_key="proposal").values_list(
        "kind", flat=True
    )
    assert set(kinds) == {
        "uncounted_proposed", "uncounted_confirmed", "reversal_proposed", "escape_reversed",
    }  # fmt: skip


def take_back(proposal, by, reason="天数有误"):
    return escapes.withdraw_proposal(proposal=proposal, reason=reason, by=by, at=away.BACK)


def test_who_proposed_it_takes_it_back_and_proposes_anew(case, officer, leader, proposal):
    ends_on = case.ends_on
    with pytest.raises(Refused, match="只有提请人可以撤回"):
        take_back(proposal, leader)
    with pytest.raises(Refused, match="“撤回理由”不能为空"):
        take_back(proposal, officer, reason=" ")

    done = take_back(proposal, officer)

    case.refresh_from_db()
    assert (done.status, done.decided_by, done.decided_at) == ("withdrawn", None, away.BACK)
    assert (case.ends_on, uncounted_days(case)) == (ends_on, 0)
    assert told(case, "uncounted_withdrawn") == {"facility_leader"}
    assert case.events.get(kind="uncounted_withdrawn").words == {"why": "天数有误"}
    for decide in (confirm, give_back):
        with pytest.raises(Refused, match="此件撤回，不能再"):
            decide(done, leader)
    with pytest.raises(Refused, match="此件撤回，不能再撤回"):
        take_back(done, officer)
    again = propose(done.absence, officer)
    assert confirm(again, leader).status == ProposalStatus.CONFIRMED
    with pytest.raises(Refused, match="此件已确认，不能再撤回"):
        take_back(again, officer)


def test_a_reversal_taken_back_leaves_the_escape(case, officer, escape):
    take_back(reverse(escape, officer), officer)

    escape.refresh_from_db()
    assert escape.reversed_at is None
    assert case.events.filter(kind="reversal_withdrawn").exists()


def test_nothing_is_taken_back_when_the_event_fails(officer, proposal, monkeypatch):
    def fall(*given, **named):
        raise RuntimeError

    monkeypatch.setattr(events, "record", fall)

    with pytest.raises(RuntimeError):
        take_back(proposal, officer)

    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.PROPOSED


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"return_reason": None}, "returned_escape_proposal_says_why"),
        ({"decided_at": None}, "decided_escape_proposal_is_signed"),
    ],
)
def test_what_is_taken_back_says_why_and_when(officer, proposal, changed, name):
    take_back(proposal, officer)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        EscapeProposal.objects.update(**changed)
