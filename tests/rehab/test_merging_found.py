"""合并人员: nobody finds an absorbed record as a person of his own, and nobody sees more for it."""

import pytest
from django.db import IntegrityError, connection, transaction

from rehab import scope, selectors
from rehab.actions import cases
from rehab.models import Case, MatchCall, Person, PersonMerge
from rehab.selectors import merging as facts
from reporting.selectors import search
from tests.factories import rehab as make
from tests.factories.merging import (
    BORN,
    NUMBER,
    as_seen_by,
    merged,
    propose,
    undo,
)


def find(**changed):
    wanted = {"id_number": None, "name": "不相干", "sex": "1", "birth_date": None}
    return selectors.earlier_cases(**wanted | changed)


def test_match_by_the_absorbed_name_leads_to_the_kept(two):
    merged(two, chosen=[])

    found = find(name="示例新名", birth_date=BORN)

    assert {one.person for one in found} == {two.elsewhere.person_id}
    assert len(found) == 2
    assert all(one.same_name for one in found)
    assert [*found[0].formerly] == [two.here.person_id]


def test_match_that_finds_both_rows_tells_each_stay_once(two):
    merged(two)

    assert len(find(id_number=NUMBER, name="示例新名", birth_date=BORN)) == 2


def test_undone_match_finds_two_again(two):
    undo(merged(two), two.leader)

    assert {one.person for one in find(name="示例新名", birth_date=BORN)} == {two.here.person_id}


def test_absorbed_row_is_seen_by_whoever_sees_the_kept_alone(two, facility, elsewhere):
    merged(two)
    stranger = make.officer("intake_officer", make.facility("T03"))

    for user, seen in (
        (two.proposer, 2),
        (make.officer("intake_officer", elsewhere), 2),
        (stranger, 0),
    ):
        with as_seen_by(user):
            assert Person.objects.count() == seen


def test_merge_is_fenced_by_its_facility(two, elsewhere):
    merge = propose(two)
    other = make.officer("intake_officer", elsewhere)

    with as_seen_by(two.proposer):
        assert PersonMerge.objects.visible_to(two.proposer).get() == merge
    with as_seen_by(other):
        assert not PersonMerge.objects.exists()
    with scope.within(scope.NOBODY):
        assert not PersonMerge.objects.exists()
    assert not PersonMerge.objects.visible_to(other).exists()


@pytest.mark.parametrize("words", ["示例旧名", "示例新名", "旧", "slxm", "shilijiuming", NUMBER])
def test_search_by_either_name_finds_both_files(two, words):
    merged(two, chosen=[])

    for user, file in (
        (two.proposer, two.here),
        (make.officer("intake_officer", two.elsewhere.facility), two.elsewhere),
    ):
        with as_seen_by(user):
            assert list(search.found(user, words)) == [file]


def test_search_by_the_former_number_finds_who_has_another_now(two):
    merged(two)
    Person.objects.filter(pk=two.here.person_id).update(
        id_number="1", id_index=cases.index_of("990100199003070027")
    )

    with as_seen_by(two.proposer):
        assert list(search.found(two.proposer, "990100199003070027")) == [two.here]


def test_search_after_the_undoing_finds_each_by_his_own(two):
    undo(merged(two, chosen=[]), two.leader)

    with as_seen_by(two.proposer):
        assert list(search.found(two.proposer, "示例旧名")) == []
        assert list(search.found(two.proposer, "示例新名")) == [two.here]
        assert list(search.found(two.proposer, two.here.number)) == [two.here]


def at_the_end_of(write):
    """What the database says of a transaction that wrote this."""
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_database_gives_an_absorbed_record_no_case(two):
    merged(two)
    of_absorbed = Case.objects.filter(pk=two.here.pk)

    with pytest.raises(IntegrityError, match="belongs to a record that was"), transaction.atomic():
        at_the_end_of(lambda: of_absorbed.update(person=two.here.person_id))
    at_the_end_of(lambda: of_absorbed.update(person=two.elsewhere.person_id))


def test_database_lets_nobody_with_cases_be_absorbed(two):
    him = Person.objects.filter(pk=two.here.person_id)
    at_the_end_of(lambda: None)  # nothing of what came before is still to be judged

    with pytest.raises(IntegrityError, match="merged record keeps no case"), transaction.atomic():
        at_the_end_of(lambda: him.update(merged_into=two.elsewhere.person_id))


def test_naming_somebody_is_recorded_and_tells_where(two):
    with as_seen_by(two.proposer):
        by_case = facts.known(two.here.person_id, words=f" {two.elsewhere.number.lower()} ")
        by_number = facts.known(two.here.person_id, words=NUMBER)
        nobody = facts.known(two.here.person_id, words="T99-2026-0001")

    assert by_case.named == by_number.named == two.elsewhere.person_id
    assert nobody.named is None
    assert by_case.facilities == {two.here.facility_id, two.elsewhere.facility_id}
    calls = MatchCall.objects.filter(actor=str(two.proposer.pk), purpose="merge")
    assert sorted(calls.values_list("by_number", "found")) == [(False, 1), (False, 2), (True, 2)]
