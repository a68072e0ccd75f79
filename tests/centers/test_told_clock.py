"""告知本人的时钟: at entry, after each move and assessment, thirty days before the end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centers import actions, told_clocks
from centers.assessment.rules import telling as rules
from centers.assessment.selectors import File, Reading, Standing, files
from centers.states import AssessmentKind, AssessmentStatus
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Deadline, Notice
from rehab.rules.days import day_of, end_of, start_of
from rehab.states import CaseStatus, Stage
from tests.factories import centers as made
from tests.factories import rehab as make

MOVED, ASSESSED = make.at(2026, 12, 11, 10), make.at(2026, 12, 8, 15)
FILE = File(
    province=None,
    stage="02",
    status=CaseStatus.IN_FACILITY,
    decided_on=date(2026, 6, 1),
    ends_on=date(2028, 5, 31),
    entered_at=make.NOON,
    ended_at=None,
    moves=(("02", MOVED),),
    assessments=(Standing("detox", AssessmentStatus.CONCLUDED, "pass", ASSESSED),),
)
ENTRY, MOVE, ASSESSMENT, EXPIRY = (
    "entry",
    "move-02-20261211100000",
    "detox-20261208150000",
    "expiry",
)


def rows(**changed):
    return {row.cycle: row for row in told_clocks.expected(replace(FILE, **changed))}


def told(*moments):
    """Tellings, each from a sheet of its own moment."""
    return {"tellings": tuple(Reading(at, at) for at in moments)}


def satisfied(**changed):
    return {cycle: row.satisfied_at for cycle, row in rows(**changed).items() if row.satisfied_at}


def test_he_is_told_at_entry_after_a_move_an_assessment_and_before_the_end():
    found = rows()

    assert {cycle: (row.opened_at, row.due_at) for cycle, row in found.items()} == {
        ENTRY: (make.NOON, make.NOON + timedelta(hours=24)),
        MOVE: (MOVED, end_of(date(2026, 12, 14))),
        ASSESSMENT: (ASSESSED, end_of(date(2026, 12, 11))),
        EXPIRY: (start_of(date(2028, 5, 1)), end_of(date(2028, 5, 8))),
    }
    assert {row.owed_by for row in found.values()} == {"zone_officer"}
    assert {row.clock for row in found.values()} == {rules.CLOCK}


def test_one_telling_settles_all_that_came_before_it():
    at = MOVED + timedelta(hours=3)

    assert satisfied(**told(at)) == {ENTRY: at, ASSESSMENT: at, MOVE: at}
    assert satisfied(**told(make.NOON, at)) == {ENTRY: make.NOON, ASSESSMENT: at, MOVE: at}


@pytest.mark.parametrize(
    ("at", "done"),
    [
        pytest.param(MOVED - timedelta(minutes=1), {ENTRY, ASSESSMENT}, id="接收前一分钟"),
        pytest.param(MOVED, {ENTRY, ASSESSMENT, MOVE}, id="接收当时"),
    ],
)
def test_a_telling_before_the_move_says_nothing_of_it(at, done):
    assert satisfied(**told(at)).keys() == done


def test_a_telling_of_the_minute_of_the_move_is_after_it():
    moved = MOVED.replace(second=40)

    assert len(satisfied(moves=(("02", moved),), **told(MOVED))) == 3


def test_a_sheet_from_before_the_assessment_cannot_say_it():
    old = Reading(told_at=MOVED, made_at=ASSESSED - timedelta(hours=1))

    assert satisfied(tellings=(old,)).keys() == {ENTRY, MOVE}


def test_an_extension_opens_the_last_telling_anew():
    at = make.at(2028, 5, 2)

    assert EXPIRY in satisfied(**told(at))
    assert EXPIRY not in satisfied(ends_on=date(2028, 8, 31), **told(at))


@pytest.mark.parametrize(
    ("ends_on", "opened_at", "due_on"),
    [
        (date(2026, 12, 20), make.NOON, date(2026, 11, 28)),
        (date(2026, 11, 25), make.NOON, date(2026, 11, 25)),
    ],
)
def test_who_comes_late_is_told_before_he_goes(ends_on, opened_at, due_on):
    row = rows(ends_on=ends_on)[EXPIRY]

    assert (row.opened_at, day_of(row.due_at)) == (opened_at, due_on)


def test_a_correction_is_told_in_place_of_what_it_corrects():
    was = Standing("detox", AssessmentStatus.SUPERSEDED, "pass", ASSESSED)
    is_ = Standing("detox", AssessmentStatus.CONCLUDED, "pass", ASSESSED + timedelta(days=1))

    owed, before = rows(assessments=(was, is_)), satisfied(assessments=(was, is_), **told(ASSESSED))

    assert "detox-20261209150000" in owed
    assert ASSESSMENT not in owed
    assert before.keys() == {ENTRY, ASSESSMENT}


@pytest.mark.parametrize(
    "status",
    sorted({*CaseStatus} - {CaseStatus.IN_FACILITY}),
)
def test_it_rests_while_he_is_away_and_ends_with_the_case(status):
    assert rows(status=status) == {}
    assert rows(status=status, **told(make.NOON)).keys() == {ENTRY}


def test_the_bed_of_the_entry_and_another_bed_of_the_same_stage_are_no_moves(case, rules):
    made.moved(case, Stage.ADAPTATION, at=MOVED)
    made.moved(case, Stage.ADAPTATION, at=MOVED + timedelta(days=1))
    made.moved(case, Stage.CONSOLIDATION, at=MOVED + timedelta(days=2))

    assert files([case])[case.pk].moves == (("02", MOVED), ("03", MOVED + timedelta(days=2)))
    assert "move-02-20261211100000" not in rows(entered_at=MOVED)


def test_the_words_of_the_list():
    assert [told_clocks.cause_of(one) for one in rows()] == [
        "入所", "转入教育适应区", "生理脱毒期评估", "期满前三十日",
    ]  # fmt: skip


def open_cycles(case):
    now = Deadline.objects.open().filter(case=case, clock=rules.CLOCK)
    return set(now.values_list("cycle", flat=True))


def test_the_ledger_follows_what_happens(case, staff, rules):
    officer = make.officer("zone_officer", case.unit)
    assert open_cycles(case) == {ENTRY, EXPIRY}

    telling = made.told(case, officer, at=make.NOON)
    assert open_cycles(case) == {EXPIRY}

    actions.withdraw_telling(telling=telling, reason="登记错了人", by=officer, at=make.NOON)
    assert open_cycles(case) == {ENTRY, EXPIRY}

    with standing_at(ASSESSED):
        made.assessed(case, staff, AssessmentKind.DETOX, at=ASSESSED)
        assert open_cycles(case) == {ENTRY, EXPIRY, ASSESSMENT}
        made.told(case, officer, at=ASSESSED)
    assert open_cycles(case) == {EXPIRY}
    assert deadlines.rebuild([case]).mended == 0


def test_nobody_above_the_unit_is_told_of_a_late_one(case):
    Notice.objects.all().delete()

    deadlines.sweep(case.facility, at=make.NOON + timedelta(days=3))

    assert set(Notice.objects.filter(clock=rules.CLOCK).values_list("role", flat=True)) == {
        "zone_officer"
    }


def test_a_refresh_asks_no_more_for_those_who_were_told(case, staff):
    other = make.case(case.facility)
    made.told(case, staff.zone_officer, at=make.NOON)

    taken = []
    for cases in ([other], [case], [case, other]):
        with CaptureQueriesContext(connection) as captured:
            deadlines.expected_rows(cases)
        taken.append(len(captured))

    assert len(set(taken)) == 1
