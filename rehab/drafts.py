"""Drafts: what was typed and not yet submitted, sealed, one per officer and form, for three days.

They live in real time, as sessions do: a demo that moves its business day loses none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.http import QueryDict

from rehab import scope
from rehab.form_keys import FIELD, KEPT_FOR, FormKey
from rehab.models import Draft, Submission

LIMIT_BYTES = 200_000
LONGEST_KEY = 120
UNKEPT = frozenset({FIELD, "csrfmiddlewaretoken"})

Body = Mapping[str, Sequence[str]]  # what a browser sends: several values for a name

LAST = "kept_with"  # beside what was typed: the key of the page that was sent as it was kept


def keep(*, form_key: FormKey, sent: QueryDict, at: datetime, last: bool = False) -> bool:
    """Keep what a form holds in place of its former draft; whether it is kept.

    The key says whose it is, so that it is kept for him even when he is signed out. What was
    submitted meanwhile is no draft any more. `last`: the page itself was sent and is gone; an automatic
    save of it that arrives later is older.
    """
    key = _key(form_key.page, form_key.form)
    body = {name: values for name, values in sent.lists() if _keepable(name)}
    if key is None or not body or sum(map(len, map(str, body.values()))) > LIMIT_BYTES:
        return False
    with scope.within(scope.Scope(actor=str(form_key.user))):
        if Submission.objects.filter(user_id=form_key.user, key=form_key.key).exists():
            return False
        stamp = str(form_key.key)
        kept = Draft.objects.filter(user_id=form_key.user, key=key).first()
        if kept and not last and kept.body.get(LAST) == [stamp]:
            return True
        if last:
            body[LAST] = [stamp]
        Draft.objects.update_or_create(
            user_id=form_key.user, key=key, defaults={"body": body, "saved_at": at}
        )
    return True


def forget(*, form_key: FormKey) -> None:
    """The form was submitted: nothing of it is left to keep."""
    key = _key(form_key.page, form_key.form)
    if key is not None:
        Draft.objects.filter(user_id=form_key.user, key=key).delete()


def forget_page(*, form_key: FormKey) -> None:
    """弃用草稿: every draft of the page on which the form stands."""
    Draft.objects.filter(_of_page(form_key.page), user_id=form_key.user).delete()


def sweep(*, at: datetime) -> int:
    """Remove what is older than three days, whoever typed it; how much there was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rehab_forget_typed(%s)", [at - KEPT_FOR])
        (removed,) = cursor.fetchone()
    return int(removed)


class Drafts:
    """The drafts of one page and one officer, asked for at most once and only when a form wants its own."""

    def __init__(self, *, user_id: UUID, page: str, at: datetime) -> None:
        self.page = page
        self._user_id, self._at = user_id, at
        self.restored_at: datetime | None = None
        self.without_files = False

    def of(self, form: str) -> Body | None:
        """What was typed into this form of the page and not submitted."""
        draft = self._kept.get(f"{self.page}#{form}")
        if draft is None:
            return None
        self.restored_at = max(draft.saved_at, self.restored_at or draft.saved_at)
        body: Body = draft.body
        return body

    @cached_property
    def _kept(self) -> dict[str, Draft]:
        young = Draft.objects.filter(user_id=self._user_id, saved_at__gt=self._at - KEPT_FOR)
        return {draft.key: draft for draft in young.filter(_of_page(self.page))}


def _of_page(page: str) -> Q:
    return Q(key__startswith=f"{page}#")


def _key(page: str, form: str | None) -> str | None:
    """What a draft is found by; None for a form that keeps none."""
    key = f"{page}#{form}"
    return key if form is not None and len(key) <= LONGEST_KEY else None


def _keepable(name: str) -> bool:
    return name not in UNKEPT and "password" not in name
