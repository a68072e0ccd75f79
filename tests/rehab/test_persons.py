"""更正信息: written anew with a reason, what was and what is kept; and the other stays of a person."""

from datetime import date, timedelta

import pytest

from rehab import clock, scope
from rehab.actions import access, cases, persons, placements
from rehab.ledgers import changes
from rehab.ledgers.changes import Change
from rehab.models import Case, Event, MatchCall, Person
from rehab.refusal import Refused
from rehab.selectors import persons as selectors
from rehab.states import CaseStatus, Sex, Stage
from tests.factories import intake as door
from tests.factories import rehab as make

NUMBER = "990100199003070019"
BORN = date(1990, 3, 7)
LATER = make.NOON + timedelta(days=1)


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def correct(case, officer, *, reason=" 核对户口簿 ", bed=None, **corrected):
    return persons.correct_particulars(
        case=case, corrected=corrected, reason=reason, bed=bed, by=officer, at=LATER
    )


def corrected_event(case):
    return case.events.get(kind=Event.Kind.CORRECTED)


def test_correct_particulars(case, officer):
    was = case.person.name

    done = correct(case, officer, name="示例新名", id_number=NUMBER, birth_date=BORN)

    person = Person.objects.get(pk=case.person_id)
    assert done.person == person
    assert (person.name, person.name_initials, person.id_number) == ("示例新名", "slxm", NUMBER)
    assert person.id_index == cases.index_of(NUMBER)
    event = corrected_event(case)
    assert event.facts == {"changes": {"name": [], "birth_date": [], "id_number": []}}
    assert event.words["why"] == "核对户口簿"
    assert set(changes.told(event)) == {
        Change("name", was, "示例新名", spoken=True),
        Change("birth_date", "1990-01-01", "1990-03-07", spoken=True),
        Change("id_number", None, NUMBER, spoken=True),
    }


def test_words_of_a_change_stand_in_no_open_column(case, officer):
    correct(case, officer, name="示例新名")

    assert "示例新名" not in str(corrected_event(case).facts)


def test_correct_precautions_and_what_is_sealed(case, officer):
    correct(case, officer, precautions="防自伤", household="示例省示例市", ethnicity="回族")
    case.refresh_from_db()
    correct(case, officer, precautions="", ethnicity="汉族")
    case.refresh_from_db()

    assert case.precautions is None
    first, second = case.events.filter(kind=Event.Kind.CORRECTED).order_by("recorded_at")
    assert Change("precautions", None, "防自伤", spoken=True) in changes.told(first)
    assert Change("precautions", "防自伤", None, spoken=True) in changes.told(second)
    lines = access.open_sealed(
        case=case, field="changes", purpose="核对身份", by=officer, at=LATER, really_at=LATER
    )
    assert lines == (("2026-11-22 户籍所在地", "未登记 → 示例省示例市"),)


@pytest.mark.parametrize(
    ("corrected", "said"),
    [
        pytest.param({"ethnicity": ""}, "没有改动", id="无改动"),
        pytest.param({"name": ""}, "“姓名”不能为空", id="无姓名"),
        pytest.param({"reason": " ", "name": "示例新名"}, "“更正理由”", id="无理由"),
        pytest.param({"id_number": NUMBER}, "号码中为 1990-03-07", id="号码不符"),
    ],
)
def test_correct_particulars_refused_leaves_no_trace(corrected, said, case, officer):
    before = persons.particulars(case.person)

    with pytest.raises(Refused, match=said):
        correct(case, officer, **corrected)

    assert persons.particulars(Person.objects.get(pk=case.person_id)) == before
    assert not case.events.filter(kind=Event.Kind.CORRECTED).exists()


def test_number_of_somebody_else_is_refused(case, officer):
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    facts = make.person_facts(name="示例某", id_number=NUMBER, birth_date=BORN)
    make.case(elsewhere, person=facts)

    with (
        scope.within(officer.scope_at(clock.real_now())),
        pytest.raises(Refused, match=r"示例所T02收治过的 示\*\* 名下.*0000-0000000"),
    ):
        correct(case, officer, id_number=NUMBER, birth_date=BORN)


def test_number_that_was_wrong_is_taken_away(facility, officer):
    case = make.case(facility, person=make.person_facts(id_number=NUMBER, birth_date=BORN))

    correct(case, officer, id_number=None)

    person = Person.objects.get(pk=case.person_id)
    assert (person.id_number, person.id_index) == (None, None)


@pytest.mark.parametrize(
    ("finished", "said"),
    [
        pytest.param(False, "现在示例所T02收治", id="在另一所"),
        pytest.param(True, "此后又在示例所T02收治", id="此后在另一所"),
    ],
)
def test_facility_of_the_newest_stay_corrects(finished, said, case, officer):
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    again = make.case(elsewhere, known_person=case.person_id, entered_at=LATER + timedelta(days=9))
    if finished:
        cases.close_case(case=again, to=CaseStatus.RELEASED, at=LATER + timedelta(days=10))

    with (
        scope.within(officer.scope_at(clock.real_now())),
        pytest.raises(Refused, match=said),
    ):
        correct(case, officer, name="示例新名")


# Where he lies


