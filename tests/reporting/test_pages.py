"""Every page of the roof, for every kind of post."""

import pytest
from django.urls import reverse

from rehab.roles import STARTING_ROLES
from rehab.states import Reach, Stage
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

PAGES = ("worklist-list", "notice-list", "case-list", "dashboard")


def posted(role, facility):
    """An officer of a role, in the place where that role is held."""
    place = {
        Reach.NONE: facility.province,
        Reach.UNIT: make.unit(facility, Stage.DETOX),
        Reach.FACILITY: facility,
        Reach.STATION: None,
        Reach.PROVINCE: facility.province,
        Reach.NATION: facility.province.parent,
    }[role.reach]
    return make.officer(role.code, place or make.station())


@pytest.mark.parametrize("role", STARTING_ROLES, ids=lambda role: role.code)
@pytest.mark.parametrize("name", PAGES)
def test_page(name, role, signed_in):
    facility = make.facility()
    make.case(facility)
    user = posted(role, facility)

    answer = signed_in(user).get(reverse(f"reporting:{name}"))

    needs = {"case-list": "case.view", "dashboard": "dashboard.view"}.get(name)
    assert answer.status_code == (200 if needs is None or user.may(needs) else 403)


@pytest.mark.parametrize(
    "tab", ["events", "facts", "zones", "outings", "centers", "documents", "aftercare"]
)
def test_case_detail(tab, signed_in):
    facility = make.facility()
    case = make.case(facility)

    answer = signed_in(make.officer("intake_officer", facility)).get(
        case.get_absolute_url(), {"tab": tab}
    )

    assert answer.status_code == 200
    assert case.person.name in answer.content.decode()
