"""Two officers at once: exactly one succeeds, and the other reads why."""

import threading
from datetime import date

import pytest
from django.db import connections

from centers import actions
from centers.assessment.rules.telling import Told
from centers.models import Assessment, ConductMonth, Opinion, Telling
from centers.states import AssessmentKind, AssessmentStatus, OpinionStatus
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Event
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import centers as made
from tests.factories import opinions as told
from tests.factories import rehab as make

pytestmark = pytest.mark.race
JANUARY = make.at(2027, 1, 2)


@pytest.fixture
def world(committed_db, trials):
    """A committed facility with room for every trial, its staff, and the rules of its province."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility(beds=2 * trials)
        staff = made.Staff(facility)
        made.rules(facility.province, by=staff.assessor)
        yield facility, staff


def at_once(*acts):
    """Run the acts in threads started together; what each gave or refused."""
    line_up = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(at, act):
        try:
            with standing_at(make.NOON), scope.within(make.EVERYTHING):
                line_up.wait()
                outcomes[at] = act()
        except Refused as refused:
            outcomes[at] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def one_won(outcomes):
    """The sentence that the loser read."""
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert None not in outcomes
    return str(lost)


def test_two_assessors_draft_at_once(world, trials):
    facility, staff = world
    for _ in range(trials):
        case = make.case(facility)
        made.detox_conclusion(case, staff, at=make.NOON)

        outcomes = at_once(
            *(
                lambda by=by, case=case: made.draft(
                    case, staff, AssessmentKind.DETOX, at=make.NOON, by=by
                )
                for by in (staff.assessor, staff.second_assessor)
            )
        )

        assert "已有一份拟定" in one_won(outcomes)
        assert Assessment.objects.filter(case=case).count() == 1


def test_two_assessors_conclude_at_once(world, trials):
    facility, staff = world
    third = make.officer("committee_member", facility)
    for _ in range(trials):
        case = make.case(facility)
        made.detox_conclusion(case, staff, at=make.NOON)
        draft = made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)

        outcomes = at_once(
            *(
                lambda by=by, draft=draft: actions.conclude_assessment(
                    assessment=draft, by=by, at=make.NOON
                )
                for by in (staff.second_assessor, third)
            )
        )

        assert "已有结论" in one_won(outcomes)
        said = Event.objects.filter(case=case, kind=Event.Kind.ASSESSMENT_CONCLUDED)
        assert said.count() == 1


def test_one_concludes_while_another_returns(world, trials):
    facility, staff = world
    for _ in range(trials):
        case = make.case(facility)
        made.detox_conclusion(case, staff, at=make.NOON)
        draft = made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)

        outcomes = at_once(
            lambda draft=draft: actions.conclude_assessment(
                assessment=draft, by=staff.second_assessor, at=make.NOON
            ),
            lambda draft=draft: actions.return_assessment(
                assessment=draft, reason="请补充", by=staff.assessor, at=make.NOON
            ),
        )

        assert "已有结论或者已被退回" in one_won(outcomes)
        draft.refresh_from_db()
        assert draft.status in {AssessmentStatus.CONCLUDED, AssessmentStatus.RETURNED}


def test_two_officers_confirm_at_once(world, trials):
    facility, staff = world
    others = [make.officer("zone_leader", make.unit(facility, Stage.DETOX)) for _ in range(2)]
    for _ in range(trials):
        case = made.moved(make.case(facility), Stage.ADAPTATION, at=make.NOON)
        (row,) = made.conduct(case, staff, [date(2026, 12, 1)], confirmed=False, at=JANUARY)

        outcomes = at_once(
            *(
                lambda by=by, row=row: actions.confirm_conduct(months=[row], by=by, at=JANUARY)
                for by in others
            )
        )

        assert "已由他人复核" in one_won(outcomes)
        assert ConductMonth.objects.get(pk=row.pk).confirmed_by in others


def test_two_officers_mark_the_same_empty_sheet_at_once(world, trials):
    facility, staff = world
    month = date(2026, 12, 1)
    for _ in range(trials):
        case = made.moved(make.case(facility), Stage.ADAPTATION, at=make.NOON)

        outcomes = at_once(
            *(
                lambda by=by, case=case, mark=mark: actions.mark_conduct(
                    marks=[actions.MonthMark(case, month, mark)],
                    seen={(case.pk, month): None},
                    by=by,
                    at=JANUARY,
                )
                for by, mark in ((staff.zone_officer, 70), (staff.zone_leader, 90))
            )
        )

        assert "请核对后再提交" in one_won(outcomes)
        assert ConductMonth.objects.filter(case=case).count() == 1


def test_each_step_of_an_opinion_is_taken_once(world):
    """Two officers at once at every step of the line: one takes it, the other reads where it stands."""
    facility, staff = world
    case, panel, at = make.case(facility), told.Panel(facility), make.at(2027, 6, 2)
    made.assessed(case, staff, AssessmentKind.ONE_YEAR, at=at)
    later, on = at + told.NOTICE, at.date()
    then = later.date()
    who = {"case": case, "at": later}
    other_leader = make.officer("facility_leader", facility)
    answer = told.answer(told.EARLY, on=then)
    steps = (
        (OpinionStatus.PROPOSED, panel.proposer, panel.proposer, lambda by: told.propose(case, panel, at=at)),
        (OpinionStatus.NOTICED, panel.second, panel.third, lambda by: actions.discuss_opinion(
            case=case, at=at, discussion=told.discussion(panel, on=on), by=by)),
        (OpinionStatus.SIGNED, panel.leader, other_leader, lambda by: actions.sign_opinion(**who, by=by)),
        (OpinionStatus.SENT, panel.second, panel.proposer, lambda by: actions.send_opinion(
            **who, sent_on=then, by=by)),
        (OpinionStatus.RECEIVED, panel.second, panel.proposer, lambda by: actions.receive_opinion(
            **who, received_on=then, receipt="示例", by=by)),
        (OpinionStatus.APPROVED, panel.second, panel.proposer, lambda by: actions.record_opinion_answer(
            **who, answer=answer, by=by)),
    )  # fmt: skip
    for to, one, another, act in steps:
        lost = one_won(at_once(lambda a=act, b=one: a(b), lambda a=act, b=another: a(b)))

        assert "意见" in lost
        assert Opinion.objects.get().status == to


def test_two_officers_record_the_same_telling_at_once(world, trials):
    facility, staff = world
    for _ in range(trials):
        case = make.case(facility)
        sheet = actions.tell_person(case=case, by=staff.zone_officer, at=make.NOON)

        def tell(by, case=case, sheet=sheet):
            how = Told(told_at=make.NOON, language="zh")
            return actions.record_telling(case=case, sheet=sheet, told=how, by=by, at=make.NOON)

        outcomes = at_once(lambda: tell(staff.zone_officer), lambda: tell(staff.zone_leader))

        assert "当日已由" in one_won(outcomes)
        assert Telling.objects.filter(case=case).count() == 1
        assert case.events.filter(kind=Event.Kind.TELLING_RECORDED).count() == 1
