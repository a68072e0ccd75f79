"""The one net that catches everything: for work that may wait, so that what cannot wait goes on."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass
class Net:
    """What became of the work inside: whether it fell."""

    fell: bool = False


@contextmanager
def net(message: str, *args: object) -> Iterator[Net]:
    """Undo and log whatever goes wrong inside, in a savepoint of its own, and go on after it.

    For a bulk job that may not stop at its first broken record, and for the part of an act that can be
    made good later: a missing font or a fault in a clock keeps nobody beyond his last day. The caller
    says in `message` who makes it good.
    """
    caught = Net()
    try:
        with transaction.atomic():
            yield caught
    except Exception:  # whatever it is, it waits and is reported
        logger.exception(message, *args)
        caught.fell = True
