"""Drafts: what was typed and not yet submitted, sealed, one per user and form."""

from datetime import datetime
from typing import Any

from rehab.models import Draft, User

LIMIT_BYTES = 200_000


def keep(*, user: User, key: str, body: dict[str, Any], at: datetime) -> None:
    """Keep a draft in place of the former one; an empty one forgets it."""
    if body:
        Draft.objects.update_or_create(user=user, key=key, defaults={"body": body, "saved_at": at})
    else:
        forget(user=user, key=key)


def forget(*, user: User, key: str) -> None:
    """The form was submitted: nothing is left to keep."""
    Draft.objects.filter(user=user, key=key).delete()


def kept(*, user: User, key: str) -> dict[str, Any]:
    """What was typed into this form and not submitted; empty when nothing was."""
    draft = Draft.objects.filter(user=user, key=key).first()
    body: Any = draft.body if draft else {}
    return dict(body)
