"""Each act: its row, its event, what follows; refused without a trace; all of it or nothing."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from centers import actions
from centers.models import (
    Assessment,
    AssessmentRule,
    ConductMonth,
    DetoxConclusion,
    DrugTest,
    EntryEducation,
    FitnessTest,
    Screening,
    SocialForm,
)
from centers.states import AssessmentKind, AssessmentStatus, DetoxCriterion, Need, SocialCriterion
from rehab.actions.cases import close_case, grant_medical_leave
from rehab.ledgers import events
from rehab.models import AccessRecord, Deadline, Event, Notice
from rehab.refusal import Refused
from rehab.states import CaseStatus, Sex, Stage
from tests.centers.conftest import LATER
from tests.factories import centers as made
from tests.factories import rehab as make

JANUARY = make.at(2027, 1, 2)
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def adapting(case):
    return made.moved(case, Stage.ADAPTATION, at=make.NOON)


def on_leave(case):
    leader = make.officer("facility_leader", case.facility)
    return grant_medical_leave(case=case, approval="示批〔2026〕1号", by=leader, at=make.NOON)


def event_of(kind):
    return Event.objects.get(kind=kind)


# Every act that records something, as (act, model, kind of its event) ----


def record_test(case, staff):
    return made.drug_test(case, staff, at=make.NOON)


def record_detox(case, staff):
    return actions.conclude_detox(
        case=case, met=dict.fromkeys(DetoxCriterion.values, False), by=staff.clinician, at=make.NOON
    )


def record_education(case, staff):
    return made.entry_education(case, staff, at=LATER)


def record_screening(case, staff):
    return made.screening(case, staff, at=make.NOON)


def record_fitness(case, staff):
    return made.fitness_test(case, staff, at=make.NOON)


def record_social(case, staff):
    return made.social_form(case, staff, at=make.NOON)


def record_mark(case, staff):
    return made.conduct(case, staff, [DECEMBER], confirmed=False, at=JANUARY)


RECORDS = [
    pytest.param(record_test, DrugTest, Event.Kind.DRUG_TESTED, id="检测"),
    pytest.param(record_detox, DetoxConclusion, Event.Kind.DETOX_CONCLUDED, id="脱毒结论"),
    pytest.param(record_education, EntryEducation, Event.Kind.ENTRY_EDUCATION_RECORDED, id="教育"),
    pytest.param(record_screening, Screening, Event.Kind.SCREENED, id="测评"),
    pytest.param(record_fitness, FitnessTest, Event.Kind.FITNESS_TESTED, id="体能"),
    pytest.param(record_social, SocialForm, Event.Kind.SOCIAL_RECORDED, id="社会"),
    pytest.param(record_mark, ConductMonth, Event.Kind.CONDUCT_MARKED, id="月考核"),
]
FACE_TO_FACE = RECORDS[:5]


@pytest.mark.parametrize(("act", "model", "kind"), RECORDS)
def test_a_record_leaves_a_row_and_an_event(act, model, kind, case, staff):
    act(case, staff)

    assert model.objects.get().case == case
    assert event_of(kind).case == case


@pytest.mark.parametrize(("act", "model", "kind"), FACE_TO_FACE)
def test_nothing_is_recorded_of_somebody_who_is_not_here(act, model, kind, case, staff):
    on_leave(case)

    with pytest.raises(Refused, match="不在所"):
        act(case, staff)

    assert not model.objects.exists()
    assert not Event.objects.filter(kind=kind).exists()


@pytest.mark.parametrize(("act", "model", "kind"), RECORDS)
def test_nothing_is_recorded_of_somebody_who_has_left(act, model, kind, case, staff):
    close_case(case=case, to=CaseStatus.RELEASED, at=make.NOON)

    with pytest.raises(Refused):
        act(case, staff)

    assert not model.objects.exists()


@pytest.mark.parametrize(("act", "model", "kind"), RECORDS)
def test_a_record_without_its_event_is_no_record(act, model, kind, case, staff, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is broken")

    staff.zone_officer, staff.clinician, staff.second_clinician  # noqa: B018  # opened beforehand
    staff.educator, staff.counsellor, staff.trainer  # noqa: B018
    monkeypatch.setattr(events, "record", fail)

    with pytest.raises(RuntimeError), transaction.atomic():
        act(case, staff)

    assert not model.objects.exists()


@pytest.mark.parametrize(("act", "model", "kind"), RECORDS[:3])
def test_an_event_tells_keys_and_no_content(act, model, kind, case, staff):
    act(case, staff)

    facts = event_of(kind).facts
    assert set(facts) <= {"drug_test", "conclusion", "education", "result"}
    assert ("result" in facts) == (kind == Event.Kind.ENTRY_EDUCATION_RECORDED)


# Medical ----


def test_drug_test_of_a_woman(facility, staff):
    woman = make.case(facility, person=make.person_facts(sex=Sex.FEMALE))
    both = [make.officer("clinician", facility, sex=Sex.FEMALE) for _ in range(2)]
    test = {"case": woman, "sample": "urine", "tested_at": make.NOON, "result": "negative"}

    with pytest.raises(Refused, match="女性工作人员"):
        actions.record_drug_test(**test, second=both[0], by=staff.clinician, at=make.NOON)
    done = actions.record_drug_test(**test, second=both[0], by=both[1], note=" ", at=make.NOON)

    assert done.note is None


def test_the_database_asks_for_two_testers(case, staff):
    with pytest.raises(IntegrityError, match="two_people_take_a_drug_test"):
        DrugTest.objects.create(
            case=case, sample="hair", tested_at=make.NOON, result="negative",
            by=staff.clinician, second=staff.clinician,
        )  # fmt: skip


def test_detox_is_concluded_on_the_last_valid_test(case, staff):
    made.drug_test(case, staff, result="positive", at=make.at(2026, 11, 21, 13))
    made.drug_test(case, staff, result="invalid", at=make.at(2026, 11, 21, 14))
    met = dict.fromkeys(DetoxCriterion.values, True)

    with pytest.raises(Refused, match="不符"):
        actions.conclude_detox(case=case, met=met, by=staff.clinician, at=make.at(2026, 11, 22))
    made.drug_test(case, staff, at=make.at(2026, 11, 23))
    conclusion = actions.conclude_detox(
        case=case, met=met, notes={"acute_gone": " 平稳 ", "mind_stable": ""},
        by=staff.clinician, at=make.at(2026, 11, 24),
    )  # fmt: skip

    assert conclusion.passed
    assert DetoxConclusion.objects.get().notes == {"acute_gone": "平稳"}


def test_the_database_passes_nobody_who_misses_a_criterion(case, staff):
    met = dict.fromkeys(DetoxCriterion.values, True) | {"mind_stable": False}

    with pytest.raises(IntegrityError, match="detox_is_passed_when_all_five_are_met"):
        DetoxConclusion.objects.create(
            case=case, **met, passed=True, concluded_at=make.NOON, by=staff.clinician
        )


# Education, training ----


def test_entry_education_is_passed_once(case, staff):
    made.entry_education(case, staff, at=LATER, result="fail")
    made.entry_education(case, staff, at=LATER)

    with pytest.raises(Refused, match="已有合格"):
        made.entry_education(case, staff, at=LATER)


def test_fitness_is_not_tested_without_clearance(case, staff):
    with pytest.raises(Refused, match="医疗筛查"):
        actions.record_fitness_test(
            case=case, tested_on=date(2026, 11, 21), cleared=False, values=made.MEASURED,
            result="pass", by=staff.trainer, at=make.NOON,
        )  # fmt: skip


def test_bmi(case, staff):
    assert str(made.fitness_test(case, staff, at=make.NOON).bmi) == "22.1"


# Psychology ----


def test_a_screening_is_sealed_in_the_database(case, staff):
    made.screening(case, staff, at=make.NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT sheet FROM centers_screening")
        (sealed,) = cursor.fetchone()
    assert b"answers" not in bytes(sealed)


def test_open_screening_leaves_a_record(case, staff):
    screening = made.screening(case, staff, at=make.NOON)

    sheet = actions.open_screening(
        screening=screening, purpose=" 随访 ", by=staff.counsellor, at=make.NOON
    )

    assert (sheet.score, len(sheet.lines)) == (5, 9)
    record = AccessRecord.objects.get()
    assert (record.field, record.purpose) == ("screening.sheet", "随访")


def test_open_screening_without_a_purpose_shows_nothing(case, staff):
    screening = made.screening(case, staff, at=make.NOON)

    with pytest.raises(Refused, match="用途"):
        actions.open_screening(screening=screening, purpose="", by=staff.counsellor, at=make.NOON)

    assert not AccessRecord.objects.exists()


# Social ----


def test_social_form_is_fair_when_a_criterion_is_not_met(case, staff):
    met = dict.fromkeys(SocialCriterion.values, True) | {"livelihood": False}

    form = actions.record_social_form(
        case=case, met=met, note="本人愿学技能", by=staff.zone_officer, at=make.NOON
    )

    assert (form.result, form.note) == ("fair", "本人愿学技能")


# Conduct ----


def test_an_unconfirmed_mark_may_be_set_right(adapting, staff):
    made.conduct(adapting, staff, [DECEMBER], mark=70, confirmed=False, at=JANUARY)
    made.conduct(adapting, staff, [DECEMBER], mark=75, confirmed=False, at=JANUARY)

    assert ConductMonth.objects.get().mark == 75
    assert Event.objects.filter(kind=Event.Kind.CONDUCT_MARKED).count() == 2


def test_a_mark_that_a_colleague_gave_meanwhile_is_not_overwritten(adapting, staff):
    made.conduct(adapting, staff, [DECEMBER], mark=70, confirmed=False, at=JANUARY)
    mine = [actions.MonthMark(adapting, DECEMBER, 90)]

    with pytest.raises(Refused, match=r"刚由 .* 评为 70 分"):
        actions.mark_conduct(
            marks=mine, seen={(adapting.pk, DECEMBER): None}, by=staff.zone_leader, at=JANUARY
        )
    assert ConductMonth.objects.get().mark == 70

    actions.mark_conduct(
        marks=mine, seen={(adapting.pk, DECEMBER): 70}, by=staff.zone_leader, at=JANUARY
    )
    assert ConductMonth.objects.get().mark == 90


def test_confirm_conduct(adapting, staff):
    (row,) = made.conduct(adapting, staff, [DECEMBER], at=JANUARY)

    assert row.confirmed_by == staff.zone_leader
    assert event_of(Event.Kind.CONDUCT_CONFIRMED).facts == {"month": "2026-12"}


def test_a_confirmed_mark_stands(adapting, staff):
    (row,) = made.conduct(adapting, staff, [DECEMBER], at=JANUARY)

    with pytest.raises(Refused, match="已经复核"):
        made.conduct(adapting, staff, [DECEMBER], mark=100, confirmed=False, at=JANUARY)
    with pytest.raises(Refused, match="已由他人复核"):
        actions.confirm_conduct(months=[row], by=staff.zone_leader, at=JANUARY)

    assert ConductMonth.objects.get().mark == 80


def test_nobody_confirms_his_own_mark(adapting, staff):
    (row,) = made.conduct(adapting, staff, [DECEMBER], confirmed=False, at=JANUARY)

    with pytest.raises(Refused, match="两人"):
        actions.confirm_conduct(months=[row], by=staff.zone_officer, at=JANUARY)
    with pytest.raises(IntegrityError, match="two_people_sign"):
        ConductMonth.objects.update(confirmed_by=staff.zone_officer, confirmed_at=JANUARY)


def test_a_sheet_is_saved_whole_or_not_at_all(adapting, facility, staff):
    released = made.moved(make.case(facility), Stage.ADAPTATION, at=make.NOON)
    close_case(case=released, to=CaseStatus.RELEASED, at=JANUARY)

    with pytest.raises(Refused, match=released.person.name):
        actions.mark_conduct(
            marks=[actions.MonthMark(one, DECEMBER, 80) for one in (adapting, released)],
            by=staff.zone_officer,
            at=JANUARY,
        )

    assert not ConductMonth.objects.exists()


# The province's rules ----


def test_set_assessment_rule(facility, staff):
    rule = made.rules(facility.province, by=staff.assessor)[0]

    assert event_of_rules() == 5
    assert (rule.conduct_pass_mark, rule.due_days) == (60, 30)


def event_of_rules():
    return Event.objects.filter(kind=Event.Kind.RULE_SET).count()


def test_a_rule_is_set_once_for_a_day(facility, staff, rules):
    with pytest.raises(Refused, match="同一日"):
        actions.set_assessment_rule(
            province=facility.province, kind=AssessmentKind.DETOX, needs=[Need.DETOX],
            effective_from=made.RULES_FROM, by=staff.assessor, at=make.NOON,
        )  # fmt: skip

    assert AssessmentRule.objects.count() == 5


# The assessment ----


@pytest.fixture
def draft(case, staff, rules):
    made.detox_conclusion(case, staff, at=make.NOON)
    return made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)


def conclude(assessment, by):
    return actions.conclude_assessment(assessment=assessment, by=by, at=make.NOON)


def test_draft_assessment(draft, case):
    assert (draft.status, draft.result, draft.parts) == ("drafted", "pass", {"medical": "pass"})
    assert event_of(Event.Kind.ASSESSMENT_DRAFTED).facts == {
        "assessment": str(draft.pk),
        "assessed": "detox",
    }
    notice = Notice.objects.get(clock=Event.Kind.ASSESSMENT_DRAFTED)
    assert (notice.role_id, notice.facility) == ("assessor", case.facility)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"parts": {}}, "没有评定"),
        ({"parts": {"medical": "fail"}}, "写明理由"),
        ({"parts": {"medical": "good"}}, "不符"),
        ({"kind": AssessmentKind.ADAPTATION, "parts": {}}, "不在该区"),
        ({"kind": AssessmentKind.ONE_YEAR, "parts": {}}, "2027-06-01 起可评"),
        ({"kind": AssessmentKind.PRE_EXPIRY, "parts": {}}, "2028-04-01 起可评"),
    ],
)
def test_draft_assessment_refused_leaves_no_trace(changed, words, case, staff, rules):
    made.detox_conclusion(case, staff, at=make.NOON)

    with pytest.raises(Refused, match=words):
        made.draft(case, staff, at=make.NOON, **{"kind": AssessmentKind.DETOX} | changed)

    assert not Assessment.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.ASSESSMENT_DRAFTED).exists()
    assert not Notice.objects.filter(clock=Event.Kind.ASSESSMENT_DRAFTED).exists()


def test_no_assessment_without_the_province_s_rule(case, staff):
    made.detox_conclusion(case, staff, at=make.NOON)

    with pytest.raises(Refused, match="省局尚未设定"):
        made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)


def test_one_draft_at_a_time(draft, case, staff):
    with pytest.raises(Refused, match="已有一份拟定"):
        made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)


def test_conclude_assessment(draft, case, staff):
    concluded = conclude(draft, staff.second_assessor)

    assert (concluded.status, concluded.concluded_by) == ("concluded", staff.second_assessor)
    event = event_of(Event.Kind.ASSESSMENT_CONCLUDED)
    assert event.facts == {"assessment": str(draft.pk), "assessed": "detox", "result": "pass"}
    assert event.corrects is None
    notice = Notice.objects.get(clock=Event.Kind.ASSESSMENT_CONCLUDED)
    assert (notice.role_id, notice.unit) == ("zone_officer", case.unit)


def test_nobody_concludes_his_own_draft(draft, staff):
    with pytest.raises(Refused, match="两人"):
        conclude(draft, staff.assessor)
    with pytest.raises(IntegrityError, match="two_people_sign_an_assessment"):
        Assessment.objects.update(
            status="concluded", concluded_by=staff.assessor, concluded_at=make.NOON
        )


def test_a_conclusion_stands_on_what_is_on_file_now(draft, case, staff):
    record_detox(case, staff)

    with pytest.raises(Refused, match="与在案记录不符"):
        conclude(draft, staff.second_assessor)

    draft.refresh_from_db()
    assert draft.status == AssessmentStatus.DRAFTED


def test_a_conclusion_without_its_event_is_none(draft, staff, monkeypatch):
    second = staff.second_assessor
    monkeypatch.setattr(events, "record", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        conclude(draft, second)

    draft.refresh_from_db()
    assert draft.status == AssessmentStatus.DRAFTED


def in_status(draft, status, staff):
    """Walk the draft to a status."""
    if status == AssessmentStatus.RETURNED:
        actions.return_assessment(
            assessment=draft, reason="请补充", by=staff.second_assessor, at=make.NOON
        )
    if status in {AssessmentStatus.CONCLUDED, AssessmentStatus.SUPERSEDED}:
        conclude(draft, staff.second_assessor)
    if status == AssessmentStatus.SUPERSEDED:
        conclude(correct(draft, staff), staff.second_assessor)
    draft.refresh_from_db()
    return draft


def correct(assessment, staff, **changed):
    return actions.correct_assessment(
        **{
            "assessment": assessment,
            "parts": {"medical": "fail"},
            "reasons": "复查未达标",
            "why": "登记有误",
            "by": staff.assessor,
            "at": make.NOON,
        }
        | changed
    )


@pytest.mark.parametrize("status", sorted(set(AssessmentStatus) - {AssessmentStatus.DRAFTED}))
def test_only_a_draft_is_concluded_or_returned(status, draft, staff):
    in_status(draft, status, staff)

    with pytest.raises(Refused, match="已有结论或者已被退回"):
        conclude(draft, staff.second_assessor)
    with pytest.raises(Refused, match="已有结论或者已被退回"):
        actions.return_assessment(
            assessment=draft, reason="再看", by=staff.second_assessor, at=make.NOON
        )

    draft.refresh_from_db()
    assert draft.status == status


@pytest.mark.parametrize("status", sorted(set(AssessmentStatus) - {AssessmentStatus.CONCLUDED}))
def test_only_a_standing_conclusion_is_corrected(status, draft, staff):
    in_status(draft, status, staff)

    with pytest.raises(Refused, match="不是现行结论"):
        correct(draft, staff)


def test_return_assessment_makes_room_for_another_draft(draft, case, staff):
    in_status(draft, AssessmentStatus.RETURNED, staff)

    again = made.assessment(case, staff, AssessmentKind.DETOX, at=make.NOON)

    assert again.supersedes is None
    assert event_of(Event.Kind.ASSESSMENT_RETURNED).facts["assessment"] == str(draft.pk)
    assert Notice.objects.filter(clock=Event.Kind.ASSESSMENT_RETURNED).exists()


def test_correct_assessment(draft, case, staff):
    first = in_status(draft, AssessmentStatus.CONCLUDED, staff)
    made.moved(case, Stage.ADAPTATION, at=make.NOON)  # a correction does not ask for the stage

    correction = correct(first, staff)
    concluded = conclude(correction, staff.second_assessor)

    first.refresh_from_db()
    assert (first.status, first.result) == ("superseded", "pass")
    assert (concluded.supersedes, concluded.result) == (first, "fail")
    corrected = Event.objects.filter(kind=Event.Kind.ASSESSMENT_CONCLUDED).latest(
        "recorded_at", "id"
    )
    assert corrected.corrects.facts["assessment"] == str(first.pk)


def test_correct_assessment_says_why(draft, staff):
    in_status(draft, AssessmentStatus.CONCLUDED, staff)

    with pytest.raises(Refused, match="更正须写明原因"):
        correct(draft, staff, why=" ")

    assert Assessment.objects.count() == 1


def test_a_failed_assessment_may_be_made_again(case, staff, rules):
    record_detox(case, staff)
    failed = made.assessment(case, staff, AssessmentKind.DETOX, at=make.NOON, reasons="未达标")
    made.detox_conclusion(case, staff, at=make.NOON)

    passed = made.assessment(case, staff, AssessmentKind.DETOX, at=make.NOON)

    failed.refresh_from_db()
    assert (failed.status, passed.supersedes) == ("superseded", failed)
    with pytest.raises(Refused, match="已有合格的结论"):
        made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)


def test_an_assessment_of_somebody_without_a_unit_tells_no_zone(draft, case, staff):
    case.refresh_from_db()
    case.unit = None
    case.save(update_fields=["unit"])

    conclude(draft, staff.second_assessor)

    assert not Notice.objects.filter(clock=Event.Kind.ASSESSMENT_CONCLUDED).exists()


def test_the_one_year_deadline_is_met_by_its_conclusion(case, staff, rules):
    year = make.at(2027, 6, 2)
    made.moved(case, Stage.CONSOLIDATION, at=make.NOON)
    for one in (make.at(2027, 5, 31), year):
        made.social_form(case, staff, at=one)

    made.assessed(case, staff, AssessmentKind.ONE_YEAR, at=year)

    deadline = Deadline.objects.get(clock="centers.one_year")
    assert deadline.satisfied_at == year
