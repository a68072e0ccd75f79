"""The board in an officer's hands: the rest of a lane, ticks that outlive the session, and other posts asked."""

import re

import pytest
from django.urls import reverse

from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.harness.forms import drafts_of, fields_on, keys_on
from zones.models import ZoneMove
from zones.selectors.slips import SLIPS_PER_LANE

BOARD = reverse("zones:move-list")
SEND = reverse("zones:move-create")


@pytest.fixture
def officer(client, crew):
    officer = crew.officer(Stage.DETOX)
    client.force_login(officer)
    return officer


def proposal_key(page):
    """The key of the form with the ticks: the one that keeps a draft."""
    (place,) = re.findall(r'name="form_key" value="([^"]+)" data-draft-url', page.content.decode())
    return place


def ticked(page):
    return set(fields_on(page.content.decode()).sent["cases"])


def test_the_rest_of_a_lane_is_one_link_away(client, at_noon, db):
    facility = make.facility(beds=60)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    everybody = {zones_make.ready(facility).number for _ in range(SLIPS_PER_LANE + 1)}
    client.force_login(crew.officer(Stage.DETOX))

    page = client.get(BOARD, {"days": "30"})
    (link,) = re.findall(r'href="([^"]*)#lane-01">再显示 1 人', page.content.decode())
    whole = client.get(link.replace("&amp;", "&"))

    assert len(fields_on(page.content.decode()).offered["cases"]) == SLIPS_PER_LANE
    assert fields_on(whole.content.decode()).offered["cases"] == everybody
    assert whole.context["days"] == 30
    assert "再显示" not in whole.content.decode()
    assert f"列出的可提请 {len(everybody)} 人全选" in whole.content.decode()


@pytest.mark.parametrize("shown", ["0", "-1", "abc", "999999"])
def test_an_odd_length_shows_what_is_shown_at_first(shown, client, case, officer):
    page = client.get(BOARD, {"shown": shown})

    assert page.status_code == 200
    assert page.context["board"].lanes[0].slips


def test_a_refused_board_stands_as_it_was_looked_at(client, case, officer):
    query = "?stage=01&days=30"
    page = client.get(BOARD + query).content.decode()
    assert f'action="{SEND}{query.replace("&", "&amp;")}"' in page

    refused = client.post(SEND + query, {})

    assert refused.status_code == 422
    assert (refused.context["days"], len(refused.context["board"].lanes)) == (30, 1)
    assert client.get(SEND + query).url == BOARD + query  # its filters are sent there
    assert client.get(SEND).url == BOARD


def test_ticks_outlive_the_session(client, case, crew, officer):
    to_unit = str(crew.unit(Stage.ADAPTATION).pk)
    body = {"cases": [case.number], "to_unit": to_unit}
    page = client.get(BOARD)
    assert ticked(page) == set()
    client.logout()

    sent_away = client.post(SEND, {**body, "form_key": proposal_key(page)})

    assert sent_away.status_code == 302
    assert not ZoneMove.objects.exists()
    assert drafts_of(officer) == [{"cases": [case.number], "to_unit": [to_unit]}]
    client.force_login(officer)
    for query in ("", "?days=30"):
        again = client.get(BOARD + query)
        assert ticked(again) == {case.number}
        assert "的草稿" in again.content.decode()
    client.post(SEND, {**body, "form_key": proposal_key(again)})
    assert ZoneMove.objects.get().case == case
    assert drafts_of(officer) == []


def test_who_may_go_no_more_is_not_ticked_again(client, case, crew, officer):
    page = client.get(BOARD)
    client.logout()
    client.post(SEND, {"cases": [case.number], "form_key": proposal_key(page)})
    zones_make.proposed(case, crew)
    client.force_login(officer)

    assert ticked(client.get(BOARD)) == set()


def test_asking_another_post_leaves_the_ticks(client, facility, case, crew, officer):
    zones_make.needs_an_assessment(facility)
    waits = make.case(facility, entered_at=zones_make.ENTERED)
    page = client.get(BOARD)
    client.post(reverse("draft-save"), {"cases": [case.number], "form_key": proposal_key(page)})
    assert 'form="ask" formaction' in page.content.decode()
    keys = keys_on(page)

    asked = client.post(
        reverse("zones:ask-create", args=[waits.number]),
        {"form_key": next(key for key in keys if key != proposal_key(page))},
    )

    assert asked.status_code == 302
    assert drafts_of(officer) == [{"cases": [case.number]}]


def test_who_may_not_propose_has_no_draft_here(client, case, crew):
    client.force_login(crew.leader(Stage.DETOX))

    assert "全选" not in client.get(BOARD).content.decode().split("待我审批")[0]
