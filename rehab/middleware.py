"""What every request passes through: the scope of whoever asks, and one reading of the clock."""

from collections.abc import Callable
from typing import Any

from rehab import clock, scope


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
