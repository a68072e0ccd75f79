"""The door after two records were put together: number, name and an old page lead to the kept one."""

import pytest
from django.db import connection
from django.urls import reverse

from intake.selectors import identity
from intake.selectors.indexes import person_index
from rehab import scope
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.models import Case, Person
from rehab.refusal import Refused
from rehab.selectors import earlier_cases
from rehab.states import CaseStatus
from tests.factories import intake as door
from tests.factories import merging as same
from tests.factories import rehab as make
from tests.factories.merging import BORN, LATER, NUMBER

FORMER = "990100199003070035"


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def two(facility):
    """Two records put together, and both stays over; the absorbed one bears a number of its own."""
    two = same.two_records(facility, make.facility("T02"))
    same.merged(two)
    cases.close_case(case=Case.objects.get(pk=two.here.pk), to=CaseStatus.RELEASED, at=LATER)
    Person.objects.filter(pk=two.here.person_id).update(
        id_number=FORMER, id_index=cases.index_of(FORMER)
    )
    return two


@pytest.mark.parametrize("number", [NUMBER, FORMER], ids=["保留的号码", "并入的号码"])
def test_either_number_leads_to_the_kept(facility, two, number):
    arrival = door.arrival(facility, name="示例新名", birth_date=BORN, id_number=number)

    case = door.admit(arrival, at=LATER)

    assert case.person_id == two.elsewhere.person_id
    assert case.person.id_number == NUMBER


def test_page_opened_before_the_merge_links_to_the_kept(facility, two):
    arrival = door.arrival(facility, name="示例新名", birth_date=BORN)

    case = door.admit(arrival, at=LATER, known_person=two.here.person_id)

    assert case.person_id == two.elsewhere.person_id


def test_somebody_never_found_is_still_refused(facility, two):
    arrival = door.arrival(facility, name="示例无关", birth_date=BORN)

    with pytest.raises(Refused, match="不在比对结果中"):
        door.admit(arrival, at=LATER, known_person=two.here.person_id)


def known(*numbers):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_known(%s, %s)", [list(map(person_index, numbers)), []])
        return {index for _, index in cursor.fetchall()}


def test_roster_line_with_the_former_number_is_of_somebody_inside(facility, two):
    assert known(NUMBER, FORMER) == set()

    door.case(facility, at=LATER, name="示例新名", birth_date=BORN, id_number=NUMBER)

    assert known(NUMBER, FORMER) == {person_index(NUMBER), person_index(FORMER)}


def has_other(number, person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_has_other_number(%s, %s)", [person, person_index(number)])
        return cursor.fetchone()[0]


def test_former_number_is_no_other_number(two):
    kept = two.elsewhere.person_id

    assert not has_other(NUMBER, kept)
    assert not has_other(FORMER, kept)
    assert has_other("990100199003070051", kept)


def beside(user, **papers):
    wanted = {"id_number": None, "name": "示例某", "sex": "1", "birth_date": BORN} | papers
    found = earlier_cases(**wanted)
    return identity.side_by_side(found, door.papers(**wanted), user=user)


def test_comparison_leads_to_where_two_are_put_together(client, facility):
    """The match finds two, of whom one or both may be opened."""
    officer = make.officer("intake_officer", facility)
    first = same.finished(facility, name="示例某", birth_date=BORN)
    assert identity.known_twice(beside(officer)) is None
    elsewhere = same.finished(make.facility("T02"), name="示例某", birth_date=BORN)
    assert identity.known_twice(beside(officer)) == (first, None)
    stranger = make.officer("intake_officer", make.facility("T03"))
    assert identity.known_twice(beside(stranger)) is None

    arrival = door.arrival(facility, name="示例某", birth_date=BORN)
    client.force_login(officer)
    page = client.get(reverse("intake:arrival-admit", args=[arrival.pk])).content.decode()

    assert f'href="{reverse("rehab:merge-create", args=[first.number])}"' in page
    assert elsewhere.number not in page
    again = same.finished(
        facility, name="示例某", birth_date=BORN, entered_at=make.at(2026, 1, 1), days=9
    )
    page = client.get(reverse("intake:arrival-admit", args=[arrival.pk])).content.decode()
    url = reverse("rehab:merge-create", args=[again.number])
    other = reverse("rehab:merge-create", args=[first.number])
    assert f"{url}?with={first.number}" in page or f"{other}?with={again.number}" in page
