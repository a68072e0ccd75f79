"""A small nation, founded once; the tests of a file stand in it, and all that they do is taken back."""

import logging
from contextlib import contextmanager

import pytest
from django.http import HttpResponse

from rehab import urls
from tests.architecture import world as nation
from tests.architecture.crowd import grow
from tests.harness.databases import point_connections_at


def _bare(status):
    return lambda request, exception: HttpResponse(status=status)


@contextmanager
def connected_to(name, django_db_blocker):
    with django_db_blocker.unblock():
        before = point_connections_at(name)
        try:
            yield
        finally:
            point_connections_at(before)


@pytest.fixture(scope="module")
def sparing():
    """For a file that reads pages and not what they were made of: no context of a template is copied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
        yield


@pytest.fixture(scope="session")
def founded(django_db_setup, django_db_blocker, databases):
    """The nation and the database that holds it."""
    name = databases.copy()
    with connected_to(name, django_db_blocker), nation.noon():
        world = nation.build()
    databases.analyze(name)
    return world, name


@pytest.fixture(scope="module")
def world(founded, django_db_blocker):
    """The nation for a whole file; thousands of refusals go without their page and without news of them."""
    world, name = founded
    with (
        pytest.MonkeyPatch.context() as patch,
        connected_to(name, django_db_blocker),
        nation.noon(),
        nation.taken_back(),
    ):
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", _bare(status), raising=False)
        logging.disable()
        yield world
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module", params=[1, 20, 100])
def crowd(request, founded, databases, django_db_blocker):
    """The nation with so many rows of everything at the own place."""
    world, name = founded
    of_many = databases.copy(of=name)
    with connected_to(of_many, django_db_blocker):
        with nation.noon():
            grow(world, request.param)
        databases.analyze(of_many)
        with nation.noon(), nation.taken_back():
            yield world, request.param
    databases.drop(of_many)
