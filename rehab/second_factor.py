"""The second factor in a session: who gave his password and owes a code, and what was given of whom.

Both are kept in the session and compared with the account, which every request reads anyway: no page
costs a query for it, and a session ends with the factor by which it was begun.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.utils.crypto import constant_time_compare

from rehab.backends import PostingBackend
from rehab.models import User

HALF, WHOLE = "half_signed_in", "second_factor"
CODE, SECRET = (
    "code",
    "secret",
)  # by what a session was begun; by a secret it may only set up a code
PATIENCE = timedelta(minutes=10)  # between the password and the code


def begin(request: Any, user: User, *, at: datetime) -> None:
    """The password was right: remember who owes a code. Nobody is signed in by that."""
    request.session.cycle_key()
    request.session[HALF] = [str(user.pk), user.get_session_auth_hash(), at.isoformat()]


def half_signed_in(request: Any, *, at: datetime) -> User | None:
    """Who gave his password in this session, a little while ago, and owes a code."""
    key, stamp, since = request.session.get(HALF, ("", "", ""))
    if not key or at - datetime.fromisoformat(since) > PATIENCE:
        return None
    user = PostingBackend().get_user(key)
    if user is None or not constant_time_compare(stamp, user.get_session_auth_hash()):
        return None
    return user


def give(request: Any, user: User, *, by: str) -> None:
    """The session was begun, or goes on, by the second factor that the account carries now."""
    request.session.pop(HALF, None)
    request.session[WHOLE] = [by, _of(user)]


def proved(request: Any) -> Any:
    """Whoever is signed in; signed out where the session was not begun by the factor he carries now."""
    user = request.user
    if user.is_authenticated and user.second_factor_at is not None and _given(request) is None:
        logout(request)
    return request.user


def owed(request: Any) -> bool:
    """Whether whoever is signed in has to set up a code before all else."""
    if request.user.second_factor_at is None:
        return bool(settings.SECOND_FACTOR == "required")
    return _given(request) == SECRET


def _given(request: Any) -> str | None:
    """By what this session was begun: a code or a one-time secret of the factor he carries now."""
    by, stamp = request.session.get(WHOLE, (None, ""))
    return by if stamp == _of(request.user) else None


def _of(user: User) -> str:
    return user.second_factor_at.isoformat() if user.second_factor_at else ""
