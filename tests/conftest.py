"""Fixtures for every test. Most tests want `db` and run in a transaction, as the web role.

`committed_db`, `live_site`, `shared_site`, `live_worker`, `browser` and `page` are for those that
really commit, or that look at the system from outside.
"""

import contextlib
import fcntl
import io
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from hypothesis import settings

from rehab import clock, services
from tests.factories import rehab as make
from tests.harness.broker import Broker
from tests.harness.browser import Pages, launch, unpacked
from tests.harness.databases import Databases, point_connections_at
from tests.harness.live import LiveSite
from tests.plugin import SERVERS

settings.register_profile("house", deadline=None)  # a busy machine is no failure
settings.load_profile("house")


@pytest.fixture(scope="session")
def servers(pytestconfig) -> services.Servers:
    """The throwaway PostgreSQL and Valkey of this run."""
    return pytestconfig.stash[SERVERS]


@pytest.fixture(scope="session")
def databases(servers) -> Databases:
    """Copies of the migrated database."""
    return Databases(servers, itertools.count(1))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, databases):
    """Migrate once, as the owner; the tests get a copy, so that the template stays untouched."""
    with django_db_blocker.unblock():
        if not databases.recall():
            call_command("migrate", verbosity=0)
            databases.remember()
        connections.close_all()  # a template that is in use cannot be copied
        point_connections_at(databases.copy())


@pytest.fixture(scope="session")
def trials() -> int:
    """How often a race is run: 20 times in the suite, 200 in `make soak`."""
    return int(os.environ.get("TRIALS", "20"))


@dataclass(frozen=True)
class Told:
    """The demo in a database to be copied, and what `manage.py seed` said of it."""

    database: str
    said: str


@pytest.fixture(scope="session")
def told(django_db_setup, django_db_blocker, databases, tmp_path_factory, worker_id) -> Told:
    """The demo as it stands at noon, told once in a run: the other worker reads what the first one wrote."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    kept, said = folder / "told.sql", folder / "told.txt"
    with (folder / "told.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            return Told(databases.read(kept), said.read_text())
        name, out = databases.copy(), io.StringIO()
        with django_db_blocker.unblock():
            before = point_connections_at(name)
            try:
                with override_settings(DEMO=True), clock.standing_at(make.NOON):
                    call_command("seed", stdout=out)
            finally:
                point_connections_at(before)
        said.write_text(out.getvalue())
        databases.write(name, to=kept)
        return Told(name, out.getvalue())


@pytest.fixture
def origin() -> str:
    """What a test's own database is a copy of; a file about the demo says `told.database`."""
    return services.DATABASE


@contextlib.contextmanager
def _own_database(databases, django_db_blocker, of=services.DATABASE):
    name = databases.copy(of=of)
    with django_db_blocker.unblock():
        before = point_connections_at(name)
        yield name
        point_connections_at(before)
    databases.drop(name)


@contextlib.contextmanager
def _web(servers, name, folder):
    site = LiveSite(servers, name, folder)
    try:
        site.start_web()
        yield site
    finally:
        site.stop_all()


@pytest.fixture
def committed_db(request, django_db_setup, django_db_blocker, databases, origin):
    """A database of this test's own, in which it may commit, fork threads and start processes."""
    if "db" in request.fixturenames:
        raise pytest.UsageError("committed_db and db exclude each other: drop the django_db mark")
    with _own_database(databases, django_db_blocker, origin) as name:
        yield name


@pytest.fixture
def live_site(committed_db, servers, tmp_path) -> LiveSite:
    """A real gunicorn, with DEMO=1, on this test's own database."""
    with _web(servers, committed_db, tmp_path) as site:
        yield site


@pytest.fixture(scope="module")
def shared_site(
    django_db_setup, django_db_blocker, databases, servers, tmp_path_factory
) -> LiveSite:
    """One site for all tests of a file, which look at it and do not stand in each other's way."""
    with (
        _own_database(databases, django_db_blocker) as name,
        _web(servers, name, tmp_path_factory.mktemp("site")) as site,
    ):
        yield site


@pytest.fixture
def live_worker(live_site) -> LiveSite:
    """The live site with a real Celery worker beside it."""
    live_site.start_worker()
    return live_site


@pytest.fixture
def broker(servers) -> Broker:
    """The broker, to be frozen or stopped; it is itself again after the test."""
    broker = Broker(servers)
    yield broker
    broker.restore()


@pytest.fixture(scope="session")
def browser():
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, unpacked())
        yield browser
        browser.close()


@pytest.fixture
def pages(browser) -> Pages:
    """Opens pages; at the end none may have broken the policy, failed, or left the host."""
    pages = Pages(browser)
    yield pages
    pages.close()
    assert pages.problems == []


@pytest.fixture
def page(pages):
    """One page of 1440 × 900, as on an officer's desk."""
    return pages.open()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where browser tests leave their pictures, to be looked at."""
    folder = services.CHECKOUT / "tests" / "browser" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
