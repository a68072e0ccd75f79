"""Matching across the nation: what it tells, to whom, and that it is written down."""

from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from rehab import clock, scope, selectors
from rehab.actions import cases
from rehab.models import Case, Event, MatchCall, Person
from rehab.refusal import Refused
from rehab.states import CaseStatus
from tests.factories import rehab as make

NUMBER = "11010119900307001X"
BORN = make.at(1990, 3, 7).date()


@pytest.fixture
def known(facility):
    """Somebody with an open case in another province."""
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    facts = make.person_facts(name="示例某", id_number=NUMBER, birth_date=BORN)
    return make.case(elsewhere, person=facts)


@pytest.fixture
def officer(facility):
    user = make.officer("intake_officer", facility)
    with scope.within(user.scope_at(clock.real_now())):
        yield user


def find(**changed):
    wanted = {"id_number": None, "name": "不相干", "sex": "1", "birth_date": None}
    return selectors.earlier_cases(**wanted | changed)


def test_match_by_number_tells_little(known, officer):
    (found,) = find(id_number=NUMBER)

    assert not Case.objects.filter(pk=known.pk).exists()
    assert (found.masked_name, found.by_number, found.facility) == ("示**", True, "示例所T02")
    assert (found.is_open, found.status_label, found.duty_phone) == (True, "在所", "0000-0000000")
    assert found.person == known.person_id


def test_match_by_name_and_birth(known, officer):
    (found,) = find(name="示例某", birth_date=BORN)

    assert not found.by_number


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"id_number": NUMBER, "name": "示例某", "birth_date": BORN}, (True, True, True, True)),
        ({"id_number": NUMBER, "sex": "2"}, (False, False, None, True)),
        ({"name": "示例某", "birth_date": BORN}, (True, True, True, None)),
        (
            {"id_number": NUMBER[:-1] + "1", "name": "示例某", "birth_date": BORN},
            (True, True, True, False),
        ),
    ],
    ids=["全部一致", "只有号码一致", "没有号码", "号码不同"],
)
def test_match_says_field_by_field_what_agrees(known, officer, asked, told):
    (found,) = find(**asked)

    assert (found.same_name, found.same_sex, found.same_birth, found.same_number) == told


@pytest.mark.parametrize("changed", [{"name": "示例某"}, {"birth_date": BORN}, {}])
def test_match_needs_both_name_and_birth(known, officer, changed):
    assert find(**changed) == []


def test_every_call_is_recorded(known, officer):
    find(id_number=NUMBER)
    find()

    calls = MatchCall.objects.values_list("actor", "purpose", "by_number", "asked", "found")
    who = str(officer.pk)
    assert sorted(calls) == [(who, "person", False, 1, 0), (who, "person", True, 1, 1)]


def test_a_yes_or_no_is_recorded(known, officer):
    selectors.decision_known("示公〔2026〕1号")

    call = MatchCall.objects.get()
    assert (call.actor, call.purpose, call.asked, call.found) == (
        str(officer.pk), "decision", 1, 0,
    )  # fmt: skip
    assert call.at == connection_moment()


def connection_moment():
    """The database's own moment, which no caller chooses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


QUESTIONS = {
    "rehab_match_person": [None, "示例某", BORN, "1"],
    "rehab_knows_decision": ["0" * 64],
    "intake_known": [["0" * 64], ["1" * 64]],
    "intake_has_other_number": [UUID(int=0), "0" * 64],
}
KEPT_BY_HAND = "SELECT rehab_keep_match('person', true, 1, 1)"


def ask(name):
    arguments = {"rehab_match_person": "%s, %s, %s, %s", "rehab_knows_decision": "%s"}.get(
        name, "%s, %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}({arguments})", QUESTIONS[name])


@pytest.mark.parametrize("name", QUESTIONS)
def test_without_a_scope_nothing_is_answered(known, name):
    with (
        scope.within(scope.NOBODY),
        pytest.raises(ProgrammingError, match="needs a scope"),
        transaction.atomic(),
    ):
        ask(name)

    assert not MatchCall.objects.exists()


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_leaves_one_record(known, officer, name):
    ask(name)

    assert MatchCall.objects.get().actor == str(officer.pk)


def functions():
    """(name, runs as its owner, settings, open to everybody, open to us) of each function of the owner's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, proconfig, has_function_privilege('public', oid, 'EXECUTE'),"
            " has_function_privilege(oid, 'EXECUTE') FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND proowner = 'rehab_owner'::regrole"
        )
        return cursor.fetchall()


