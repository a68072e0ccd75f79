"""Whose name is shown to whom: bureaus count people, they do not need to know who they are."""

from rehab.models import Person, User
from rehab.rules.identity import mask_name
from rehab.states import Reach

COUNTING = frozenset({Reach.PROVINCE, Reach.NATION})


def sees_names(user: User) -> bool:
    """Whether names stand unmasked on this user's pages."""
    return user.reach not in COUNTING


def shown_name(person: Person, user: User) -> str:
    """The name, or 张** for a bureau and the ministry."""
    return person.name if sees_names(user) else mask_name(person.name)
