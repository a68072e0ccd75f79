"""The sheet that somebody is given about himself, and that it was read to him and signed."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from centers.assessment import selectors
from centers.assessment.rules import telling as rules
from centers.assessment.rules.telling import Told
from centers.assessment.selectors.telling import KIND, Person
from centers.models import Telling, TellingScan
from rehab.actions import cases
from rehab.clock import day_of
from rehab.ledgers import deadlines, documents, events, outbox
from rehab.models import Case, Document, Event, User
from rehab.refusal import Obstacle, Outcome, Refused

WITH = ("person", "decision", "facility")
SCANS = 10  # of one telling


@transaction.atomic
def tell_person(*, case: Case, by: User, at: datetime, language: str | None = None) -> Document:
    """制作本人情况告知单. The sheet that says the same already is taken again.

    In the language in which he was told his rights, unless another is named.
    """
    languages = {case.pk: language} if language else None
    return tell_people(people=[case], by=by, at=at, languages=languages).only()


@transaction.atomic
def tell_people(
    *, people: Iterable[Case], by: User, at: datetime, languages: dict[UUID, str] | None = None
) -> Outcome[Document]:
    """制作本人情况告知单, of several at once; whoever cannot be told stays out, with the reason."""
    locked = cases.lock_all([case.pk for case in people], *WITH)
    on = day_of(at)

    refused = {
        case.pk: reasons for case in locked if (reasons := selectors.told_obstacles(case, on=on))
    }
    told = [case for case in locked if case.pk not in refused]
    read = documents.languages_read(told) | (languages or {})
    facts = selectors.facts_told(told, read, on=on)
    formers = selectors.sheets_of(told)

    made = []
    for case in told:
        sheet = documents.make_or_keep(
            case, KIND, "本人情况告知单", facts[case.pk], by=by, at=at, language=read[case.pk]
        )
        made.append(sheet)

    events.record_all(
        events.entry(case, Event.Kind.PERSON_TOLD, by=by, at=at, document=str(sheet.pk))
        for case, sheet in zip(told, made, strict=True)
        if formers.get(case.pk) != sheet
    )
    return Outcome(tuple(made), refused)


@transaction.atomic
def record_telling(
    *,
    case: Case,
    sheet: Document | None,
    told: Told,
    by: User,
    at: datetime,
    scan: bytes | None = None,
) -> Telling:
    """登记告知: one person was told from this sheet, and signed or refused; perhaps with the scan of it."""
    case = cases.lock(case, *WITH)

    person = Person(case, selectors.sheet_of(case, sheet.pk if sheet else None), told)
    Refused.if_any(selectors.tellings_obstacles([person], by=by, at=at)[case.pk])

    (telling,) = _record([person], by=by, at=at)
    if scan is not None:
        _keep(telling, scan, by=by, at=at)

    outbox.poke()
    return telling


@transaction.atomic
def record_tellings(
    *, people: Iterable[Case], told_at: datetime, by: User, at: datetime
) -> Outcome[Telling]:
    """登记已告知, of several at once: to each the officer read the sheet that stands, and he signed.

    In the language of his rights notice; whoever needs an interpreter, or anything else, stays out.
    """
    locked = cases.lock_all([case.pk for case in people], *WITH)

    read, sheets = documents.languages_read(locked), selectors.sheets_of(locked)
    told = [Person(case, sheets.get(case.pk), Told(told_at, read[case.pk])) for case in locked]
    obstacles = selectors.tellings_obstacles(told, by=by, at=at)
    refused = {key: reasons for key, reasons in obstacles.items() if reasons}

    done = _record([one for one in told if one.case.pk not in refused], by=by, at=at)

    outbox.poke()
    return Outcome(done, refused)


def _record(people: Sequence[Person], *, by: User, at: datetime) -> tuple[Telling, ...]:
    """The rows and the ledgers of what was told. Part of the act that judged it."""
    rows = Telling.objects.bulk_create(
        Telling(
            case=one.case,
            sheet=one.sheet,
            by=by,
            told_at=one.told.told_at,
            recorded_at=at,
            language=one.told.language,
            manner=one.told.manner,
            interpreter=one.told.interpreter.strip() or None,
            signed=one.told.signed,
            witness_id=one.told.witness,
            refusal=one.told.refusal.strip() or None,
        )
        for one in people
    )
    events.record_all(
        events.entry(
            row.case,
            Event.Kind.TELLING_RECORDED,
            by=by,
            at=row.told_at,
            telling=str(row.pk),
            document=str(row.sheet_id),
            language=row.language,
            manner=row.manner,
            signed=row.signed,
        )
        for row in rows
    )
    if rows:
        deadlines.refresh([row.case for row in rows])
    return tuple(rows)


@transaction.atomic
def add_telling_scan(*, telling: Telling, scan: bytes, by: User, at: datetime) -> TellingScan:
    """上传签名扫描件: the sheet as he signed it, cleaned of all but its pages."""
    case = cases.lock(telling.case)
    telling = Telling.objects.get(pk=telling.pk, case=case)

    Refused.if_any(_scan_obstacles(telling, scan))

    kept = _keep(telling, scan, by=by, at=at)

    outbox.poke()
    return kept


def _scan_obstacles(telling: Telling, scan: bytes) -> tuple[Obstacle, ...]:
    if telling.withdrawn_at is not None:
        return (Obstacle("这条告知登记已经撤回，不能再上传扫描件"),)
    known = set(telling.scans.values_list("sha256", flat=True))
    if _digest(scan) in known:
        return (Obstacle("这份扫描件已经上传"),)
    if len(known) >= SCANS:
        return (Obstacle(f"一次告知最多上传 {SCANS} 份扫描件"),)
    return ()


def _keep(telling: Telling, scan: bytes, *, by: User, at: datetime) -> TellingScan:
    kept = TellingScan.objects.create(
        telling=telling, scan=scan, sha256=_digest(scan), uploaded_by=by, uploaded_at=at
    )
    events.record(
        telling.case, Event.Kind.TELLING_SCANNED, by=by, at=at,
        telling=str(telling.pk), scan=str(kept.pk),
    )  # fmt: skip
    return kept


def _digest(scan: bytes) -> str:
    return hashlib.sha256(scan).hexdigest()


@transaction.atomic
def withdraw_telling(*, telling: Telling, reason: str, by: User, at: datetime) -> Telling:
    """撤回告知登记 that was entered for the wrong person: what it settled is owed again."""
    case = cases.lock(telling.case)
    telling = Telling.objects.get(pk=telling.pk, case=case)

    withdrawn = telling.withdrawn_at is not None
    Refused.if_any(rules.withdrawal_obstacles(withdrawn=withdrawn, reason=reason))

    telling.withdrawn_at, telling.withdrawn_by = at, by
    telling.why_withdrawn = reason.strip()
    telling.save(update_fields=["withdrawn_at", "withdrawn_by", "why_withdrawn"])

    events.record(case, Event.Kind.TELLING_WITHDRAWN, by=by, at=at, telling=str(telling.pk))
    deadlines.refresh([case])

    outbox.poke()
    return telling
