"""Query counts do not grow with rows: lists in eight, the case page in twelve."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rehab.states import Stage
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

LIST, DETAIL = 8, 12
LISTS = {
    "worklist-list": [],
    "case-list": [],
    "notice-list": [],
    "dashboard": [],
    "metric-detail": ["in-custody"],
}


def queries(ask, *request) -> int:
    """How many queries the whole request took, which succeeded."""
    with CaptureQueriesContext(connection) as captured:
        answer = ask(*request)
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize("people", [1, 20, 100])
def test_lists(people, signed_in):
    facility = make.facility(beds=people)
    for _ in range(people):
        make.case(facility)
    clients = {
        role: signed_in(make.officer(role, place))
        for role, place in (
            ("facility_leader", facility),
            ("intake_officer", facility),
            ("zone_officer", make.unit(facility, Stage.DETOX)),
            ("bureau_viewer", facility.province),
            ("ministry_viewer", facility.province.parent),
        )
    }

    taken = {
        (role, name): queries(client.get, reverse(f"reporting:{name}", args=args))
        for role, client in clients.items()
        for name, args in LISTS.items()
    }
    taken["facility_leader", "search"] = queries(
        clients["facility_leader"].post, reverse("reporting:search"), {"q": "示例"}
    )

    assert {page: count for page, count in taken.items() if count > LIST} == {}


TABS = ["events", "facts", "zones", "centers", "documents", "aftercare"]


@pytest.mark.parametrize("role", ["facility_leader", "zone_officer", "bureau_viewer"])
def test_case_detail(role, walked, signed_in):
    place = {
        "facility_leader": walked.facility,
        "zone_officer": walked.unit,
        "bureau_viewer": walked.facility.province,
    }[role]
    client = signed_in(make.officer(role, place))

    taken = {tab: queries(client.get, walked.get_absolute_url(), {"tab": tab}) for tab in TABS}

    assert {tab: count for tab, count in taken.items() if count > DETAIL} == {}
