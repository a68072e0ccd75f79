"""What was typed is shown again; what leaves no choice is not asked."""

import pytest
from django.urls import reverse

from centers.models import ConductMonth
from centers.states import AssessmentKind
from rehab.clock import standing_at
from rehab.states import Stage
from tests.factories import centers as made
from tests.factories import rehab as make


@pytest.fixture
def answering(case, staff, rules, client):
    """Posts to a page of a case that lies in 教育适应区, at the end of its month."""
    made.detox_conclusion(case, staff, at=make.NOON)
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    client.force_login(make.officer("educator", case.facility))

    def post(page, typed):
        with standing_at(make.at(2026, 12, 30)):
            return client.post(reverse(f"centers:{page}", args=[case.number]), typed)

    return post


def test_what_was_typed_is_shown_again(answering):
    body = answering(
        "entry-education-create",
        {"started_on": "去年冬天", "ended_on": "2026-12-21", "hours": "很多", "result": "pass"},
    ).content.decode()

    for typed in ("去年冬天", "2026-12-21", "很多", "checked"):
        assert typed in body


def test_the_parts_that_leave_no_choice_are_not_asked(case, staff, rules, client):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    later = make.at(2026, 12, 22)
    made.records_for(case, staff, AssessmentKind.ADAPTATION, at=later)
    client.force_login(staff.assessor)
    url = reverse("centers:assessment-create", args=[case.number])

    with standing_at(later):
        page = client.get(url).content.decode()

    assert "part_medical" in page
    assert "part_screening" not in page
    assert not ConductMonth.objects.exists()
