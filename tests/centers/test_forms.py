"""Any form with any values: no failure, 422, one Chinese sentence that names the field, nothing lost."""

import re

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from centers.models import ConductMonth
from centers.states import AssessmentKind
from rehab.clock import standing_at
from rehab.states import Stage
from tests.factories import centers as made
from tests.factories import rehab as make

PAGES = {
    "drug-test-create": ("clinician", "tested_at", "sample", "result", "second", "note"),
    "detox-create": ("clinician", "test_negative", "mind_stable", "mind_stable_note"),
    "entry-education-create": ("educator", "started_on", "ended_on", "hours", "result"),
    "screening-create": ("counsellor", "item_1", "item_9"),
    "fitness-test-create": (
        "trainer", "tested_on", "cleared", "height_cm", "weight_kg", "vital_capacity_ml",
        "grip_kg", "sit_and_reach_cm", "steps_two_minutes", "result",
    ),
    "conduct-create": ("zone_officer", "2026-12-01"),
    "conduct-confirm": ("zone_leader", "months"),
    "social-create": ("zone_officer", "agreement", "note"),
    "assessment-create": ("assessor", "part_medical", "reasons"),
}  # fmt: skip
ODD = some.one_of(
    some.text(max_size=40),
    some.sampled_from(
        ["", "0", "-1", "1e9", "NaN", "9" * 30, "2026-13-40", "二〇二六年", "pass", "yes", "\x00"]
    ),
    some.integers().map(str),
    some.dates().map(str),
)


@pytest.mark.parametrize("page", PAGES)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=some.data())
def test_any_values(page, data, answering):
    typed = data.draw(some.fixed_dictionaries({name: ODD for name in PAGES[page][1:]}))

    answer = answering(page, typed)

    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        body = answer.content.decode()
        errors = re.search(r'class="form-errors".*?</ul>', body, re.DOTALL)
        assert errors, body
        assert re.search(r"[一-鿿]{2}", errors[0])


@pytest.fixture
def answering(case, staff, rules, client):
    """Posts to a page of a case that lies in 教育适应区, at the end of its month."""
    made.detox_conclusion(case, staff, at=make.NOON)
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    people = {}

    def officer(role):
        if role not in people:
            place = case.unit if role.startswith("zone") else case.facility
            people[role] = make.officer(role, place)
        return people[role]

    def post(page, typed):
        client.force_login(officer(PAGES[page][0]))
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
