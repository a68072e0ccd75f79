"""What an officer reads when something went wrong; also while the broker or the database is away."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.test import Client

from rehab import scope
from rehab.clock import standing_at
from rehab.states import Stage
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.harness.databases import point_connections_at
from tests.harness.forms import drafts_of, key_on

HTMX = {"HX-Request": "true"}
NAME = "示例不应出现"
DESK = "/intake/arrivals/new/"


def broken(*_, **__):
    raise RuntimeError(NAME)


def unreadable(*_, **__):
    raise SuspiciousOperation(NAME)


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def desk(officer):
    client = Client(raise_request_exception=False)
    client.force_login(officer)
    return client


def case_elsewhere():
    return make.case(
        make.facility("T02", province=make.bureau("另一省戒毒管理局")),
        person=make.person_facts(name=NAME),
    )


@pytest.fixture(params=[400, 403, 404, 500])
def wrong(request, desk, monkeypatch):
    """An address that answers with this status, and the words that say so."""
    if request.param == 400:
        monkeypatch.setattr("intake.views.arrivals.ArrivalForm", unreadable)
        return 400, DESK, "请求有误"
    if request.param == 403:
        return 403, "/zones/moves/new/", "没有这项权限"
    if request.param == 404:
        return 404, f"/cases/{case_elsewhere().number}/", "没有这一页"
    monkeypatch.setattr("intake.views.arrivals.ArrivalForm", broken)
    return 500, DESK, "系统出错了"


def test_error_page(desk, wrong):
    status, url, words = wrong

    answer = desk.get(url)

    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "<html" in page
    assert NAME not in page
    assert "Content-Security-Policy" in answer.headers


def test_error_fragment(desk, wrong):
    status, url, words = wrong

    answer = desk.get(url, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert 'role="alert"' in page
    assert "<html" not in page
    assert NAME not in page
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#messages", "innerHTML")


def test_error_page_of_a_stranger(client, db):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_csrf_failure_keeps_what_was_typed(officer, headers):
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(officer)
    key = key_on(desk.get(DESK))

    answer = desk.post(DESK, {"name": "示例某", "form_key": key}, headers=headers)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "您填的内容已存为草稿" in page
    assert f'href="{DESK}"' in page
    assert ("<html" in page) == (not headers)
    assert 'value="示例某"' in desk.get(DESK).content.decode()


def test_csrf_failure_without_a_key(officer):
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(officer)

    answer = desk.post(DESK, {"name": "示例某"})

    assert answer.status_code == 403
    assert "草稿" not in answer.content.decode()
    assert drafts_of(officer) == []


def test_refused_page_while_the_broker_is_away(desk, broker, facility):
    """Every error page, one of each, with nobody answering at the broker's port."""
    number = case_elsewhere().number
    key = key_on(desk.get(DESK))
    broker.stop()

    answers = [
        desk.get("/zones/moves/new/"),
        desk.get(f"/cases/{number}/"),
        desk.post(DESK, {"name": "", "form_key": key}),
        desk.post(DESK, {"name": "示例某", "sex": "1", "form_key": key}),
        desk.post(DESK, {"name": "示例乙", "sex": "1", "form_key": key}),
    ]

    assert [answer.status_code for answer in answers] == [403, 404, 422, 302, 409]
    assert all("sorry" in answers[at].content.decode() for at in (0, 1, 4))


def test_500_while_the_broker_is_away(desk, broker, monkeypatch):
    broker.stop()
    monkeypatch.setattr("intake.views.arrivals.ArrivalForm", broken)

    answer = desk.get(DESK)

    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()


def test_a_session_ends_while_the_broker_is_away(desk, broker, officer):
    key = key_on(desk.get(DESK))
    broker.stop()
    desk.cookies.clear()

    answer = desk.post(DESK, {"name": "示例某", "form_key": key})

    assert answer["Location"] == f"/login/?next={DESK}&kept=1"
    assert drafts_of(officer) == [{"name": ["示例某"]}]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_500_while_the_database_is_away(committed_db, headers):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        officer = make.officer("zone_officer", make.unit(make.facility(), Stage.DETOX))
    desk = Client(raise_request_exception=False)
    desk.force_login(officer)
    before = point_connections_at("nowhere")
    try:
        answer = desk.get("/", headers=headers)
    finally:
        point_connections_at(before)

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "系统出错了" in page
    assert ("<html" in page) == (not headers)
    assert officer.display_name not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_an_arrival_elsewhere_is_404_and_says_nothing_of_it(desk):
    elsewhere = make.facility("T03", province=make.bureau("另一省戒毒管理局"))
    arrival = door.arrival(elsewhere, name=NAME)

    answer = desk.get(f"/intake/arrivals/{arrival.pk}/")

    assert answer.status_code == 404
    assert NAME not in answer.content.decode()
