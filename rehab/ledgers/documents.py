"""What was served: numbered 文书, kept with the facts they were made from, their bytes and hash."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import connection

from rehab import clock
from rehab.document_kinds import kind
from rehab.ledgers.events import subject_of
from rehab.models import Case, Document, Facility, User
from rehab.net import net
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
    by: User,
    at: datetime,
    supersedes: Document | None = None,
    may_wait: bool = False,
) -> Document:
    """Typeset a document, number it in its facility's series and keep it.

    The facts gain `number`, `issued_on` and `check`, the 校验码 printed at its foot. A character that
    no font of ours has is printed as 〓 and named at the foot: a missing glyph never stops a document.
    With `may_wait` nothing else does either: what cannot be typeset is kept with its number and facts,
    without bytes, for `print_waiting`.
    """
    facility = subject.facility
    made_on = clock.day_of(at)
    wording = kind(template).wording
    serial = next_number(facility, wording.mark, made_on.year)
    number = wording.numbered(facility=facility.short_name, year=made_on.year, serial=serial)
    given = {**facts, "number": number, "issued_on": made_on}
    full, body = given, None
    with net("%s waits to be typeset", number) if may_wait else nullcontext():
        full, body = _typeset(template, given)
    return Document.objects.create(
        **subject_of(subject),
        case=subject if isinstance(subject, Case) else None,
        facility=facility,
        template=template,
        title=title,
        number=number,
        facts=printed(full),
        body=body,
        sha256=_hash(body),
        signed_by=by,
        made_at=at,
        supersedes=supersedes,
    )


def _typeset(template: str, given: Mapping[str, Any]) -> tuple[dict[str, object], bytes]:
    """What the document says, with its 校验码, and its bytes."""
    full = with_stand_ins(given)
    full["check"] = check_code(printed(full))
    return full, typeset(template, full)


def _hash(body: bytes | None) -> str:
    return "" if body is None else hashlib.sha256(body).hexdigest()


def print_waiting(document: Document) -> bool:
    """Typeset a document that had to wait: its own number, day and facts. False when it still cannot be."""
    facts: Any = document.facts
    with net("%s still waits to be typeset", document.number) as caught:
        full, body = _typeset(
            document.template, {**facts, "issued_on": clock.day_of(document.made_at)}
        )
    if caught.fell:
        return False
    document.facts, document.body, document.sha256 = printed(full), body, _hash(body)
    document.save(update_fields=["facts", "body", "sha256"])
    return True


def current(case: Case, template: str) -> Document | None:
    """The newest 文书 of a kind that nothing has superseded."""
    of_kind = Document.objects.filter(case=case, template=template, superseded_by__isnull=True)
    return of_kind.order_by("-made_at", "-number").first()


def make_or_keep(
    case: Case, template: str, title: str, facts: Mapping[str, Any], *, by: User, at: datetime
) -> Document:
    """The 文书 of this kind that stands already and says the same, else a new one in its place.

    What was printed before the act, to be read and signed, is then what the act names.
    """
    former = current(case, template)
    if former is not None and _said(former.facts) == _said(printed(with_stand_ins(facts))):
        return former
    return make(case, template, title, facts, by=by, at=at, supersedes=former)


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says of its subject, whatever its number and day."""
    return {
        key: value for key, value in facts.items() if key not in ("number", "issued_on", "check")
    }


def check_code(facts: Mapping[str, Any]) -> str:
    """校验码: eight digits that follow from everything a document says, printed on it."""
    said = {key: value for key, value in facts.items() if key != "check"}
    words = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()[:8]
