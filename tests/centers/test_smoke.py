import pytest
from rehab import scope
from rehab.clock import standing_at
from centers import selectors
from centers.states import AssessmentKind
from rehab.models import Deadline
from tests.factories import centers as made
from tests.factories import rehab as make
pytestmark = pytest.mark.django_db
def test_it(django_assert_max_num_queries):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        c = make.case(make.facility())
        staff = made.Staff(c.facility)
        made.rules(c.facility.province, by=staff.assessor)
        with django_assert_max_num_queries(40):
            a = made.assessed(c, staff, AssessmentKind.DETOX, at=make.NOON) if 0 else None
        a = made.assessed(c, staff, AssessmentKind.DETOX, at=make.NOON)
        assert selectors.passed([c], AssessmentKind.DETOX) == {c.pk}
        print(list(Deadline.objects.values_list("clock","cycle","due_at")))
