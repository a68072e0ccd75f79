"""Time-ordered keys, made in Python (UUID version 7, RFC 9562 §5.7)."""

import secrets
from uuid import UUID

from rehab import clock


def new_key() -> UUID:
    """A UUID whose first 48 bits are the wall clock in milliseconds: new rows lie together on disk."""
    milliseconds = int(clock.real_now().timestamp() * 1000)
    random = secrets.randbits(74)
    return UUID(
        int=milliseconds << 80
        | 0x7 << 76
        | (random >> 62) << 64
        | 0b10 << 62
        | random & ((1 << 62) - 1)
    )
