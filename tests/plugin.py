"""Loaded by pytest before anything reads settings: throwaway services, and the test environment."""

import base64
import contextlib
import gc
import os

import pytest
import slipcover.pytest_plugin  # noqa: F401 - before rehab: what is loaded earlier is not counted

from rehab import services

SERVERS = pytest.StashKey[services.Servers]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before pytest-django imports settings; the servers go when pytest ends."""
    lifetime = contextlib.ExitStack()
    early_config.add_cleanup(lifetime.close)
    servers = lifetime.enter_context(services.throwaway())
    early_config.stash[SERVERS] = servers
    os.environ |= servers.environment() | {
        "TESTING": "1",
        "DEMO": "0",
        "DEBUG": "0",
        "PRODUCTION": "0",
        "SECRET_KEY": "tests-" + "0" * 50,
        "SEAL_KEYS": "test:" + base64.b64encode(bytes(range(32))).decode(),
        "SEAL_INDEX_KEY": base64.b64encode(bytes(range(32, 64))).decode(),
    }
    os.environ.pop("DEMO_TODAY", None)
    return (yield)


def pytest_collection_finish():
    """What is loaded by now stays to the end: it is not looked through again at every collection."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """What takes longest goes first: a walk in the browser at the end leaves the other worker idle."""
    items.sort(key=lambda item: "browser" not in item.path.as_posix())
