"""What was served: numbered 文书, kept with the facts they were made from, their bytes and hash."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from rehab import clock
from rehab.ledgers import wordings
from rehab.ledgers.events import subject_of
from rehab.models import Case, Document, DocumentMention, DocumentWording, Facility, Unit, User
from rehab.net import net
from rehab.typeset import printed, with_stand_ins


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
    mentions: Sequence[Case] = (),
    unit: Unit | None = None,
    language: str = wordings.CHINESE,
) -> Document:
    """Typeset a document, number it in its facility's series and keep it.

    The facts gain `number`, `issued_on` and `check`, the 校验码 printed at its foot. A character that
    no font of ours has is printed as 〓 and named at the foot: a missing glyph never stops a document,
    nor does what a province worded badly. With `may_wait` nothing else does either: what cannot be
    typeset is kept with its number and facts, without bytes, for `print_waiting`.
    One about several people `mentions` each; `unit` receives them.
    """
    facility = subject if isinstance(subject, Facility) else subject.facility
    made_on = clock.day_of(at)
    choice = wordings.chosen(template, facility, on=made_on, language=language)
    serial = next_number(facility, choice.wording.mark, made_on.year)
    number = choice.wording.numbered(facility=facility.short_name, year=made_on.year, serial=serial)
    given = {**facts, "number": number, "issued_on": made_on}
    full: dict[str, object] = given
    body, row = None, None
    with net("%s waits to be typeset", number) if may_wait else nullcontext():
        full, body, row = _typeset(choice, given)
    document = Document.objects.create(
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
        unit=unit,
        wording=row,
    )
    DocumentMention.objects.bulk_create(
        DocumentMention(document=document, case=case) for case in mentions
    )
    return document


def _typeset(
    choice: wordings.Chosen, given: Mapping[str, Any]
) -> tuple[dict[str, object], bytes, DocumentWording | None]:
    """What the document says, with its 校验码, its bytes, and whose wording they have."""
    full = with_stand_ins(given)
    full["check"] = check_code(printed(full))
    return full, *wordings.set_in(choice, full)


def _hash(body: bytes | None) -> str:
    return "" if body is None else hashlib.sha256(body).hexdigest()


def print_waiting(document: Document) -> bool:
    """Typeset a document that had to wait: its own number, day and facts. False when it still cannot be."""
    facts: Any = document.facts
    made_on = clock.day_of(document.made_at)
    choice = wordings.chosen(document.template, document.facility, on=made_on)
    with net("%s still waits to be typeset", document.number) as caught:
        full, body, row = _typeset(choice, {**facts, "issued_on": made_on})
    if caught.fell:
        return False
    document.facts, document.body, document.sha256 = printed(full), body, _hash(body)
    document.wording = row
    document.save(update_fields=["facts", "body", "sha256", "wording"])
    return True


def current(case: Case, template: str) -> Document | None:
    """The newest 文书 of a kind that nothing has superseded."""
    of_kind = Document.objects.filter(case=case, template=template, superseded_by__isnull=True)
    return of_kind.order_by("-made_at", "-number").first()


def languages_read(cases: Collection[Case]) -> dict[UUID, str]:
    """In which language each was told his rights, by the papers that stand; Chinese where there are none."""
    standing = Document.objects.filter(
        case__in=[case.pk for case in cases], template="rights", superseded_by__isnull=True
    )
    codes = {spoken: code for code, spoken in wordings.LANGUAGES.items()}
    found = {case.pk: wordings.CHINESE for case in cases}
    for case, facts in standing.order_by("made_at", "number").values_list("case", "facts"):
        found[case] = codes.get(str(facts.get("foreign_language", "")), wordings.CHINESE)
    return found


def make_or_keep(
    case: Case,
    template: str,
    title: str,
    facts: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    language: str = wordings.CHINESE,
) -> Document:
    """The 文书 of this kind that stands already and says the same, else a new one in its place.

    What was printed before the act, to be read and signed, is then what the act names.
    """
    former = current(case, template)
    if former is not None and says(former, facts):
        return former
    return make(case, template, title, facts, by=by, at=at, supersedes=former, language=language)


def says(document: Document, facts: Mapping[str, Any]) -> bool:
    """Whether a document says all this of its subject, whatever else it says."""
    wanted = printed(with_stand_ins(facts))
    return all(document.facts.get(key) == value for key, value in wanted.items() if value)


def check_code(facts: Mapping[str, Any]) -> str:
    """校验码: eight digits that follow from everything a document says, printed on it."""
    said = {key: value for key, value in facts.items() if key != "check"}
    words = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()[:8]


class Verdict(StrEnum):
    """What can be said of a paper in the hand."""

    TRUE = "true"
    FALSE = "false"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verified:
    verdict: Verdict
    document: Document | None = None


def verified(user: User, *, number: str, code: str) -> Verified:
    """Whether a paper of this number and code is among the documents the user may see."""
    of_number = Document.objects.visible_to(user).filter(
        number=_as_printed(number), body__isnull=False
    )
    seen = list(of_number.select_related("facility", "signed_by", "superseded_by"))
    for document in seen:
        kept = _hash(document.pdf)
        if code not in (document.sha256[:8], check_code(document.facts)):
            continue
        whole = kept == document.sha256 and document.facts.get("check") in (
            None, check_code(document.facts),
        )  # fmt: skip
        return Verified(Verdict.TRUE if whole else Verdict.ALTERED, document)
    return Verified(Verdict.FALSE if seen else Verdict.UNKNOWN)


def _as_printed(number: str) -> str:
    """A number as it stands on paper, however its brackets were typed."""
    typed = number.strip().translate(str.maketrans("()[]【】", "（）〔〕〔〕"))
    return "".join(typed.split())
