"""`{{ case.person|name_for:chrome.user }}`."""

from django import template

from rehab.models import Person, User
from rehab.naming import shown_name

register = template.Library()


@register.filter
def name_for(person: Person, user: User) -> str:
    """The person's name as this user may read it."""
    return shown_name(person, user)
