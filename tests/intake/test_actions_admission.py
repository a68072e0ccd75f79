import pytest

from intake.models import Admission
from intake.states import ArrivalStatus
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Deadline, Document, Event, Notice
from tests.factories import intake as door
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


def test_admit():
    facility = make.facility()
    arrival = door.arrival(facility)

    case = door.admit(arrival)

    arrival.refresh_from_db()
    assert arrival.status == ArrivalStatus.ADMITTED
    assert Admission.objects.get(case=case).arrival == arrival
    assert case.person.name == arrival.name
    assert case.zone.stage == "01"
    assert Document.objects.get(case=case).template == "admission_receipt"
    assert Event.objects.get(case=case).kind == Event.Kind.ADMITTED
    assert Deadline.objects.filter(case=case, clock__startswith="intake.").count() == 6
    assert set(Notice.objects.filter(kind="told").values_list("role", flat=True)) == {
        "clinician",
        "zone_officer",
    }
