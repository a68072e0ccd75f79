"""A form is done once: its key is a row, written in the transaction of the act it led to."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest

from rehab.form_keys import FIELD, FormKey
from rehab.keys import new_key
from rehab.models import Submission
from rehab.sealed import keyed_index

Said = list[tuple[int, str]]  # messages: level and words


@dataclass(frozen=True)
class Answer:
    """Where a form led, if anywhere, what was said there, and when and from what it was sent."""

    to: str
    said: Said
    digest: str
    sent_at: datetime


def claim(*, form_key: FormKey, digest: str, at: datetime) -> bool:
    """Take the key for this transaction; False when an act stands under it already.

    Whoever comes with the same key meanwhile waits here, holding nothing, until this one is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rehab_submission (id, user_id, key, digest, sent_at)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (user_id, key) DO NOTHING",
            [new_key(), form_key.user, form_key.key, digest, at],
        )
        return bool(cursor.rowcount)


def give_back(*, form_key: FormKey) -> None:
    """Nothing was done: the same form may be sent again."""
    _of(form_key).delete()


def settle(*, form_key: FormKey, to: str, said: Said) -> None:
    """The act is done, and this is where it led."""
    _of(form_key).update(answer={"to": to, "said": said})


def answer_of(form_key: FormKey) -> Answer | None:
    """Where this form led when it was sent before."""
    sent = _of(form_key).filter(answer__isnull=False).first()
    if sent is None:
        return None
    return Answer(sent.answer["to"], sent.answer["said"], sent.digest, sent.sent_at)


@contextmanager
def alone(form_key: FormKey) -> Iterator[None]:
    """One at a time with this key, over several transactions: a batch, each of which stands for itself."""
    name = f"form {form_key.key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def digest_of(request: HttpRequest) -> str:
    """A keyed fingerprint of all that a form sent, its files included."""
    fields = sorted(
        (name, values)
        for name, values in request.POST.lists()
        if name not in (FIELD, "csrfmiddlewaretoken")
    )
    files = [
        (name, file.name, _hash(file))
        for name in sorted(request.FILES)
        for file in request.FILES.getlist(name)
    ]
    return keyed_index(repr((request.path, fields, files)), purpose="submission")


def _hash(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _of(form_key: FormKey) -> Any:
    return Submission.objects.filter(user_id=form_key.user, key=form_key.key)
