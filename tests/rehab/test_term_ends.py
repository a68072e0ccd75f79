"""Two last days: the printed one governs, the alarm runs from the earlier; a convention is no difference."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aftercare.selectors.releases import due_today, overstayed, release_obstacles
from intake.rules.gate import Checks
from intake.selectors import arrivals
from rehab import clock, scope
from rehab.actions import cases as acts
from rehab.actions import escapes, term_ends
from rehab.actions.term_decisions import confirm_term_decision, propose_term_decision
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline, Decision, EndConvention, EndInquiry, Event
from rehab.refusal import Refused
from rehab.rules.term import ReleasePhase
from rehab.selectors import provincial
from rehab.selectors.term import inquiry_obstacles, working
from rehab.tasks import nightly
from reporting.selectors import people
from reporting.selectors.terms import explained
from tests.factories import absences as away
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.flows.test_provincial import confirmed, proposed

LAWFUL = date(2028, 5, 31)  # of a decision of 2026-06-01
CONVENTION = {"code": "end-convention", "values": {"prints": ["anniversary"]}}


@pytest.fixture(autouse=True)
def _noon(db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db):
    return make.facility()


def printed(facility, days):
    end = LAWFUL + timedelta(days=days)
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=end))
    deadlines.refresh([case])
    return case


@pytest.fixture
def later(facility):
    return printed(facility, 5)


def gate_of(one):
    papers = arrivals.papers_of(one)
    on = make.NOON.date()
    return arrivals.reception_of(
        one, papers, Checks(), searchers=(), known_person=None, on=on
    ).cautions


def days(case):
    case = Case.objects.get(pk=case.pk)
    return case.ends_on, case.alarm_on


def expiry(case):
    return clock.day_of(Deadline.objects.get(case=case, clock="term.expiry").due_at)


@pytest.mark.parametrize(
    ("by", "alarm"),
    [
        pytest.param(-1, LAWFUL - timedelta(days=1), id="载明早一日"),
        pytest.param(0, LAWFUL, id="一致"),
        pytest.param(1, LAWFUL, id="载明晚一日"),
        pytest.param(5, LAWFUL, id="载明晚五日"),
    ],
)
def test_the_alarm_runs_from_the_earlier_end(facility, by, alarm):
    case = printed(facility, by)

    assert days(case) == (LAWFUL + timedelta(days=by), alarm)
    assert expiry(case) == alarm


def test_the_database_keeps_the_alarm_from_waiting_beyond_the_end(later):
    with (
        pytest.raises(IntegrityError, match="the_alarm_never_waits_beyond_the_end"),
        transaction.atomic(),
    ):
        Case.objects.filter(pk=later.pk).update(alarm_on=later.ends_on + timedelta(days=1))


@pytest.mark.parametrize(
    ("on", "due", "over", "phase"),
    [
        (LAWFUL - timedelta(days=1), False, False, ReleasePhase.NOTICE),
        (LAWFUL, True, False, ReleasePhase.DUE_TODAY),
        (LAWFUL + timedelta(days=1), False, True, ReleasePhase.OVERSTAYED),
        (LAWFUL + timedelta(days=5), False, True, ReleasePhase.OVERSTAYED),
        (LAWFUL + timedelta(days=6), False, True, ReleasePhase.OVERSTAYED),
    ],
)
def test_every_list_asks_the_earlier_day(later, on, due, over, phase):
    at = make.at(on.year, on.month, on.day)
    listed = {
        word: Case.objects.filter(people.presences()[word].condition(at)).exists()
        for word in ("due_today", "overstayed")
    }

    assert Case.objects.filter(due_today(on)).exists() is due
    assert Case.objects.filter(overstayed(on)).exists() is over
    assert listed == {"due_today": due, "overstayed": over}
    assert explained(later, on=on).status.phase == phase


@pytest.mark.parametrize(("day", "may"), [(0, False), (1, False), (4, False), (5, True), (6, True)])
def test_nobody_is_released_on_the_computed_day_without_the_organs_word(later, day, may):
    assert release_obstacles(later, on=LAWFUL + timedelta(days=day)) is not may


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (LAWFUL, "推算的期满日 2028-05-31 较早，超期在所自其次日起预警"),
        (
            LAWFUL + timedelta(days=1),
            "推算的期满日 2028-05-31 已过，决定书载明 2028-06-05，请立即致函",
        ),
    ],
)
def test_the_page_says_which_day_has_passed(later, on, words):
    assert words in " ".join(one.message for one in working(later, on=on).cautions)


def served_extension(case, on, by="facility_leader"):
    recorder = make.officer("assessor", case.facility)
    bureau = by == "bureau_approver"
    leader = make.officer(by, case.facility.province if bureau else case.facility)
    proof = {"proof": "示例证明", "proof_paper": "示例文书号"} if bureau else {}
    at = make.at(on.year, on.month, on.day)
    with standing_at(at):
        paper = served.extension(months=3, on=on, **proof)
        decision = propose_term_decision(case=case, paper=paper, by=recorder, at=at)
        confirm_term_decision(decision=decision, by=leader, at=at)


@pytest.mark.parametrize(
    ("on", "by", "alarm"),
    [
        pytest.param(LAWFUL, "facility_leader", date(2028, 8, 31), id="推算期满日当日送达"),
        pytest.param(
            LAWFUL + timedelta(days=1), "bureau_approver", LAWFUL, id="推算期满日以后送达"
        ),
    ],
)
def test_an_extension_puts_the_alarm_off_only_when_served_in_time(later, on, by, alarm):
    served_extension(later, on, by)

    assert days(later) == (date(2028, 9, 5), alarm)
    assert expiry(later) == alarm


def test_no_click_of_the_facility_ends_the_alarm(later):
    with pytest.raises(Refused, match="期满日 2028-05-31 已过"):
        served_extension(later, LAWFUL + timedelta(days=1))

    assert days(later) == (LAWFUL + timedelta(days=5), LAWFUL)


def test_the_days_of_an_escape_put_both_off(facility, later):
    leader = make.officer("facility_leader", facility)
    proposal = away.proposed(later, by=make.officer("intake_officer", facility))
    escapes.confirm_uncounted(proposal=proposal, by=leader, at=away.BACK)

    ends_on, alarm_on = days(later)

    assert ends_on > LAWFUL + timedelta(days=5)
    assert (ends_on - alarm_on).days == 5
    assert expiry(later) == alarm_on


# What a province prints ----


@pytest.fixture
def pair(facility):
    return [make.officer("bureau_approver", facility.province) for _ in range(2)]


def test_a_recorded_convention_is_no_difference(facility, pair):
    case, later = printed(facility, 1), printed(facility, 5)
    end = LAWFUL + timedelta(days=1)

    confirmed(*pair, **CONVENTION)

    assert (days(case), expiry(case)) == ((end, end), end)
    case.refresh_from_db()
    assert working(case, on=end).cautions == ()
    assert inquiry_obstacles(case, on=make.NOON.date())
    assert days(later) == (LAWFUL + timedelta(days=5), LAWFUL)  # five days are no convention
    assert days(printed(facility, 1)) == (end, end)
    event = Event.objects.get(kind=Event.Kind.RULE_SET)
    assert event.facts["rule"] == "end-convention"


def test_at_the_gate_a_convention_asks_for_no_answer(facility, pair):
    one = door.arrival(facility, printed_ends_on=LAWFUL + timedelta(days=1))
    asked = {caution.code for caution in gate_of(one)}

    confirmed(*pair, **CONVENTION)

    assert asked - {caution.code for caution in gate_of(one)} == {"printed_end_differs"}


def test_a_convention_is_of_decisions_made_from_its_day_on(facility, pair):
    case = printed(facility, 1)

    confirmed(*pair, **CONVENTION, on=date(2026, 6, 2))

    assert days(case) == (LAWFUL + timedelta(days=1), LAWFUL)


def test_a_convention_of_another_province_says_nothing(facility, pair):
    other = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    case = printed(other, 1)

    confirmed(*pair, **CONVENTION)

    assert other.province_id != facility.province_id
    assert days(case) == (LAWFUL + timedelta(days=1), LAWFUL)


def test_a_convention_taken_back_brings_the_alarm_back(facility, pair):
    case = printed(facility, 1)
    confirmed(*pair, **CONVENTION, on=date(2026, 1, 1))

    confirmed(*pair, code="end-convention", values={"prints": []})

    assert (days(case)[1], expiry(case)) == (LAWFUL, LAWFUL)


def test_to_silence_an_alarm_needs_a_document_from_the_first_version_on(pair):
    with pytest.raises(Refused, match="须填写依据的文号"):
        proposed(pair[0], **CONVENTION, on=make.NOON.date(), document="")


def test_what_holds_of_itself_is_no_version(pair):
    with pytest.raises(Refused, match="没有要改的内容"):
        proposed(pair[0], code="end-convention", values={"prints": []})


def test_two_versions_never_begin_on_one_day(pair):
    confirmed(*pair, **CONVENTION)

    with pytest.raises(Refused, match="同一日施行"):
        proposed(pair[0], code="end-convention", values={"prints": []})


def test_the_preview_names_whom_a_convention_touches(facility, pair):
    case = printed(facility, 1)
    printed(facility, 5)

    found = provincial.preview(proposed(pair[0], **CONVENTION), at=make.NOON)

    assert [line.case.pk for line in found.lines] == [case.pk]
    assert days(case)[1] == LAWFUL
    assert not EndConvention.objects.exists()


def test_a_convention_is_asked_for_only_where_a_day_differs(facility):
    case = printed(facility, 0)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        working(case, on=LAWFUL)

    assert not [one for one in queries if "endconvention" in one["sql"]]


@pytest.mark.django_db
def test_the_night_mends_an_alarm_and_its_deadline(facility, later):
    Case.objects.filter(pk=later.pk).update(alarm_on=later.ends_on)
    deadlines.refresh([Case.objects.get(pk=later.pk)])
    assert expiry(later) == later.ends_on

    nightly.run()

    assert (days(later)[1], expiry(later)) == (LAWFUL, LAWFUL)


def test_records_that_contradict_one_another_leave_the_alarm(facility, later):
    served_extension(later, make.NOON.date())
    before = days(later)
    Decision.objects.filter(case=later).update(decided_on=date(2027, 1, 1))

    term_ends.recheck_alarms(facility=facility, at=make.NOON)

    assert days(later) == before


# The letter ----


def test_ask_about_end(facility, later):
    officer = make.officer("intake_officer", facility)

    inquiry = term_ends.ask_about_end(case=later, by=officer, at=make.NOON)

    facts = inquiry.document.facts
    assert (facts["printed_on"], facts["alarm_on"]) == ("2028年6月5日", "2028年5月31日")
    assert facts["recipient"] == later.decision.authority
    assert [one["ends_on"] for one in facts["steps"]] == ["2028年5月31日", "2028年6月5日"]
    event = Event.objects.get(kind=Event.Kind.END_INQUIRED)
    assert event.facts == {"ends_on": "2028-06-05", "alarm_on": "2028-05-31"}
    assert (days(later), expiry(later)) == ((date(2028, 6, 5), LAWFUL), LAWFUL)  # nothing rests


def test_one_letter_for_a_difference_and_another_for_the_next(facility, later):
    officer = make.officer("intake_officer", facility)
    term_ends.ask_about_end(case=later, by=officer, at=make.NOON)

    with pytest.raises(Refused, match="已经制作"):
        term_ends.ask_about_end(case=later, by=officer, at=make.NOON)
    served_extension(later, make.NOON.date())
    term_ends.ask_about_end(case=later, by=officer, at=make.NOON)

    assert EndInquiry.objects.filter(case=later).count() == 2


def test_nothing_is_asked_where_nothing_differs(facility):
    officer = make.officer("intake_officer", facility)
    case = printed(facility, 0)
    served_extension(case, make.NOON.date())

    with pytest.raises(Refused, match="不必致函"):
        term_ends.ask_about_end(case=case, by=officer, at=make.NOON)

    assert not EndInquiry.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.END_INQUIRED).exists()


def test_a_printed_end_that_is_earlier_governs_and_is_asked_about(facility):
    case = printed(facility, -9)

    inquiry = term_ends.ask_about_end(
        case=case, by=make.officer("intake_officer", facility), at=make.NOON
    )

    assert (inquiry.ends_on, inquiry.alarm_on) == (LAWFUL - timedelta(days=9), LAWFUL)
    assert days(case) == (LAWFUL - timedelta(days=9), LAWFUL - timedelta(days=9))
    with pytest.raises(Refused, match="已经制作"):
        term_ends.ask_about_end(case=case, by=inquiry.asked_by, at=make.NOON)


def test_after_a_decision_of_early_release_the_printed_end_is_no_question(facility):
    case, at = printed(facility, -9), make.at(2027, 9, 1)
    staff = [make.officer(role, facility) for role in ("assessor", "facility_leader")]
    with standing_at(at):
        paper = served.early(on=at.date(), ends_on=date(2027, 10, 1))
        one = propose_term_decision(case=case, paper=paper, by=staff[0], at=at)
        confirm_term_decision(decision=one, by=staff[1], at=at)
        with pytest.raises(Refused, match="不必致函"):
            term_ends.ask_about_end(case=case, by=staff[0], at=at)


def test_records_that_contradict_one_another_are_no_question_of_the_print(facility):
    case = printed(facility, -9)
    served_extension(case, make.NOON.date())
    Decision.objects.filter(case=case).update(decided_on=date(2027, 1, 1))

    with pytest.raises(Refused, match="不必致函"):
        term_ends.ask_about_end(
            case=case, by=make.officer("intake_officer", facility), at=make.NOON
        )


def test_nobody_asks_about_who_has_left(facility, later):
    officer = make.officer("intake_officer", facility)
    away.out(later, "escape", by=officer)

    with pytest.raises(Refused, match="不再致函"):
        term_ends.ask_about_end(case=later, by=officer, at=away.BACK)


def test_an_inquiry_is_about_a_difference(facility, later):
    inquiry = term_ends.ask_about_end(
        case=later, by=make.officer("intake_officer", facility), at=make.NOON
    )

    with (
        pytest.raises(IntegrityError, match="an_inquiry_asks_about_a_difference"),
        transaction.atomic(),
    ):
        EndInquiry.objects.filter(pk=inquiry.pk).update(alarm_on=inquiry.ends_on)


def test_the_alarm_alone_never_moves_a_last_day(later):
    acts.move_alarm(case=acts.lock(later, "decision"), on=LAWFUL)

    assert days(later) == (date(2028, 6, 5), LAWFUL)
