"""A house for every flow."""

from contextlib import ExitStack

import pytest

from tests.flows.house import TestHouse


@pytest.fixture
def house(db, settings):
    """The demo's places and officers, at nine in the morning of 2026-11-21."""
    settings.DEMO = True
    with ExitStack() as stack:
        yield TestHouse(stack)
