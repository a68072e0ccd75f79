"""The broker refused or frozen costs one short wait, and nothing is lost."""

import time

import pytest
from django.db import transaction

from rehab import clock, scope, tasks
from rehab.celery import app
from rehab.ledgers import notices, outbox
from rehab.models import Notice
from tests.factories import rehab as make

pytestmark = pytest.mark.alone

QUEUE = "celery"


@pytest.fixture(autouse=True)
def _ready(monkeypatch):
    monkeypatch.setattr(outbox, "_quiet_until", 0.0)


@pytest.fixture
def queue(broker):
    """How many pokes wait in the broker."""
    with app.connection_for_write() as connection:
        client = connection.channel().client
        client.delete(QUEUE)
        yield lambda: client.llen(QUEUE)


def poked_within():
    started = time.monotonic()
    with transaction.atomic():
        outbox.poke()
    return time.monotonic() - started


def test_poke(committed_db, queue):
    poked_within()

    assert queue() == 1


def test_poke_of_a_transaction_that_rolls_back(committed_db, queue):
    with transaction.atomic():
        outbox.poke()
        transaction.set_rollback(True)

    assert queue() == 0


@pytest.mark.parametrize("outage", ["stop", "freeze"])
def test_poke_without_a_broker(committed_db, broker, caplog, outage):
    getattr(broker, outage)()

    first, second = poked_within(), poked_within()

    assert first < 0.5
    assert second < 0.02  # quiet: not tried again
    assert "notices wait for beat" in caplog.text


def test_what_was_said_during_an_outage_is_delivered_after_it(committed_db, broker):
    with clock.standing_at(make.NOON), scope.within(make.EVERYTHING):
        case = make.case(make.facility())
        tasks.deliver()  # what led up to it
        broker.freeze()
        with transaction.atomic():
            notices.tell(case, "x", to=notices.post_for("facility_leader", case))
            outbox.poke()
        broker.thaw()

        assert tasks.deliver() == 1
        assert tasks.deliver() == 0
        assert not Notice.objects.undelivered().exists()
