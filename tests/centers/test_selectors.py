"""What is on file, for one or many, in a constant number of queries; and within the scope alone."""

from datetime import date

import pytest

from centers import selectors
from centers.assessment.selectors import (
    evidence,
    is_part_of,
    next_assessments,
    own_people,
    to_mark,
)
from centers.models import Assessment, AssessmentRule, DrugTest
from centers.states import AssessmentKind, Need
from rehab import scope
from rehab.models import Case
from rehab.states import Stage
from tests.centers.conftest import LATER, YEAR
from tests.factories import centers as made
from tests.factories import rehab as make


def codes(conditions, *, met):
    return [one.code for one in conditions if one.met == met]


@pytest.mark.parametrize("people", [1, 4])
def test_assessment_conditions_in_two_queries(people, facility, rules, django_assert_num_queries):
    cases = [make.case(facility) for _ in range(people)]

    with django_assert_num_queries(2):
        found = selectors.assessment_conditions(cases, AssessmentKind.ADAPTATION)

    assert set(found) == {case.pk for case in cases}


def test_what_adaptation_asks_for_and_of_whom(case, staff, rules):
    made.screening(case, staff, at=make.NOON)

    (conditions,) = selectors.assessment_conditions([case], AssessmentKind.ADAPTATION).values()

    assert [(one.code, one.met, one.owner) for one in conditions] == [
        ("medical", False, "clinician"),
        ("education", False, "educator"),
        ("training", False, "trainer"),
        ("screening", True, "counsellor"),
    ]
    assert all(one.url_name.startswith("centers:") for one in conditions)


def test_conditions_tell_no_medical_or_psychological_content(case, staff, rules):
    made.detox_conclusion(case, staff, passed=False, at=make.NOON)
    made.screening(case, staff, at=make.NOON)

    (conditions,) = selectors.assessment_conditions([case], AssessmentKind.ADAPTATION).values()

    assert {one.detail for one in conditions if one.code in {"medical", "screening"}} == {""}


def test_body_and_mind_stand_on_two_records(case, staff, rules):
    made.fitness_test(case, staff, at=make.NOON)

    (conditions,) = selectors.assessment_conditions([case], AssessmentKind.ONE_YEAR).values()

    assert codes(conditions, met=True) == ["training"]
    assert codes(conditions, met=False) == ["detox", "screening", "conduct", "social"]


def test_without_a_rule_the_province_owes_it(case):
    ((condition,),) = selectors.assessment_conditions([case], AssessmentKind.DETOX).values()

    assert (condition.code, condition.met, condition.owner) == ("rule", False, "bureau_approver")


def test_the_rule_of_the_day_is_asked(case, staff, rules):
    AssessmentRule.objects.filter(kind=AssessmentKind.DETOX).update(effective_from=date(2027, 1, 1))

    def owed(on):
        return selectors.assessment_conditions([case], AssessmentKind.DETOX, on=on)[case.pk][0].code

    assert owed(date(2026, 12, 31)) == "rule"
    assert owed(date(2027, 1, 1)) == "medical"
    assert owed(None) == "medical"


def test_conduct_passes_from_the_officer_to_the_leader(case, staff, rules):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    on = date(2027, 1, 20)

    def conduct():
        (found,) = selectors.assessment_conditions(
            [case], AssessmentKind.CONSOLIDATION, on=on
        ).values()
        return next(one for one in found if one.code == "conduct")

    unmarked = conduct()
    rows = made.conduct(case, staff, [date(2026, 12, 1)], confirmed=False, at=make.at(2027, 1, 2))
    unsigned = conduct()
    made.actions.confirm_conduct(months=rows, by=staff.zone_leader, at=make.at(2027, 1, 3))
    signed = conduct()

    assert (unmarked.owner, unmarked.detail) == ("zone_officer", "2026-12未评定")
    assert (unsigned.owner, unsigned.url_name) == ("zone_leader", "centers:conduct-confirm")
    assert (signed.met, signed.owner) == (True, "zone_officer")


def test_passed(case, facility, staff, rules):
    other = make.case(facility)
    made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)
    made.detox_conclusion(other, staff, passed=False, at=make.NOON)
    made.assessment(other, staff, AssessmentKind.DETOX, at=make.NOON, reasons="未达标")

    assert selectors.passed([case, other], AssessmentKind.DETOX) == {case.pk}
    assert selectors.passed([case, other], AssessmentKind.ADAPTATION) == set()


def test_a_superseded_pass_is_no_pass(case, staff, rules):
    first = made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)
    correction = made.actions.correct_assessment(
        assessment=first, parts={"medical": "fail"}, reasons="复查未达标", why="登记有误",
        by=staff.assessor, at=make.NOON,
    )  # fmt: skip
    made.actions.conclude_assessment(assessment=correction, by=staff.second_assessor, at=make.NOON)

    assert selectors.passed([case], AssessmentKind.DETOX) == set()


def test_readiness_of_cases_with_different_kinds(case, facility, staff, rules):
    other = make.case(facility)
    made.detox_conclusion(case, staff, at=make.NOON)
    made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)

    found = selectors.readiness(
        {case.pk: AssessmentKind.DETOX, other.pk: AssessmentKind.ADAPTATION}
    )

    assert (found[case.pk].drafted, found[case.pk].passed) == (True, False)
    assert len(found[other.pk].conditions) == 4


