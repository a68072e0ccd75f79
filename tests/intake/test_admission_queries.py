"""The whole request that admits somebody: the same few queries whoever else is there."""

import pytest
from django.urls import reverse

from rehab import scope
from rehab.clock import standing_at
from tests.factories import centers, zones
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.intake.test_views import typed


@pytest.mark.parametrize("count", [1, 20, 100])
def test_admission_takes_no_more_queries_with_more_people(
    db, client, django_assert_max_num_queries, count
):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility(beds=120)
        zones.set_rules()
        zones.needs_an_assessment(facility)
        centers.rules(facility.province, by=make.officer("bureau_approver", facility.province))
        officer, second = (make.officer("intake_officer", facility) for _ in range(2))
        arrivals = [door.arrival(facility, by=officer) for _ in range(count)]
        for arrival in arrivals[: count // 2]:
            door.admit(arrival, by=officer, second=second)
        sent = typed(arrivals[-1], officer)
        client.force_login(officer)

        with django_assert_max_num_queries(40):
            answer = client.post(reverse("intake:arrival-admit", args=[arrivals[-1].pk]), sent)

    assert answer.status_code == 302
