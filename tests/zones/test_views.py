import pytest
from django.urls import reverse

from rehab.models import Case
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones.models import ZoneMove
from zones.states import MoveStatus

LIST = "/zones/moves/"


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def test_move_list(as_user, case, crew):
    page = as_user(crew.officer(Stage.DETOX)).get(LIST)

    assert page.status_code == 200
    assert case.person.name in page.content.decode()
    assert "转区条件已具备" in page.content.decode()
    assert f'value="{case.number}"' in page.content.decode()


def test_move_list_of_another_facility_shows_nobody(as_user, case):
    other = make.facility("T02")
    officer = make.officer("zone_officer", make.unit(other, Stage.DETOX))

    page = as_user(officer).get(LIST)

    assert case.number not in page.content.decode()


def test_move_list_is_closed_to_stations(as_user, facility):
    worker = make.officer("aftercare_worker", make.station())

    assert as_user(worker).get(LIST).status_code == 403


@pytest.mark.parametrize("people", [1, 20, 100])
@pytest.mark.parametrize("role", ["zone_officer", "zone_leader", "facility_leader"])
def test_move_list_queries_do_not_grow(
    role, people, as_user, at_noon, db, django_assert_max_num_queries
):
    facility = make.facility(beds=100)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    everybody = [zones_make.ready(facility) for _ in range(people)]
    for case in everybody[: people // 10]:
        zones_make.proposed(case, crew)
    user = {
        "zone_officer": crew.officer(Stage.DETOX),
        "zone_leader": crew.leader(Stage.DETOX),
    }.get(role) or make.officer(role, facility)
    client = as_user(user)

    with django_assert_max_num_queries(8):
        page = client.get(LIST)

    assert page.status_code == 200
