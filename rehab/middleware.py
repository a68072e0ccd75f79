"""What every request passes through: the scope of whoever asks, one reading of the clock, a form's rescue."""

from collections.abc import Callable
from typing import Any

from django.urls import Resolver404, resolve

from rehab import clock, drafts, form_keys, scope, second_factor
from rehab.form_keys import FIELD
from rehab.web import see, to_login

ALWAYS_OPEN = frozenset({"logout", "healthz"})


def within_scope(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Set the scope of the signed-in user for the request, and nobody's after it."""

    def respond(request: Any) -> Any:
        with clock.one_reading():
            user = second_factor.proved(request)
            seen = scope.NOBODY
            if user.is_authenticated:
                seen = user.scope_at(clock.real_now(), on=clock.today())
            with scope.within(seen):
                return get_response(request)

    return respond


def own_secrets_first(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Whoever signed in by a one-time secret, or has to carry a code and carries none, sets up his own first."""

    def respond(request: Any) -> Any:
        page = _owed_page(request)
        if page and _name_of(request.path_info) not in {page, *ALWAYS_OPEN}:
            return see(request, page)
        return get_response(request)

    return respond


def _owed_page(request: Any) -> str:
    """The one page that is open to whoever is signed in; empty where all of his are."""
    if not request.user.is_authenticated:
        return ""
    if request.user.secret_until is not None:
        return "rehab:password-change"
    return "rehab:factor-set" if second_factor.owed(request) else ""


def _name_of(path: str) -> str:
    """The name of the page at an address; empty where there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def kept_when_signed_out(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Keep what a form holds whose session has ended, for its writer, who signs in and finds it there.

    The form's key is signed, so that it says who that is although nobody is signed in.
    """

    def respond(request: Any) -> Any:
        form_key = None
        if request.method == "POST" and not request.user.is_authenticated:
            form_key = form_keys.read(request.POST.get(FIELD))
        if form_key is None:
            return get_response(request)
        kept = drafts.keep(form_key=form_key, sent=request.POST, at=clock.real_now(), last=True)
        return to_login(request, form_key.page, kept=kept)

    return respond
