"""The demo's clock, through the web; outside the demo it is not even there."""

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from django.urls import path

from rehab import clock, urls, views
from tests.factories import rehab as make


class WithDemo:
    """The routes as they are with DEMO=1."""

    urlpatterns = [*urls.urlpatterns, path("demo/clock/", views.demo_clock, name="demo-clock")]


@pytest.fixture
def demo(client, db):
    with override_settings(DEMO=True, ROOT_URLCONF=WithDemo):
        with clock.standing_at(make.NOON):
            officer = make.officer("system_admin", make.facility())
        client.force_login(officer)
        yield client


@pytest.mark.parametrize("typed", ["2028-06-10", "2028年6月10日", "20280610"])
def test_demo_clock(demo, typed):
    response = demo.post("/demo/clock/", {"date": typed, "next": "/notices/"})

    assert response["Location"] == "/notices/"
    assert str(clock.today()) == "2028-06-10"


@pytest.mark.parametrize("typed", ["", "明天", "2028-02-30"])
def test_demo_clock_of_what_is_no_day(demo, typed):
    before = clock.today()

    response = demo.post("/demo/clock/", {"date": typed, "next": "https://elsewhere.invalid/"})

    assert response["Location"] == "/"
    assert clock.today() == before
    assert "业务日期" in str(*get_messages(response.wsgi_request))


@pytest.mark.django_db
def test_no_demo_clock_outside_the_demo(client):
    assert client.post("/demo/clock/", {"date": "2028-06-10"}).status_code == 404


def test_demo_clock_command(db, settings, capsys):
    settings.DEMO = True

    call_command("demo_clock", "2028-06-10")

    assert str(clock.today()) == "2028-06-10"
    assert "2028-06-10" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("demo", "typed", "sentence"),
    [(True, "2028-02-30", "业务日期"), (False, "2028-06-10", "演示环境")],
)
def test_demo_clock_command_says_why_not(db, settings, demo, typed, sentence):
    settings.DEMO = demo

    with pytest.raises(CommandError, match=sentence):
        call_command("demo_clock", typed)
