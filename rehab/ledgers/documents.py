"""What was served: numbered 文书, kept with the facts they were made from, their bytes and hash."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from rehab import clock
from rehab.ledgers.events import subject_of
from rehab.models import Case, Document, Facility, User
from rehab.typeset import printed, typeset, with_stand_ins


def next_number(facility: Facility, kind: str, year: int) -> int:
    """The next number of a facility's own series; the row is the lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rehab_sequence (facility_id, kind, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (facility_id, kind, year) DO UPDATE SET last = rehab_sequence.last + 1"
            " RETURNING last",
            [facility.pk, kind, year],
        )
        return int(cursor.fetchone()[0])


def make(
    subject: Any,
    template: str,
    title: str,
    facts: Mapping[str, Any],
    *,
    mark: str,
    by: User,
    at: datetime,
    supersedes: Document | None = None,
) -> Document:
    """Typeset a document, number it in its facility's series and keep it.

    `mark` is the word in its number, as in （示一所）强戒解〔2026〕1号. The facts gain `number` and
    `issued_on`. A character that no font of ours has is printed as 〓 and named at the foot: a missing
    glyph never stops a document.
    """
    facility = subject.facility
    made_on = clock.day_of(at)
    serial = next_number(facility, mark, made_on.year)
    number = f"（{facility.short_name}）{mark}〔{made_on.year}〕{serial}号"
    full = with_stand_ins({**facts, "number": number, "issued_on": made_on})
    body = typeset(template, full)
    return Document.objects.create(
        **subject_of(subject),
        case=subject if isinstance(subject, Case) else None,
        facility=facility,
        template=template,
        title=title,
        number=number,
        facts=printed(full),
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        signed_by=by,
        made_at=at,
        supersedes=supersedes,
    )
