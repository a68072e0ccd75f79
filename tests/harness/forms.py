"""What a test wants to know of the forms on a page, and of what is kept of them."""

import html
import re

from rehab import scope
from rehab.models import Draft, Submission

KEY = re.compile(r'name="form_key" value="([^"]+)"')


def keys_on(answer) -> list[str]:
    """The keys of the forms on a page, in their order."""
    return [html.unescape(key) for key in KEY.findall(answer.content.decode())]


def key_on(answer) -> str:
    """The key of the form that a page is about: its last."""
    return keys_on(answer)[-1]


def drafts_of(user) -> list[dict]:
    """What is kept for an officer, as only he sees it."""
    with scope.within(scope.Scope(actor=str(user.pk))):
        return [draft.body for draft in Draft.objects.filter(user=user)]


def submissions_of(user) -> int:
    """How many forms of an officer led to an act."""
    with scope.within(scope.Scope(actor=str(user.pk))):
        return Submission.objects.filter(user=user, answer__isnull=False).count()
