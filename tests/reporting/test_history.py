"""既往: the other stays of a person, each read as far as the scope shows it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab import clock, scope
from rehab.actions import cases
from rehab.models import MatchCall
from rehab.states import CaseStatus
from reporting.selectors import history
from tests.factories import intake as entering
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

LATER = make.NOON + timedelta(days=1)


@pytest.fixture
def first(noon):
    case = make.case(make.facility())
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)
    return case


def again(first, facility):
    return make.case(facility, known_person=first.person_id, entered_at=LATER + timedelta(days=9))


def stays(case, user):
    with scope.within(user.scope_at(clock.real_now())):
        return history.stays(case, user)


def test_own_facility_links_through(first):
    second = again(first, first.facility)
    officer = make.officer("intake_officer", first.facility)

    (past,) = stays(second, officer)

    assert past.case == first
    assert (past.entered_at, past.ended_at, past.status) == (make.NOON, LATER, "解除")


def test_elsewhere_is_told_only_that_it_was(first):
    second = again(first, make.facility("T02", province=make.bureau("另一省戒毒管理局")))
    officer = make.officer("intake_officer", second.facility)

    (past,) = stays(second, officer)

    assert past.case is None
    assert (past.facility, past.duty_phone) == ("示例所T01", "0000-0000000")
    assert MatchCall.objects.get(purpose="history").actor == str(officer.pk)


def test_other_unit_of_the_own_facility_is_told_only_that_it_was(first):
    second = again(first, first.facility)
    officer = make.officer("zone_officer", second.unit)
    first.unit = make.unit(first.facility, "04")
    first.save(update_fields=["unit"])

    (past,) = stays(second, officer)

    assert past.case is None


@pytest.mark.parametrize(
    ("role", "count"),
    [pytest.param("bureau_viewer", 1, id="本省"), pytest.param("ministry_viewer", 2, id="全国")],
)
def test_who_counts_people_is_told_of_his_own_reach_alone(role, count, first):
    home = first.facility.province
    cases.close_case(
        case=(
            elsewhere := again(
                first, make.facility("T02", province=make.bureau("另一省戒毒管理局"))
            )
        ),
        to=CaseStatus.RELEASED,
        at=LATER + timedelta(days=10),
    )
    third = make.case(
        first.facility, known_person=first.person_id, entered_at=LATER + timedelta(days=20)
    )
    user = make.officer(role, home.parent if role == "ministry_viewer" else home)

    found = stays(third, user)

    assert len(found) == count
    assert {past.case for past in found} <= {first, elsewhere}
    assert not MatchCall.objects.filter(purpose="history").exists()


def test_history_tab(first, signed_in):
    elsewhere = again(first, make.facility("T02"))
    cases.close_case(case=elsewhere, to=CaseStatus.RELEASED, at=LATER + timedelta(days=10))
    third = make.case(
        first.facility, known_person=first.person_id, entered_at=LATER + timedelta(days=20)
    )
    officer = make.officer("intake_officer", first.facility)

    shown = signed_in(officer).get(third.get_absolute_url(), {"tab": "history"}).content.decode()

    assert first.get_absolute_url() in shown
    assert "示例所T02" in shown
    assert "在该所，值班电话 0000-0000000" in shown
    assert elsewhere.number not in shown


def test_history_tab_of_a_first_stay(noon, signed_in):
    case = entering.case(make.facility())
    officer = make.officer("intake_officer", case.facility)

    shown = signed_in(officer).get(case.get_absolute_url(), {"tab": "history"}).content.decode()

    assert "没有其他强制隔离戒毒记录" in shown
    assert "次强制隔离戒毒" not in shown


def test_header_says_that_he_was_here_before(first, signed_in):
    paper = {"name": first.person.name, "birth_date": first.person.birth_date}
    arrival = entering.arrival(first.facility, at=LATER, **paper)
    second = entering.admit(arrival, at=LATER, known_person=first.person_id)
    officer = make.officer("intake_officer", first.facility)

    shown = signed_in(officer).get(second.get_absolute_url()).content.decode()

    assert "第 2 次强制隔离戒毒" in shown


def test_station_reads_no_history(walked, signed_in):
    worker = make.officer("aftercare_worker", walked.agreements.get().station)

    answer = signed_in(worker).get(
        reverse("reporting:case-detail", args=[walked.number]), {"tab": "history"}
    )

    assert answer.status_code == 302
    assert not MatchCall.objects.filter(purpose="history").exists()
