
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.models import Arrival, CompletionItem, Roster
from intake.states import ArrivalStatus
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Case, Document
from rehab.states import Sex, Stage
from tests.factories import intake as door
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def typed(arrival, by, **changed) -> dict:
    """The admission form as an officer fills it, all in order."""
    papers = door.arrivals.papers_of(arrival).as_json()
    second = make.officer("intake_officer", arrival.facility, sex=Sex(arrival.sex))
    bed = make.free_bed(make.unit(arrival.facility, Stage.DETOX), sex=Sex(arrival.sex))
    checks = dict.fromkeys(("has_decision", "is_the_person", "health_checked"), "on")
    return {
        **papers, **checks, "searched_by": by.pk, "searched_with": second.pk, "bed": bed.pk,
    } | changed  # fmt: skip


def test_arrival_list(desk, facility):
    arrival = door.arrival(facility)

    page = desk.get(reverse("intake:arrival-list"))

    assert page.status_code == 200
    assert arrival.name in page.content.decode()
    assert reverse("intake:arrival-admit", args=[arrival.pk]) in page.content.decode()


def test_arrival_admit(desk, facility, officer):
    arrival = door.arrival(facility)

    page = desk.get(reverse("intake:arrival-admit", args=[arrival.pk]))
    answer = desk.post(reverse("intake:arrival-admit", args=[arrival.pk]), typed(arrival, officer))

    assert page.status_code == 200
    case = Case.objects.get()
    assert answer.url == reverse("intake:completion-record", args=[case.number])
    assert desk.get(answer.url).status_code == 200


def test_arrival_detail(desk, facility):
    arrival = door.arrival(facility)

    page = desk.get(arrival.get_absolute_url())

    assert page.status_code == 200
    assert door.arrivals.papers_of(arrival).decision_number in page.content.decode()


def test_arrival_create(desk):
    url = reverse("intake:arrival-create")

    page = desk.get(url)
    answer = desk.post(url, {"name": "不详", "sex": "2"})

    assert page.status_code == 200
    arrival = Arrival.objects.get()
    assert answer.url == reverse("intake:arrival-admit", args=[arrival.pk])
    assert desk.get(answer.url).status_code == 200


def test_arrival_defer(desk, facility):
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-defer", args=[arrival.pk])

    page = desk.get(url)
    answer = desk.post(url, {"reason": "决定书原件未到"})

    arrival.refresh_from_db()
    assert page.status_code == 200
    assert answer.status_code == 302
    assert arrival.status == ArrivalStatus.DEFERRED
    assert "决定书原件未到" in desk.get(arrival.get_absolute_url()).content.decode()


def test_arrival_refuse(desk, facility):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value)
    url = reverse("intake:arrival-refuse", args=[arrival.pk])

    page = desk.get(url)
    answer = desk.post(url, {"grounds": ["pregnant"], "explanation": ""})

    arrival.refresh_from_db()
    assert page.status_code == 200
    assert answer.url == arrival.get_absolute_url()
    assert arrival.status == ArrivalStatus.REFUSED
    assert Document.objects.get().title in desk.get(answer.url).content.decode()


def test_roster_create_and_commit(desk, clean_roster):
    url = reverse("intake:roster-create")

    page = desk.get(url)
    file = SimpleUploadedFile("名册.xlsx", clean_roster)
    answer = desk.post(url, {"file": file, "as_of": "2026-11-21"})
    dry_run = desk.get(answer.url)
    roster = Roster.objects.get()
    done = desk.post(
        reverse("intake:roster-commit", args=[roster.pk]), {"answer_other_facility": "送错，已核实"}
    )

    assert page.status_code == dry_run.status_code == 200
    assert done.url == answer.url
    receipt = desk.get(done.url)
    roster.refresh_from_db()
    assert roster.receipt in receipt.content.decode()
    assert Arrival.objects.count() == roster.arrivals_made == 60
    assert desk.get(reverse("intake:roster-list")).status_code == 200


def test_completion_record(desk, facility):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])

    answer = desk.post(
        url, {"duty": "belongings", "belongings-done_at": "2026-11-21 12:00", "belongings-note": ""}
    )

    assert answer.url == url
    assert CompletionItem.objects.get().duty == "belongings"
