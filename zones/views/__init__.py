"""Pages of the rooms."""

from typing import Any


def posted(request: Any) -> Any:
    """What a form is bound to: what was sent, even when it is empty; None while it is only looked at."""
    return request.POST if request.method == "POST" else None