def test_sex_that_no_longer_fits_the_room_wants_another_bed(case, officer):
    with pytest.raises(Refused, match=r"男性房间.*请选“改住床位”"):
        correct(case, officer, sex=Sex.FEMALE)


def test_sex_is_corrected_with_the_bed(case, officer):
    bed = make.free_bed(case.unit, sex=Sex.FEMALE)

    correct(case, officer, sex=Sex.FEMALE, bed=bed)

    assert selectors.placed(case) == {False: bed}
    told = {one.field: (one.was, one.now) for one in changes.told(corrected_event(case))}
    assert told["sex"] == (Sex.MALE, Sex.FEMALE)
    assert told["bed"][1] == str(bed.pk)


@pytest.mark.parametrize(
    ("stage", "sex", "said"),
    [
        pytest.param(Stage.ADAPTATION, Sex.FEMALE, "不在现在的区", id="别的区"),
        pytest.param(Stage.DETOX, Sex.MALE, "男性房间", id="仍不合适"),
    ],
)
def test_bed_that_does_not_do(stage, sex, said, case, officer):
    bed = make.free_bed(make.unit(case.facility, stage), sex=sex)

    with pytest.raises(Refused, match=said):
        correct(case, officer, sex=Sex.FEMALE, bed=bed)

    assert Person.objects.get(pk=case.person_id).sex == Sex.MALE


def test_bed_is_not_changed_for_nothing(case, officer):
    with pytest.raises(Refused, match="不必另选床位"):
        correct(case, officer, name="示例新名", bed=make.free_bed(case.unit))


def test_who_is_on_the_way_to_a_bed_is_first_taken_back(case, officer):
    placements.hold(
        case=case, bed=make.free_bed(make.unit(case.facility, Stage.ADAPTATION)), at=make.NOON
    )

    with pytest.raises(Refused, match="请先撤回或者退回转区"):
        correct(case, officer, sex=Sex.FEMALE, bed=make.free_bed(case.unit, sex=Sex.FEMALE))


def test_who_lies_nowhere_needs_no_bed(case, officer):
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)

    correct(case, officer, sex=Sex.FEMALE)

    assert Person.objects.get(pk=case.person_id).sex == Sex.FEMALE


def test_beds_offered_are_free_and_of_the_zone(case):
    offered = list(selectors.other_beds(case))

    assert {bed.room.unit for bed in offered} == {case.unit}
    assert selectors.placed(case)[False] not in offered


# Other stays


def test_other_stays_tell_only_that_they_were(case, officer):
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    again = make.case(elsewhere, known_person=case.person_id, entered_at=LATER + timedelta(days=9))
    there = make.officer("intake_officer", elsewhere)

    with scope.within(there.scope_at(clock.real_now())):
        (stay,) = selectors.other_stays(again)
        (call,) = MatchCall.objects.values_list("actor", "purpose", "asked", "found")
        unseen = not Case.objects.filter(pk=case.pk).exists()

    assert unseen
    assert (stay.case, stay.facility, stay.status_label) == (case.pk, "示例所T01", "解除")
    assert (stay.is_open, stay.entered_at, stay.ended_at) == (False, make.NOON, LATER)
    assert call == (str(there.pk), "history", 1, 1)


def test_other_stays_of_a_case_out_of_sight_are_not_told(case):
    elsewhere = make.facility("T02")
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)
    make.case(elsewhere, known_person=case.person_id, entered_at=LATER + timedelta(days=9))
    stranger = make.officer("intake_officer", make.facility("T03"))

    with scope.within(stranger.scope_at(clock.real_now())):
        assert selectors.other_stays(case) == []


# What other acts keep of what they changed


def test_admission_of_one_known_before_keeps_what_the_papers_add(facility):
    first = door.case(facility)
    cases.close_case(case=first, to=CaseStatus.RELEASED, at=LATER)
    paper = {"name": first.person.name, "birth_date": first.person.birth_date}

    again = door.admit(
        door.arrival(facility, at=LATER, education="大专", **paper),
        at=LATER,
        known_person=first.person_id,
    )

    told = {one.field: one for one in changes.told(again.events.get(kind=Event.Kind.ADMITTED))}
    assert told["status"] == Change("status", None, "in_facility")
    assert told["bed"].now == str(selectors.placed(again)[False].pk)
    assert told["education"] == Change("education", None, "大专", spoken=True)
    assert "name" not in told


def test_leave_keeps_status_and_bed(case):
    leader = make.officer("facility_leader", case.facility)
    bed = str(selectors.placed(case)[False].pk)

    cases.grant_medical_leave(case=case, approval="示批 1 号", by=leader, at=LATER)
    back = make.free_bed(case.unit)
    cases.end_medical_leave(case=case, bed=back, by=leader, at=LATER + timedelta(days=1))

    left, returned = (
        {one.field: (one.was, one.now) for one in changes.told(case.events.get(kind=kind))}
        for kind in (Event.Kind.LEAVE_GRANTED, Event.Kind.LEAVE_ENDED)
    )
    assert left == {"status": ("in_facility", "medical_leave"), "bed": (bed, None)}
    assert returned == {"status": ("medical_leave", "in_facility"), "bed": (None, str(back.pk))}
