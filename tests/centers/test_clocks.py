"""What falls due, from facts alone; the same rows however often they are rebuilt."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centers import clocks
from centers.assessment.rules.telling import CLOCK
from centers.assessment.selectors import Correction, File, Mark, Reading, Standing, UnderWay
from centers.assessment.selectors.under_way import Reviewing
from centers.states import AssessmentKind
from rehab.keys import new_key
from rehab.ledgers import deadlines
from rehab.models import Deadline
from rehab.rules.days import day_of, end_of
from rehab.states import CaseStatus, Stage
from tests.factories import centers as made
from tests.factories import rehab as make
from tests.factories import zones as zones_make

FILE = File(
    province=None,
    stage="03",
    status=CaseStatus.IN_FACILITY,
    decided_on=date(2026, 6, 1),
    ends_on=date(2028, 5, 31),
    entered_at=make.NOON,
    ended_at=None,
    stays=((make.at(2028, 3, 1, 0), None),),
)
FACTS = clocks.CenterFacts(FILE, one_year_days=30, pre_expiry_days=30, conduct_from=None)
WANTED = replace(FACTS, conduct_from=date(2028, 1, 1))


def rows(facts, clock):
    return {row.cycle: row for row in clocks.expected(facts) if row.clock == clock}


def with_file(facts, **changed):
    return replace(facts, file=replace(facts.file, **changed))


def concluded(kind, at, status="concluded"):
    return Standing(kind, status, "pass", at)


def test_the_full_year():
    row = rows(FACTS, clocks.ONE_YEAR)[""]

    assert (day_of(row.opened_at), day_of(row.due_at)) == (date(2027, 6, 1), date(2027, 7, 1))
    assert (row.owed_by, row.satisfied_at) == ("assessor", None)


def test_before_the_end():
    row = rows(FACTS, clocks.PRE_EXPIRY)[""]

    assert (day_of(row.opened_at), day_of(row.due_at)) == (date(2028, 4, 1), date(2028, 5, 1))


def test_the_province_says_how_many_days():
    facts = replace(FACTS, one_year_days=10, pre_expiry_days=45)

    assert day_of(rows(facts, clocks.ONE_YEAR)[""].due_at) == date(2027, 6, 11)
    assert day_of(rows(facts, clocks.PRE_EXPIRY)[""].due_at) == date(2028, 4, 16)


def test_nothing_was_due_before_somebody_came():
    late = with_file(FACTS, entered_at=make.at(2028, 5, 20))

    assert day_of(rows(late, clocks.ONE_YEAR)[""].opened_at) == date(2028, 5, 20)
    assert day_of(rows(late, clocks.PRE_EXPIRY)[""].due_at) == date(2028, 5, 20)


def test_no_full_year_within_a_term_that_is_shorter():
    assert rows(with_file(FACTS, ends_on=date(2027, 5, 31)), clocks.ONE_YEAR) == {}
    assert "" in rows(with_file(FACTS, ends_on=date(2027, 6, 1)), clocks.ONE_YEAR)


def test_the_first_conclusion_satisfies_whatever_took_its_place():
    first, second = make.at(2027, 6, 3), make.at(2027, 6, 9)
    done = with_file(
        FACTS,
        assessments=(
            concluded(AssessmentKind.ONE_YEAR, first, "superseded"),
            concluded(AssessmentKind.ONE_YEAR, second),
            Standing(AssessmentKind.PRE_EXPIRY, "drafted", "pass", None),
        ),
    )

    assert rows(done, clocks.ONE_YEAR)[""].satisfied_at == first
    assert rows(done, clocks.PRE_EXPIRY)[""].satisfied_at is None


def test_conduct_is_owed_where_the_province_wants_it():
    assert rows(FACTS, clocks.CONDUCT) == {}
    assert set(rows(WANTED, clocks.CONDUCT)) == {"2028-03", "2028-04", "2028-05"}
    since_april = replace(WANTED, conduct_from=date(2028, 4, 30))
    assert set(rows(since_april, clocks.CONDUCT)) == {"2028-04", "2028-05"}


def test_a_month_of_conduct():
    row = rows(WANTED, clocks.CONDUCT)["2028-03"]

    assert (day_of(row.opened_at), day_of(row.due_at)) == (date(2028, 3, 29), date(2028, 4, 5))
    assert (row.owed_by, row.satisfied_at) == ("zone_officer", None)
    assert rows(WANTED, clocks.CONFIRMATION) == {}


def test_a_marked_month_waits_for_its_second_signature():
    marked_at, confirmed_at = make.at(2028, 4, 1), make.at(2028, 4, 2)
    marked = with_file(WANTED, marks={date(2028, 3, 1): Mark(80, marked_at, None)})
    confirmed = with_file(WANTED, marks={date(2028, 3, 1): Mark(80, marked_at, confirmed_at)})

    assert rows(marked, clocks.CONDUCT)["2028-03"].satisfied_at == marked_at
    (waiting,) = rows(marked, clocks.CONFIRMATION).values()
    assert (waiting.owed_by, waiting.satisfied_at) == ("zone_leader", None)
    assert day_of(waiting.due_at) == date(2028, 4, 10)
    assert rows(confirmed, clocks.CONFIRMATION)["2028-03"].satisfied_at == confirmed_at


@pytest.mark.parametrize(
    "status",
    [
        CaseStatus.RELEASED,
        CaseStatus.DIED,
        CaseStatus.CONVERTED,
        CaseStatus.REVOKED,
        CaseStatus.ESCAPED,
    ],
)
def test_what_is_open_ends_with_the_case_and_what_was_done_stays(status):
    done = make.at(2027, 6, 3)
    gone = with_file(
        WANTED,
        status=status,
        assessments=(concluded(AssessmentKind.ONE_YEAR, done),),
        tellings=(Reading(make.NOON, make.NOON),),
    )

    assert [(row.clock, row.cycle, row.satisfied_at) for row in clocks.expected(gone)] == [
        (clocks.ONE_YEAR, "", done),
        (CLOCK, "entry", make.NOON),
    ]


def test_every_expected_row_has_its_clock():
    known = {clock.code for clock in clocks.CLOCKS}
    marked = with_file(WANTED, marks={date(2028, 3, 1): Mark(80, make.at(2028, 4, 1), None)})

    corrected = Correction("1", make.at(2028, 4, 1), None)
    marked = replace(marked, corrections=(corrected,))
    of_opinions = {row.clock for facts in OPINIONS for row in clocks.expected(facts)}
    assert {row.clock for row in clocks.expected(marked)} | of_opinions == known


LODGED = UnderWay(
    key="1", status="noticed", kind="extension", proposed_at=make.at(2028, 4, 1),
    notice_until=date(2028, 4, 5), signed_at=None, sent_on=None, received_on=None,
    answered_at=None, decided_ends_on=None, closed_at=None, reply=None, recorded=False, told_at=None,
    objections=(
        Reviewing("2", make.at(2028, 4, 2), make.at(2028, 4, 2), date(2028, 4, 7), None, None, None),
    ),
)  # fmt: skip
DECIDED = replace(LODGED, objections=(), answered_at=make.at(2028, 4, 20))
REVIEWED = replace(LODGED.objections[0], reviewed_at=make.at(2028, 4, 6))
SENT = replace(DECIDED, status="sent", signed_at=make.at(2028, 4, 6), sent_on=date(2028, 4, 7))
LATE = replace(REVIEWED, recorded_at=make.at(2028, 4, 7))  # said before the signature
OPINIONS = [
    replace(FACTS, opinions=(one,))
    for one in (
        replace(LODGED, status="proposed", objections=()),
        LODGED,
        replace(LODGED, objections=(REVIEWED,)),
        replace(LODGED, objections=()),
        replace(DECIDED, status="signed", signed_at=make.at(2028, 4, 6)),
        replace(DECIDED, status="sent", sent_on=date(2028, 4, 7)),
        replace(SENT, objections=(LATE,)),
        replace(DECIDED, status="received", received_on=date(2028, 4, 8)),
        replace(DECIDED, status="approved"),
        replace(DECIDED, status="refused", closed_at=make.at(2028, 4, 20), reply=new_key()),
    )
]


def test_of_an_opinion_only_what_waits_is_owed():
    def owed(**changed):
        found = clocks.expected(replace(FACTS, opinions=(replace(LODGED, **changed),)))
        return {row.clock for row in found} - {clocks.ONE_YEAR, clocks.PRE_EXPIRY, CLOCK}

    assert owed() == {clocks.OBJECTION}
    assert owed(status="withdrawn") == owed(status="ended") == set()
    closed = {"objections": (), "closed_at": make.NOON}
    for status in ("refused", "rejected", "declined", "withdrawn"):
        assert owed(status=status, **closed, reply=new_key()) == {clocks.REFUSAL}
        assert owed(status=status, **closed) == set()
    assert owed(objections=(REVIEWED,)) == {clocks.OBJECTION, clocks.REPLY}
    assert owed(objections=()) == {clocks.SIGNATURE}
    assert owed(status="proposed", objections=(), notice_until=None) == {clocks.DISCUSSION}
    decided = {"objections": (), "answered_at": make.NOON}
    earlier = replace(LODGED, key="3", status="approved", **decided)
    both = clocks.expected(replace(FACTS, opinions=(earlier, LODGED)))
    assert {row.clock: row.cycle for row in both if row.cycle and row.clock != CLOCK} == {
        clocks.SERVICE: "3", clocks.OBJECTION: "2",
    }  # fmt: skip
    assert owed(status="approved", recorded=True, **decided) == set()


@pytest.mark.parametrize("status", ["signed", "sent", "received", "approved", "refused"])
def test_what_was_said_in_time_is_reviewed_whatever_the_opinion_has_become(status):
    late = replace(SENT, status=status, objections=(replace(LATE, reviewed_at=None),))

    owed = {row.clock for row in clocks.expected(replace(FACTS, opinions=(late,)))}

    assert clocks.OBJECTION in owed
    assert clocks.SENDING not in owed


def test_the_deciding_organ_reads_the_answer_that_its_letter_knows_nothing_of():
    def owed(opinion, objection):
        found = replace(FACTS, opinions=(replace(opinion, objections=(objection,)),))
        return [row for row in clocks.expected(found) if row.clock == clocks.ORGAN]

    (row,) = owed(SENT, LATE)
    assert (row.due_at.date(), row.satisfied_at) == (date(2028, 4, 10), None)
    (kept,) = owed(SENT, replace(LATE, organ_served_at=make.NOON))
    assert kept.satisfied_at == make.NOON
    assert owed(SENT, REVIEWED) == owed(SENT, replace(LATE, reviewed_at=None)) == []
    assert owed(replace(SENT, status="signed", sent_on=None), LATE) == []


def test_an_opinion_is_discussed_within_five_days():
    made = replace(LODGED, status="proposed", objections=(), notice_until=None)

    rows = clocks.expected(replace(FACTS, opinions=(made,)))

    (row,) = [row for row in rows if row.clock == clocks.DISCUSSION]
    assert (row.due_at.date(), row.owed_by) == (date(2028, 4, 6), "assessor")


@pytest.mark.parametrize(
    ("ends_on", "due_on"), [(None, 21), (date(2028, 4, 20), 20), (date(2028, 5, 1), 21)]
)
def test_a_decision_is_served_before_the_end_that_it_sets(ends_on, due_on):
    decided = replace(DECIDED, status="approved", decided_ends_on=ends_on)

    (row,) = (
        row
        for row in clocks.expected(replace(FACTS, opinions=(decided,)))
        if row.clock == clocks.SERVICE
    )

    assert row.due_at == end_of(date(2028, 4, due_on))


@pytest.mark.parametrize("people", [1, 4])
def test_facts_in_three_queries(people, facility, rules, django_assert_num_queries):
    cases = [make.case(facility) for _ in range(people)]

    with django_assert_num_queries(2):
        found = clocks.facts(cases)

    assert len(found) == people


def test_the_newest_rule_gives_the_days_and_the_oldest_the_beginning(case, staff, rules):
    for kind in (AssessmentKind.ONE_YEAR, AssessmentKind.PRE_EXPIRY):
        made.actions.set_assessment_rule(
            province=case.facility.province, kind=kind, needs=["social"], due_days=20,
            effective_from=date(2027, 1, 1), by=staff.assessor, at=make.NOON,
        )  # fmt: skip

    facts = clocks.facts([case])[case.pk]

    assert (facts.one_year_days, facts.pre_expiry_days) == (20, 20)
    assert facts.conduct_from == made.RULES_FROM


def test_without_rules_conduct_is_not_owed(case):
    facts = clocks.facts([case])[case.pk]

    assert (facts.one_year_days, facts.conduct_from) == (30, None)


def test_deadlines_after_acts_are_those_rebuilt_from_scratch(case, staff, rules):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    made.conduct(case, staff, [date(2026, 12, 1)], at=make.at(2027, 1, 2))
    made.conduct(case, staff, [date(2027, 1, 1)], confirmed=False, at=make.at(2027, 2, 2))
    made.moved(case, Stage.CONSOLIDATION, at=make.at(2027, 2, 10))
    ours = [clock.code for clock in clocks.CLOCKS]

    def ledger():
        held = Deadline.objects.filter(case=case, clock__in=ours)
        columns = ("clock", "cycle", "opened_at", "due_at", "owed_by", "satisfied_at")
        return sorted(held.values_list(*columns), key=lambda row: row[:2])

    walked = ledger()
    drift = deadlines.rebuild([case])

    assert drift.mended == 0
    assert ledger() == walked
    assert len([row for row in walked if row[0] == clocks.CONFIRMATION]) == 2


def test_a_refresh_reads_the_file_of_the_centres_once(case, facility, rules):
    zones_make.set_rules()
    zones_make.needs_an_assessment(facility)
    with CaptureQueriesContext(connection) as queries:
        deadlines.expected_rows([case])

    of_files = [one for one in queries if "files._columns" in one["sql"]]
    assert len(of_files) == 1
