"""Who may open what: every view × role × place, cell by cell, against the table in `cells`."""

import io
import zipfile
from copy import copy
from functools import cache, partial
from itertools import product

import pytest
from django.urls import reverse

from rehab.backends import PostingBackend
from rehab.roles import STARTING_ROLES
from tests.architecture.cells import (
    ALL,
    ANONYMOUS,
    BATCHES,
    BODIES,
    FITS,
    METHODS,
    NAMELESS,
    NO_SUCH_METHOD,
    SENT_AWAY,
    SUBJECTS,
    addresses,
    columns,
    expected,
    holds,
    required,
)
from tests.architecture.world import PLACES, ROLES, SEEN

pytestmark = pytest.mark.usefixtures("sparing")


def _read_once(get_user):
    """Accounts as they were when first asked for."""
    known = cache(partial(get_user, PostingBackend()))
    return lambda backend, key: copy(known(key))


@pytest.fixture(autouse=True, scope="module")
def _known_by_now():
    """Thousands of cells: who asks is read once.

    That is the one part of ours put aside here: to read the same account anew for every cell costs a minute
    and a half, as much as all the cells together. Every other test of a page reads it anew.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostingBackend, "get_user", _read_once(PostingBackend.get_user))
        yield


def test_every_view_declares_its_permission():
    assert {name for name, pattern in ALL.items() if required(pattern) is None} == set()


def test_every_url_is_classified_and_no_other():
    assert set(ALL) == set(SUBJECTS)


def test_only_what_is_public_is_open_to_all():
    assert {name for name, pattern in ALL.items() if required(pattern) == ()} == {
        name for name, subject in SUBJECTS.items() if subject == "public"
    }


def test_the_roles_are_those_of_the_house():
    assert set(ROLES) == {role.code for role in STARTING_ROLES}
    assert len(ROLES) == 17


def text(answer):
    """What can be read in an answer, a workbook unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(entry).decode() for entry in book.namelist())
    return content.decode(errors="replace")


def asked(world, role, method, url, body, *, may_write=True):
    """The status of an answer, the words of people that can be read in it, and what broke."""
    answer = (world.ask if may_write else world.send)(role, method, url, body)
    status = answer.status_code
    if status >= 500:
        return status, set(), repr(answer.exc_info[1])
    if role and status == 302 and answer["Location"].startswith("/login/"):
        return SENT_AWAY, set(), "sent to sign in"
    page = text(answer) if status != 302 else ""
    return status, {word for word in world.everybody() if word in page}, ""


@pytest.mark.parametrize("name", sorted(ALL.keys() & SUBJECTS.keys()))
def test_cells(name, world):
    if SUBJECTS[name] == "public":
        assert world.ask(ANONYMOUS, "GET", reverse(name)).status_code in (200, NO_SUCH_METHOD)
        return

    wrong, leaks, read, absent = [], [], set(), set()
    for role in (ANONYMOUS, *ROLES):
        may_appear = world.may_appear(role)
        for place in columns(name):
            for url, method in product(addresses(world, name, role, place), METHODS):
                if method in absent:
                    continue
                right = expected(name, role, place, method)
                acts = right == "answers" and method == "POST"  # what is refused changes nothing
                status, words, why = asked(
                    world, role, method, url, BODIES.get(name), may_write=acts
                )
                if status == NO_SUCH_METHOD:
                    absent.add(method)
                    continue
                cell = f"{role or 'anonymous'} × {place}: {method} {status} {why}".strip()
                wrong += [] if status in FITS[right] else [f"{cell}, not “{right}”"]
                leaks += [f"{cell} shows {word}" for word in words - may_appear]
                read |= words

    assert (wrong, leaks) == ([], [])
    assert absent < set(METHODS)
    assert bool(read) == (name not in NAMELESS)


@pytest.mark.parametrize("name", sorted(BATCHES))
def test_a_batch_takes_nobody_from_outside(name, world):
    field, kind = BATCHES[name]
    wrong, tried = [], 0
    for role in ROLES:
        if not holds(role, required(ALL[name])):
            continue
        for place in set(PLACES) - set(SEEN[ROLES[role].reach]):
            tried += 1
            body = {field: [str(world.key(kind, place, role))], "seen": "on"}
            status, words, why = asked(world, role, "POST", reverse(name), body)
            if status != 422 or words - world.may_appear(role):
                wrong.append(f"{role} × {place}: {status} {why} {words}")

    assert wrong == []
    assert tried