def test_functions_are_open_to_the_web_role_alone(db):
    assert {name for name, *_ in functions()} >= QUESTIONS.keys()
    assert {name for name, _, _, everybody, _ in functions() if everybody} == set()
    assert {name for name, *_, ours in functions() if not ours} == set()


def test_functions_that_run_as_their_owner_look_in_one_place(db):
    theirs = {name: settings for name, as_owner, settings, _, _ in functions() if as_owner}

    assert theirs.keys() > QUESTIONS.keys()
    assert {tuple(settings or ()) for settings in theirs.values()} == {
        ("search_path=public, pg_temp",)
    }


@pytest.mark.parametrize("statement", ["DELETE FROM rehab_matchcall", KEPT_BY_HAND])
def test_the_record_of_calls_cannot_be_forged(officer, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


def test_decision_known(known, officer):
    number = "示公〔2026〕1号"
    with scope.within(make.EVERYTHING):
        make.case(known.facility, decision=make.decision_facts(number=number))

    assert selectors.decision_known(number)
    assert not selectors.decision_known("示公〔2026〕2号")


def test_linking_gives_no_sight_of_the_old_file(known, officer, facility):
    with scope.within(make.EVERYTHING):
        cases.close_case(case=known, to=CaseStatus.RELEASED, at=make.at(2026, 11, 20))

    again = make.case(
        facility,
        person=make.person_facts(name="示例某", id_number=NUMBER, address="新址"),
        known_person=known.person_id,
    )

    assert list(Case.objects.all()) == [again]
    person = Person.objects.get()
    assert (person.pk, person.id_number, person.address) == (known.person_id, NUMBER, "新址")


def test_case_edges(known, facility):
    assert cases.edge_obstacles(known, CaseStatus.RELEASED) == ()
    (obstacle,) = cases.edge_obstacles(known, CaseStatus.IN_FACILITY)
    assert "在所" in str(obstacle)


def test_close_case_wants_a_final_status(known):
    with pytest.raises(ValueError, match="does not end"):
        cases.close_case(case=known, to=CaseStatus.ESCAPED, at=make.NOON)


def test_medical_leave_and_back(case, facility):
    leader = make.officer("facility_leader", facility)
    bed = case.placements.get().bed

    away = cases.grant_medical_leave(case=case, approval="示批〔2026〕1号", by=leader, at=make.NOON)
    assert away.status == CaseStatus.MEDICAL_LEAVE
    assert not case.placements.filter(period__endswith__isnull=True).exists()
    back = cases.end_medical_leave(case=case, bed=bed, by=leader, at=make.at(2026, 11, 23))

    assert back.status == CaseStatus.IN_FACILITY
    assert back.ends_on == case.ends_on
    granted = Event.objects.get(case=case, kind="leave_granted")
    assert granted.words == {"approval": "示批〔2026〕1号"}
    assert {"leave_granted", "leave_ended"} <= set(
        Event.objects.filter(case=case).values_list("kind", flat=True)
    )


def test_medical_leave_wants_its_approval(case, facility):
    leader = make.officer("facility_leader", facility)

    with pytest.raises(Refused, match="批准文号"):
        cases.grant_medical_leave(case=case, approval=" ", by=leader, at=make.NOON)

    assert not Event.objects.filter(case=case, kind="leave_granted").exists()


def test_end_medical_leave_of_one_who_is_in(case, facility):
    leader = make.officer("facility_leader", facility)

    with pytest.raises(Refused, match="在所"):
        cases.end_medical_leave(case=case, bed=make.free_bed(case.unit), by=leader, at=make.NOON)
