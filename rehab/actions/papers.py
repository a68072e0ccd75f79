"""文书 on paper: every print of one is kept; the first is the 正本, every later one says that it is a copy."""

from collections.abc import Sequence
from datetime import date, datetime

import typst
from django.db import transaction

from rehab.clock import day_of
from rehab.document_kinds import DocumentKind, kind
from rehab.ledgers import events, wordings
from rehab.models import (
    AccessRecord,
    Bureau,
    Document,
    DocumentMention,
    DocumentPrint,
    DocumentWording,
    Event,
    User,
)
from rehab.printing import bundled, marked_copy
from rehab.refusal import Obstacle, Refused
from rehab.rules import provincial as rules
from rehab.rules.days import SHANGHAI
from rehab.rules.wording import BadWording, Wording, wording_obstacles
from rehab.typeset import TypesetterBroken, missing_glyphs


@transaction.atomic
def print_documents(*, documents: Sequence[Document], by: User, really_at: datetime) -> bytes:
    """打印文书, one or several as one file: who printed which copy is kept, in real time."""
    keys = sorted(document.pk for document in documents)
    locked = Document.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    of_key = {one.pk: one for one in locked.select_related("superseded_by")}
    bodies = []

    for document in documents:
        one = of_key[document.pk]
        copy = _next_copy(one)
        bodies.append(_body(one, copy, by=by, really_at=really_at))
        DocumentPrint.objects.create(document=one, copy=copy, by=by, at=really_at)
        words = f"重印第 {copy} 份" if copy else "正本"
        _record(one, f"打印{one.number}（{words}）", by=by, really_at=really_at)

    return bodies[0] if len(bodies) == 1 else bundled(bodies)


def _next_copy(document: Document) -> int:
    """0 for the 正本; one that was superseded before it was printed is a copy from the first."""
    printed = document.prints.count()
    return max(printed, 1) if _successor(document) else printed


def _successor(document: Document) -> Document | None:
    found: Document | None = getattr(document, "superseded_by", None)
    return found


def _body(document: Document, copy: int, *, by: User, really_at: datetime) -> bytes:
    body = document.pdf
    if not copy:
        return body
    when = really_at.astimezone(SHANGHAI)
    words = f"重印第 {copy} 份　{by.display_name}　{when:%Y-%m-%d %H:%M}　原件摘要 {document.sha256[:8]}"
    successor = _successor(document)
    return marked_copy(body, f"{words}　已由{successor.number}替代" if successor else words)


@transaction.atomic
def record_opening(*, document: Document, by: User, really_at: datetime, part: str = "") -> None:
    """查阅文书, or a `part` of what is kept with it: who looked at it on the screen is kept, in real time."""
    _record(document, f"查阅{document.number}{part}", by=by, really_at=really_at)


def _record(document: Document, purpose: str, *, by: User, really_at: datetime) -> None:
    """A line of the access ledger for everybody the document is about."""
    cases = (
        [document.case_id]
        if document.case_id
        else DocumentMention.objects.filter(document=document).values_list("case_id", flat=True)
    )
    AccessRecord.objects.bulk_create(
        AccessRecord(
            user=by,
            case_id=case,
            facility_id=document.facility_id,
            field="document",
            purpose=purpose,
            at=really_at,
        )
        for case in cases
    )


@transaction.atomic
def set_document_wording(
    *,
    province: Bureau,
    code: str,
    language: str,
    wording: Wording,
    effective_from: date,
    by: User,
    at: datetime,
) -> DocumentWording:
    """拟定文书格式, from a day on: a new version, proved on an invented person before it is kept.

    Nothing is printed by it before a second person confirms it.
    """
    province = Bureau.objects.select_for_update(of=("self",)).get(pk=province.pk)

    Refused.if_any(_obstacles(kind(code), language, wording, effective_from, at=at))

    former = wordings.versions(code, province, language=language)
    row = DocumentWording.objects.create(
        province=province,
        kind=code,
        language=language,
        version=former[0].version + 1 if former else 1,
        effective_from=effective_from,
        parts=wording.parts(),
        set_by=by,
        set_at=at,
    )

    events.record(province, Event.Kind.RULE_PROPOSED, by=by, at=at, document_wording=str(row.pk))
    return row


@transaction.atomic
def confirm_document_wording(*, row: DocumentWording, by: User, at: datetime) -> DocumentWording:
    """确认文书格式, never by who worded it: it is in force from its day on."""
    row = DocumentWording.objects.select_for_update(of=("self",)).get(pk=row.pk)

    Refused.if_any(confirmation_obstacles(row=row, by=by))

    row.confirmed_by, row.confirmed_at = by, at
    row.save(update_fields=["confirmed_by", "confirmed_at"])

    events.record(row.province, Event.Kind.RULE_SET, by=by, at=at, document_wording=str(row.pk))
    return row


def confirmation_obstacles(*, row: DocumentWording, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not confirm a version."""
    if row.confirmed_at is not None:
        return (Obstacle(f"第 {row.version} 版已经确认，请刷新页面查看"),)
    return rules.decision_obstacles(open_=True, same_person=row.set_by_id == by.pk, act="确认")


def _obstacles(
    one: DocumentKind, language: str, wording: Wording, effective_from: date, *, at: datetime
) -> tuple[Obstacle, ...]:
    early = effective_from < day_of(at)
    return (
        *([Obstacle("“施行日期”早于今日，请改为今日或者以后")] if early else []),
        *wording_obstacles(wording, one.bounds),
    ) or proof_obstacles(one, language, wording)


def proof_obstacles(one: DocumentKind, language: str, wording: Wording) -> tuple[Obstacle, ...]:
    """Why a wording cannot be printed: it is typeset, with everything known and with little."""
    if missing := missing_glyphs(wording.parts()):
        words = "、".join(f"{character}（U+{ord(character):04X}）" for character in missing)
        return (Obstacle(f"字库中没有这些字，无法打印：{words}，请换用其他字"),)
    try:
        for facts in (one.sample, one.bare):
            wordings.previewed(one, language, wording, facts)
    except (typst.TypstError, TypesetterBroken, BadWording):
        return (Obstacle("按此格式排不出文书，请对照现行格式检查后再保存"),)
    return ()
