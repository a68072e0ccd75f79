"""一次性密码: made by the machine, shown once, good for a few days, and changed at the next sign-in."""

import secrets
from datetime import timedelta

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else
GROUPS, LENGTH = 4, 4
GOOD_FOR = timedelta(days=3)  # real time


def new_secret() -> str:
    """Four groups of four, as `k7pm-2dxw-9hqr-mm4t`: 79 bits, easily read out and typed."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
