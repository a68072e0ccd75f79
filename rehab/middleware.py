"""What every request passes through: the scope of whoever asks, and one reading of the clock."""

from collections.abc import Callable
from typing import Any

from django.urls import Resolver404, resolve

from rehab import clock, scope
from rehab.web import see

WITHOUT_OWN_PASSWORD = frozenset({"rehab:password-change", "logout", "healthz"})


def within_scope(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Set the scope of the signed-in user for the request, and nobody's after it."""

    def respond(request: Any) -> Any:
        user = request.user
        with clock.one_reading():
            seen = scope.NOBODY
            if user.is_authenticated:
                seen = user.scope_at(clock.real_now(), on=clock.today())
            with scope.within(seen):
                return get_response(request)

    return respond


def own_password_first(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Whoever signed in with a one-time secret sees no page before he has set a password of his own."""

    def respond(request: Any) -> Any:
        user = request.user
        held = user.is_authenticated and user.secret_until is not None
        if held and _name_of(request.path_info) not in WITHOUT_OWN_PASSWORD:
            return see(request, "rehab:password-change")
        return get_response(request)

    return respond


def _name_of(path: str) -> str:
    """The name of the page at an address; empty where there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
