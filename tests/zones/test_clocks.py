from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centers import selectors as centers
from centers.states import AssessmentKind, Need
from rehab.ledgers import deadlines
from rehab.models import Deadline
from rehab.rules.conditions import Condition
from rehab.rules.days import end_of, start_of
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, clocks
from zones.clocks import Signatures, ZoneFacts, expected
from zones.rules import MoveFacts, StageDays

ENTERED = date(2026, 10, 1)
NOON = make.NOON
TO_UNIT = UUID(int=7)


def facts(*moves, **changed):
    move = {
        "status_label": "在所",
        "in_facility": True,
        "stage": "01",
        "stage_label": "生理脱毒",
        "next_label": "教育适应区",
        "entered_on": ENTERED,
        "ends_on": date(2028, 5, 31),
        "days": StageDays(7, 15, 30),
        "reentry_days": None,
        "assessment": "",
        "passed": False,
        "parts": (),
        "open_move": "",
    }
    return ZoneFacts(MoveFacts(**move | changed), moves)


def signed(status, *, approved_at=None, received_at=None):
    return Signatures(
        "key", "01", TO_UNIT, start_of(ENTERED), date(2026, 10, 16), status, NOON, approved_at,
        received_at,
    )  # fmt: skip


def rows(*moves, **changed):
    return {(one.clock, one.cycle): one for one in expected(facts(*moves, **changed))}


def test_a_move_is_due_by_the_target_and_opens_with_the_shortest_stay():
    due = rows()[clocks.MOVE, "01"]

    assert due.opened_at == start_of(date(2026, 10, 8))
    assert due.due_at == end_of(date(2026, 10, 16))
    assert (due.owed_by, due.satisfied_at) == ("zone_officer", None)


def test_the_longest_stay_is_its_leaders():
    longest = rows()[clocks.LONGEST, "01"]

    assert (longest.due_at, longest.owed_by) == (end_of(date(2026, 10, 31)), "zone_leader")


@pytest.mark.parametrize("changed", [{"in_facility": False}, {"days": None}, {"next_label": ""}])
def test_nothing_is_due_outside_without_a_rule_or_in_the_last_zone(changed):
    assert rows(**changed) == {}


def test_a_proposal_settles_the_officers_part_and_opens_the_leaders():
    found = rows(signed("proposed"))

    assert found[clocks.MOVE, "01"].satisfied_at == NOON
    approval = found[clocks.APPROVAL, "key"]
    assert (approval.owed_by, approval.satisfied_at) == ("zone_leader", None)
    assert approval.due_at == end_of(date(2026, 11, 22))
    assert (clocks.RECEIPT, "key") not in found


def test_an_approval_opens_the_receipt_of_the_same_day():
    receipt = rows(signed("in_transit", approved_at=NOON))[clocks.RECEIPT, "key"]

    assert receipt.due_at == end_of(date(2026, 11, 21))
    assert receipt.satisfied_at is None


def test_the_receipt_alone_is_owed_by_the_receiving_unit():
    found = rows(signed("in_transit", approved_at=NOON))

    assert {key[0]: one.unit for key, one in found.items() if one.unit} == {clocks.RECEIPT: TO_UNIT}


def test_a_former_move_stays_in_the_ledger_beside_the_next():
    later = NOON + timedelta(hours=1)
    found = rows(
        signed("received", approved_at=NOON, received_at=later),
        stage="02", stage_label="教育适应", next_label="康复巩固区",
    )  # fmt: skip

    assert found[clocks.MOVE, "01"].satisfied_at == NOON
    assert found[clocks.RECEIPT, "key"].satisfied_at == later
    assert found[clocks.MOVE, "02"].satisfied_at is None


def test_an_assessment_and_its_missing_records_are_due_before_the_move():
    parts = (
        Condition(Need.EDUCATION, "入所教育", False, "educator", "centers:entry-education-create"),
        Condition(Need.TRAINING, "体能测试", True, "trainer", "centers:fitness-test-create"),
        Condition("rule", "省级规则", False, "bureau_approver", "centers:assessment-create"),
    )

    found = rows(assessment="教育适应期评估", parts=parts)

    assessed = found[clocks.STAGE_ASSESSMENT, "01"]
    assert (assessed.due_at, assessed.owed_by) == (end_of(date(2026, 10, 14)), "assessor")
    taught = found[clocks.need_clock(Need.EDUCATION), "01"]
    assert (taught.due_at, taught.owed_by) == (end_of(date(2026, 10, 12)), "educator")
    assert {clock for clock, _ in found} == {
        clocks.MOVE, clocks.LONGEST, clocks.STAGE_ASSESSMENT, "zones.need.education",
    }  # fmt: skip


def test_a_passed_assessment_is_no_longer_due():
    assert (clocks.STAGE_ASSESSMENT, "01") not in rows(assessment="教育适应期评估", passed=True)


def test_every_record_that_an_assessment_may_lack_has_a_clock():
    known = {clock.code for clock in clocks.CLOCKS}

    assert {clocks.need_clock(need) for need in set(Need) - {Need.RECOVERY}} <= known


def test_an_assessment_stands_in_the_ledger_until_the_centre_passes_it(facility, case):
    zones_make.needs_an_assessment(facility)

    owed = set(
        Deadline.objects.open()
        .filter(case=case, clock__startswith="zones.")
        .values_list("clock", flat=True)
    )

    assert clocks.STAGE_ASSESSMENT in owed
    assert not centers.passed([case], AssessmentKind.DETOX)


def test_a_notice_goes_to_the_leader_when_the_longest_stay_is_near(facility, crew):
    case = make.case(facility, entered_at=NOON - timedelta(days=25))

    assert case.notices.filter(clock=clocks.LONGEST, kind="coming", role="zone_leader").exists()


def test_facts_cost_the_same_for_any_number(facility, crew):
    zones_make.needs_an_assessment(facility)
    cases = [zones_make.ready(facility) for _ in range(3)]
    counts = []
    for some in (cases[:1], cases):
        with CaptureQueriesContext(connection) as queries:
            clocks.facts(some)
        counts.append(len(queries))

    assert counts == [5, 5]


def test_deadlines_follow_the_term(facility, crew, case):
    living = zones_make.walked_to(case, Stage.CONSOLIDATION, crew)
    due = Deadline.objects.get(case=case, clock=clocks.MOVE, cycle=Stage.CONSOLIDATION)
    assert due.due_at == end_of(date(2028, 4, 1))

    living.ends_on = date(2028, 8, 31)
    living.save()
    deadlines.refresh([living])

    due.refresh_from_db()
    assert due.due_at == end_of(date(2028, 7, 2))


def test_a_withdrawn_proposal_is_due_again(case, crew):
    move = zones_make.proposed(case, crew)

    actions.withdraw_zone_move(move=move, by=crew.officer(Stage.DETOX), at=NOON)

    assert Deadline.objects.open().filter(case=case, clock=clocks.MOVE).exists()
    assert not Deadline.objects.filter(case=case, clock=clocks.APPROVAL).exists()


def test_who_lies_among_minors_is_due_elsewhere_when_he_is_of_age():
    day = date(2026, 12, 1)
    due = rows(of_age_on=day)[clocks.OF_AGE, ""]

    assert (due.opened_at, due.due_at, due.owed_by) == (start_of(day), end_of(day), "zone_officer")
    assert (clocks.OF_AGE, "") not in rows()
