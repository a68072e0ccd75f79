"""However many rows there are, a list asks the database eight times, a page about one thing twelve.

Every page of the URLconf with 1, 20 and 100 of all that it shows; one officer of each reach that may open
it meets the hundred.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.architecture import world as nation
from tests.architecture.cells import (
    ALL,
    BODIES,
    SUBJECTS,
    VARIANTS,
    addresses,
    columns,
    expected,
)
from tests.architecture.world import ON_THE_WAY, OWN, ROLES

pytestmark = pytest.mark.usefixtures("sparing")

LIST, DETAIL = 8, 12
MANY = 100
LISTS = {name for name in ALL if name.endswith("-list")} | {
    "reporting:dashboard", "reporting:metric-detail", "reporting:search",
}  # fmt: skip
ACTS = {  # each tries a confirmation and takes it back: as many as an act, and the facts are read twice
    "rehab:rule-preview": 46,  # where somebody has an opinion, an objection and a transfer, of each one more
    "rehab:merge-preview": 46,
    "aftercare:term-decision-confirm": 60,
}
PLACE = {
    "zones:move-receive": ON_THE_WAY,
    "zones:receipt-create": ON_THE_WAY,
}  # whose turn it is at the own desk
SENDS = {  # acts that are never a page: they answer a POST, or send on
    "draft-save", "saved-list-create", "saved-list-drop", "reporting:notice-read",
    "reporting:notice-read-all", "reporting:notice-read-chosen", "intake:roster-commit", "intake:belongings-return",
    "aftercare:certificate-print", "aftercare:inquiry-create", "zones:move-create", "zones:ask-create",
    "zones:handover-print", "centers:sheets-print", "centers:telling-batch", "document-print", "draft-drop",
    "wording-confirm", "wording-preview", "reporting:api-term-explain-facts",
}  # fmt: skip


def pages(world, name, role):
    """The addresses of a page with all that it shows by turns."""
    found = [url for place in _places(name, role) for url in addresses(world, name, role, place)]
    if name in ("intake:roster-detail", "intake:roster-corrections", "intake:roster-withdraw"):
        kinds = ("roster of many", "roster imported")
        found = [reverse(name, args=[world.keys[kind][OWN]]) for kind in kinds]
    return [
        f"{url}?{query}" if query else url for url in found for query in VARIANTS.get(name, [""])
    ]


def _places(name, role):
    """Where the hundred are; of what stands at no place of its own, everything this role may open."""
    if SUBJECTS[name] not in ("metric", "wording-version"):
        return [PLACE.get(name, OWN)]
    return [place for place in columns(name) if expected(name, role, place, "GET") == "answers"]


def askers(name, rows):
    """One role of each reach to which the page opens; of few rows, one alone."""
    place = PLACE.get(name, OWN) if SUBJECTS[name] not in ("arrival", "roster") else OWN
    by_reach = {
        ROLES[role].reach: role for role in ROLES if expected(name, role, place, "GET") == "answers"
    }
    return list(by_reach.values())[: None if rows == MANY else 1]


@pytest.mark.parametrize("name", sorted(ALL.keys() - SENDS))
def test_queries(name, crowd):
    world, rows = crowd
    if SUBJECTS[name] == "public":
        return
    bar = ACTS.get(name, LIST if name in LISTS else DETAIL)
    taken, statuses = {}, set()
    for role in askers(name, rows):
        for url in pages(world, name, role):
            method = "POST" if name in BODIES else "GET"
            with nation.taken_back(), CaptureQueriesContext(connection) as captured:
                answer = world.send(role, method, url, BODIES.get(name))
            statuses.add(answer.status_code)
            if len(captured) > bar:
                taken[role, url] = len(captured)

    assert taken == {}
    assert statuses <= {200}
