import pytest

from aftercare.models import Release
from rehab.models import Event
from rehab.states import CaseStatus
from tests.factories import aftercare as out

pytestmark = pytest.mark.django_db


def test_release(case):
    release = out.release(case)

    case.refresh_from_db()
    assert case.status == CaseStatus.RELEASED
    assert release.certificate.number == "（示T01）强戒解证〔2028〕1号"
    assert Release.objects.get().case == case
    assert Event.objects.filter(case=case, kind=Event.Kind.RELEASED).count() == 1