@pytest.mark.parametrize("kind", AssessmentKind)
def test_every_kind_can_be_passed(kind, case, staff, rules):
    stage, at = {
        AssessmentKind.DETOX: (Stage.DETOX, make.NOON),
        AssessmentKind.ADAPTATION: (Stage.ADAPTATION, LATER),
        AssessmentKind.CONSOLIDATION: (Stage.CONSOLIDATION, LATER),
        AssessmentKind.ONE_YEAR: (Stage.CONSOLIDATION, YEAR),
        AssessmentKind.PRE_EXPIRY: (Stage.REENTRY, make.at(2028, 4, 1)),
    }[kind]
    if stage != Stage.DETOX:
        made.moved(case, stage, at=make.NOON)

    done = made.assessed(case, staff, kind, at=at)

    assert done.result == "pass"
    assert set(done.parts) == set(made.NEEDS[kind])


def test_evidence_of_every_need(case, staff, rules):
    rule = AssessmentRule(needs=Need.values, conduct_pass_mark=60, effective_from=made.RULES_FROM)

    file = selectors.files([case])[case.pk]
    nothing = evidence(file, rule, on=date(2026, 11, 21))

    assert {of.there for of in nothing.values()} == {False}
    assert set(nothing) == set(Need.values)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("nothing", "lacking"),
        ("record", "ready"),
        ("draft", "drafted"),
        ("pass", "early"),
    ],
)
def test_next_assessment(act, state, case, staff, rules):
    if act == "record":
        made.detox_conclusion(case, staff, at=make.NOON)
    if act == "draft":
        made.detox_conclusion(case, staff, at=make.NOON)
        made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)
    if act == "pass":
        made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)

    ahead = next_assessments([case], on=date(2026, 11, 21))[case.pk]

    assert ahead.state(date(2026, 11, 21)) == state
    assert (ahead.kind == AssessmentKind.ONE_YEAR) == (act == "pass")


def test_the_last_assessment_once_passed_is_settled(case, staff, rules):
    made.moved(case, Stage.REENTRY, at=make.NOON)
    made.assessed(case, staff, AssessmentKind.ONE_YEAR, at=YEAR)
    made.assessed(case, staff, AssessmentKind.PRE_EXPIRY, at=make.at(2028, 4, 2))

    ahead = next_assessments([case], on=date(2028, 4, 3))[case.pk]

    assert (ahead.kind, ahead.state(date(2028, 4, 3))) == (AssessmentKind.PRE_EXPIRY, "settled")


def test_owed_months(case, staff, rules):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    on = date(2027, 2, 10)

    assert selectors.owed_months(case, AssessmentKind.CONSOLIDATION, on=on) == [
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    assert selectors.owed_months(case, AssessmentKind.DETOX, on=on) == []


def test_months_before_the_rule_are_not_owed(case, staff):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    made.rules(case.facility.province, by=staff.assessor, effective_from=date(2027, 1, 1))

    months = selectors.owed_months(case, AssessmentKind.CONSOLIDATION, on=date(2027, 2, 10))

    assert months == [date(2027, 1, 1)]


def test_own_people_leaves_out_those_still_on_the_way(case, facility, staff):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    other = make.case(facility)
    other.receiving_unit = case.unit
    other.save(update_fields=["receiving_unit"])
    officer = make.officer("zone_officer", case.unit)

    visible = Case.objects.visible_to(officer)

    assert set(visible) == {case, other}
    assert set(own_people(visible, officer)) == {case}
    assert set(own_people(visible, staff.assessor)) == {case, other}


def test_who_came_within_a_month_is_owed_no_mark_for_it(case, facility, staff):
    """He is in 教育适应区 since the middle of a month; in 康复巩固区 nobody's month is his first."""
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    case = Case.objects.select_related("zone").get(pk=case.pk)
    month = date(2026, 11, 1)

    assert is_part_of(case, month)
    assert not is_part_of(case, date(2026, 12, 1))
    case.zone = case.facility.units.get(zone__stage=Stage.REENTRY).zone
    assert not is_part_of(case, month)
    case.zone = None
    assert not is_part_of(case, month)


def test_to_mark(case, facility, staff):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    make.case(facility)

    assert set(to_mark(Case.objects.all(), date(2026, 11, 1))) == {case}
    assert not to_mark(Case.objects.all(), date(2026, 10, 1)).exists()


def test_records_are_visible_within_the_scope_alone(case, staff, rules):
    made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)
    stranger = make.officer("clinician", make.facility("T02"))

    assert DrugTest.objects.visible_to(staff.clinician).count() == 1
    assert DrugTest.objects.visible_to(stranger).count() == 0
    with scope.within(stranger.scope_at(make.NOON)):
        assert (DrugTest.objects.count(), Assessment.objects.count()) == (0, 0)


def test_the_latest_record_of_each_case(case, facility, staff):
    other = make.case(facility)
    made.drug_test(case, staff, at=make.NOON)
    latest = made.drug_test(case, staff, at=make.at(2026, 11, 22))
    only = made.drug_test(other, staff, at=make.NOON)

    assert set(DrugTest.objects.of_each([case, other])) == {latest, only}


def test_records_say_whose_they_are(case, staff, rules):
    made.moved(case, Stage.CONSOLIDATION, at=make.NOON)
    at = make.at(2027, 1, 2)

    assessment = made.assessed(case, staff, AssessmentKind.CONSOLIDATION, at=at)
    made.entry_education(case, staff, at=at)

    for kept in (
        "detoxconclusions", "drugtests", "entryeducations", "screenings", "fitnesstests",
        "conductmonths", "socialforms",
    ):  # fmt: skip
        assert case.number in str(getattr(case, kept).first())
    assert str(assessment) == f"{case.number} 康复巩固期评估"
    assert str(rules[0]) == "示例省戒毒管理局 生理脱毒期评估 2026-01-01"
