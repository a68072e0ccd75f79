"""What stands around every page, and the doors that open on errors."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path, reverse

from rehab import clock, scope, statutes, urls, views
from rehab.actions.postings import end_posting
from rehab.models import Notice, Subject, User
from rehab.refusal import Obstacle
from reporting.context_processors import Chrome
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    with scope.within(make.EVERYTHING):
        return make.facility()


@pytest.fixture
def officer(facility):
    with scope.within(make.EVERYTHING):
        return make.officer("zone_officer", make.unit(facility, make.Stage.ADAPTATION))


def chrome_of(user, path="/ui/", method="get"):
    request = getattr(RequestFactory(), method)(path)
    request.user = user
    return Chrome(request)


def notify(officer, unit):
    """Tell something to those in a 大队 who have the officer's role."""
    Notice.objects.create(
        subject_type=Subject.FACILITY,
        subject_id=officer.facility.pk,
        clock="sample",
        kind=Notice.Kind.TOLD,
        role=officer.posting.role,
        facility=officer.facility,
        unit=unit,
        written_at=make.NOON,
    )


def test_page_of_an_officer(client, officer, facility):
    client.force_login(officer)

    html = client.get("/ui/").content.decode()

    assert facility.name in html
    assert f"{officer.unit} {officer.posting.role}" in html
    assert officer.display_name in html
    assert "演示数据" not in html


def test_frame_of_a_page_costs_only_the_session_and_the_unread_notices(
    client, officer, django_assert_max_num_queries
):
    client.force_login(officer)

    with django_assert_max_num_queries(4):  # session, user with posting, grants, unread
        client.get("/ui/")


def test_page_of_a_stranger(client):
    response = client.get("/ui/")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/ui/")


def test_page_of_somebody_who_may_not(client, officer):
    client.force_login(officer)

    response = client.get(reverse("rehab:account-list"))

    assert response.status_code == 403
    assert "没有这项权限" in response.content.decode()


class WithDemo:
    """The routes as they are with DEMO=1."""

    urlpatterns = [*urls.urlpatterns, path("demo/clock/", views.demo_clock, name="demo-clock")]


def test_demo_is_said_and_its_day_can_be_moved(client, officer, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, WithDemo
    client.force_login(officer)

    with clock.standing_at(make.at(2026, 12, 31)):
        html = client.get("/ui/").content.decode()

    assert "演示数据 · 非生产" in html
    assert 'action="/demo/clock/"' in html
    assert 'value="2026-12-31"' in html
    assert 'value="2027-01-01">下一天' in html


def test_chrome_of_nobody():
    chrome = chrome_of(AnonymousUser())

    assert not chrome.signed_in
    assert chrome.menu == ()
    assert chrome.search_url is None
    assert chrome.notices_url is None
    assert chrome.unread == 0
    assert chrome.clock_url is None


def test_unread_counts_what_was_told_to_the_post(officer, facility):
    with scope.within(make.EVERYTHING):
        for unit in (officer.unit, make.unit(facility, make.Stage.DETOX)):
            notify(officer, unit)

        assert chrome_of(officer).unread == 1


def test_place_and_post_of_a_bureau():
    with scope.within(make.EVERYTHING):
        chrome = chrome_of(make.officer("bureau_viewer", make.bureau()))

    assert chrome.place == "示例省戒毒管理局"
    assert chrome.post == str(chrome.user.posting.role)


def test_bell_stays_silent_for_who_has_no_post_any_more(officer):
    with scope.within(make.EVERYTHING):
        notify(officer, officer.unit)
        administrator = make.officer("system_admin", officer.facility.province)
        end_posting(user=officer, by=administrator, at=make.NOON)

    chrome = chrome_of(User.objects.with_posting().get(pk=officer.pk))

    assert (chrome.notices_url, chrome.unread, chrome.menu) == (None, 0, ())


def test_demo_clock_comes_back_to_a_page_that_can_be_read_again():
    assert chrome_of(AnonymousUser(), "/cases/?page=2").path == "/cases/?page=2"
    assert chrome_of(AnonymousUser(), "/search/", "post").path == "/"


def test_page_that_does_not_exist(client, officer):
    client.force_login(officer)

    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_error_page_stands_without_a_request():
    assert "系统出错了" in render_to_string("500.html")


def test_refusal_page_gives_its_reasons(officer):
    request = RequestFactory().post("/")
    request.user = officer
    obstacles = [Obstacle("床位已被占用"), Obstacle("执行未满一年", statutes.EARLY_RELEASE)]

    html = render_to_string("errors/refused.html", {"obstacles": obstacles}, request)

    assert "床位已被占用" in html
    assert f'<cite title="{statutes.EARLY_RELEASE.text}"' in html
