"""One address serves the browser and htmx."""

import pytest
from django.test import RequestFactory

from rehab.web import see, template_for

FRAGMENT = {"HX-Request": "true"}
HISTORY = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "template"),
    [
        pytest.param({}, "app/page.html", id="browser"),
        pytest.param(FRAGMENT, "app/page.html#form", id="htmx"),
        pytest.param(HISTORY, "app/page.html", id="a page taken back from history"),
    ],
)
def test_template_for(headers, template):
    request = RequestFactory().get("/", headers=headers)

    assert template_for(request, "app/page.html", fragment="form") == template


def test_see():
    response = see(RequestFactory().post("/"), "login")

    assert (response.status_code, response["Location"]) == (302, "/login/")


def test_see_from_htmx():
    response = see(RequestFactory().post("/", headers=FRAGMENT), "/cases/")

    assert (response.status_code, response["HX-Redirect"]) == (200, "/cases/")
