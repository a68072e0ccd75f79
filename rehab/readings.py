"""What several clocks ask of the same cases is read once for all of them.

Holds only inside `once()`, where nothing is written between two readings.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

Rows = dict[UUID, object]
Read = Callable[[Sequence[UUID]], Rows]

_kept: ContextVar[dict[str, Rows] | None] = ContextVar("readings", default=None)


@contextmanager
def once() -> Iterator[None]:
    """Inside the block what was read of a case is not read again."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def rows(what: str, keys: Sequence[UUID], read: Read) -> Rows:
    """The rows of these keys, of which `read` is asked only for those that are not known yet."""
    kept = _kept.get()
    if kept is None:
        return read(keys)
    known = kept.setdefault(what, {})
    if unknown := [key for key in keys if key not in known]:
        known |= read(unknown)
    return {key: known[key] for key in keys if key in known}
