"""One world for a whole file of tests; every request in it is taken back."""

import logging

import pytest
from django.http import HttpResponse

from rehab import urls
from tests.architecture import world as nation


def _bare(status):
    return lambda request, exception: HttpResponse(status=status)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        nation.standing() as world,
    ):
        for status in (
            403,
            404,
        ):  # thousands of refusals: without their page and without news of them
            patch.setattr(urls, f"handler{status}", _bare(status), raising=False)
        logging.disable()
        yield world
        logging.disable(logging.NOTSET)
