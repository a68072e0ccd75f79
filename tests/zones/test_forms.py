"""Whatever is sent: no page breaks, a refusal is 422, and what was typed is shown again."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rehab.states import Stage
from tests.factories import zones as zones_make

ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "0", "-1", "on", "2026-02-30", "\x00", "<b>", "99" * 40, "T01-2026-0001"]),
    st.uuids().map(str),
)
FIELDS = ["cases", "moves", "to_unit", "seen", "bed", "reason", "approval", "stage", "days"]
SENT = st.dictionaries(st.sampled_from(FIELDS), st.lists(ODD, max_size=3), max_size=len(FIELDS))
SEVERAL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def pages(case, facility, crew, client):
    """Who sends which form; the person of `case` is on his way, another waits for approval."""
    zones_make.in_transit(case, crew)
    waiting = zones_make.proposed(zones_make.ready(facility), crew)
    officer, receiver = crew.officer(Stage.DETOX), crew.officer(Stage.ADAPTATION)
    return [
        (officer, reverse("zones:move-create")),
        (officer, reverse("zones:proposal-create", args=[case.number])),
        (crew.leader(Stage.DETOX), reverse("zones:approval-create")),
        (crew.leader(Stage.DETOX), reverse("zones:move-approve", args=[waiting.pk])),
        (receiver, reverse("zones:receipt-create")),
    ]


@SEVERAL
@given(sent=SENT, at=st.integers(0, 4))
def test_odd_input_is_refused_in_a_sentence(sent, at, pages, client):
    user, url = pages[at]
    client.force_login(user)

    answer = client.post(url, sent)

    assert answer.status_code == 422
    assert "form-errors" in answer.content.decode()


@SEVERAL
@given(query=SENT)
def test_odd_filters_show_the_board(query, pages, client):
    client.force_login(pages[0][0])

    assert client.get("/zones/moves/", query).status_code == 200


def test_a_refused_reason_is_shown_again(case, crew, client):
    move = zones_make.in_transit(case, crew)
    client.force_login(crew.leader(Stage.DETOX))
    typed = "床" * 201

    answer = client.post(reverse("zones:move-return", args=[move.pk]), {"reason": typed})

    assert answer.status_code == 422
    assert "“退回理由”最多 200 个字，现有 201 个" in answer.content.decode()
    assert typed in answer.content.decode()
