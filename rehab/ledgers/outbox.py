"""A poke that hurries the outbox and can neither hang nor lose anything.

The truth is the undelivered `Notice` row; beat delivers it within the minute without any poke. After a
failure no poke is tried for a while, so a frozen broker costs one short wait, not one per request.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from rehab import clock
from rehab.celery import app

logger = logging.getLogger(__name__)

QUIET_SECONDS = 30
CANNOT_HANG = {
    "socket_timeout": 0.1,
    "socket_connect_timeout": 0.1,
    "max_retries": 0,
    "retry_on_timeout": False,
}
_quiet_until = 0.0
_hushed: ContextVar[bool] = ContextVar("nobody_is_poked", default=False)


@contextmanager
def hushed() -> Iterator[None]:
    """Poke nobody inside the block: the demo's past is no news, and beat delivers it in its time."""
    token = _hushed.set(True)
    try:
        yield
    finally:
        _hushed.reset(token)


def poke(task: str = "rehab.tasks.deliver") -> None:
    """After the commit, ask a worker to do what waits; errors of the broker are logged and dropped."""
    if _hushed.get():
        return
    transaction.on_commit(partial(_send, task), robust=True)


def _send(task: str) -> None:
    global _quiet_until
    if clock.real_now().timestamp() < _quiet_until:
        return
    try:
        with app.connection_for_write(
            transport_options=CANNOT_HANG, connect_timeout=0.1
        ) as connection:
            app.send_task(task, connection=connection, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        _quiet_until = clock.real_now().timestamp() + QUIET_SECONDS
        logger.warning("broker not reached, notices wait for beat: %s", type(error).__name__)
