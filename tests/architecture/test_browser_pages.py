"""Every page of the house in a browser: open to readers, and as wide as its screen, at both sizes of a desk.

One officer of those who may open a page looks at it, where its act stands open if there is such a place;
at his own first page everybody does. A new URL is looked at without being named here.
"""

import pytest
from django.conf import settings

from rehab.services import CHECKOUT
from tests.architecture import world as nation
from tests.architecture.cells import ALL, ANONYMOUS, SUBJECTS, VARIANTS, entrances
from tests.architecture.conftest import connected_to
from tests.architecture.crowd import grow
from tests.browser.desk import Album
from tests.factories import rehab as make
from tests.harness.browser import NODE_MODULES, Pages
from tests.harness.live import LiveSite

BOOTSTRAP = NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
HOME = "reporting:worklist-list"
ROWS = 20
NO_PAGE = {302, 405}  # what an act without a page of its own answers


@pytest.fixture(scope="module")
def site(founded, databases, django_db_blocker, servers, tmp_path_factory):
    """The nation with twenty of everything, behind a real server."""
    world, name = founded
    of_many = databases.copy(of=name)
    with connected_to(of_many, django_db_blocker), nation.noon():
        grow(world, ROWS)
    databases.analyze(of_many)
    live = LiveSite(servers, of_many, tmp_path_factory.mktemp("site"))
    try:
        live.start_web()
        live.manage("demo_clock", make.NOON.date().isoformat())
        yield world, live
    finally:
        live.stop_all()
        databases.drop(of_many)


@pytest.fixture(scope="module")
def screen(browser):
    """One browser for the whole house: what all pages are made of is fetched once."""
    pages = Pages(browser)
    yield pages, pages.open()
    pages.close()


@pytest.fixture(scope="module")
def album(shots):
    return Album(shots / "every page")


def looks(world, name, get):
    """Who looks at a page, and where: the first who may and finds its act open, or else the last."""
    found, refused = None, set()
    for role, url in entrances(world, name, "GET"):
        answer = get(role, url)
        if answer.status != 200:
            refused.add(answer.status)
            continue
        if "text/html" not in answer.headers["content-type"]:
            continue  # a file
        if name == HOME:
            yield role, url
            continue
        found = role, url
        if 'class="obstacles"' not in answer.text():
            break
    assert found or name == HOME or refused <= NO_PAGE, refused
    if found:
        role, url = found
        yield from (
            (role, f"{url}?{query}" if query else url) for query in VARIANTS.get(name, [""])
        )


def test_axe_need_fetch_nothing():
    """For two of its rules alone axe fetches style sheets and media anew: a screen that is turned, a sound."""
    styles = [*(CHECKOUT / "static").rglob("*.css"), BOOTSTRAP]
    turned = [path.name for path in styles if "orientation" in path.read_text()]
    sounds = [
        path.name
        for path in (CHECKOUT / "templates").rglob("*.html")
        if "<audio" in (page := path.read_text()) or "<video" in page
    ]

    assert (turned, sounds) == ([], [])


@pytest.mark.parametrize("name", sorted(ALL.keys() & SUBJECTS.keys()))
def test_every_page(name, site, album, screen):
    world, live = site
    pages, page = screen

    def sit_down(role):
        page.context.clear_cookies()
        if role is not ANONYMOUS:
            key = world.sessions[role]
            page.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live.url}]
            )

    def get(role, url):
        sit_down(role)
        return page.request.get(live.url + url, max_redirects=0)

    for role, url in looks(world, name, get):
        sit_down(role)
        page.goto(live.url + url)
        if page.locator("[hx-trigger=load]").count():
            page.wait_for_load_state(
                "networkidle"
            )  # what a page fetches by itself stands there too
        leaf = url.partition("?")[2]
        album.take(page, " ".join(filter(None, (name, leaf))), role=role or "door")

    found = album.findings + pages.problems
    album.findings, pages.problems = [], []
    assert found == []
