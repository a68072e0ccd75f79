"""Where an act is done, and whether this officer may open that page: asked of the page itself."""

from functools import cache

from django.urls import NoReverseMatch, resolve, reverse

from rehab.models import User
from rehab.permissions import Permission

ANY_CASE = "X"


@cache
def permissions_of(url_name: str) -> tuple[Permission, ...] | None:
    """What the page of a case asks for, any of them; None where there is no such page."""
    try:
        view = resolve(reverse(url_name, args=[ANY_CASE])).func
    except NoReverseMatch:
        return None
    permissions: tuple[Permission, ...] | None = getattr(view, "required_permission", None)
    return permissions


def address(user: User, url_name: str, number: str) -> str | None:
    """The page on which an act of this case is done, or None for who may not open it."""
    wanted = permissions_of(url_name)
    if wanted is None or not any(user.may(permission) for permission in wanted):
        return None
    return reverse(url_name, args=[number])
