"""What is owed after entry, done: each with its day and how, two of them with a document."""

from datetime import datetime

from django.db import transaction

from intake.models import CompletionItem
from intake.rules import completion
from intake.selectors.completion import completion_obstacles
from intake.selectors.papers import entry_register_facts, family_notice_facts, rights_facts
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, outbox
from rehab.models import Case, Document, Event, User
from rehab.refusal import Obstacle, Refused

WITH_PAPERS = completion.SHEETS | {"rights_notice", "family_notice"}


@transaction.atomic
def complete_item(
    *, case: Case, duty: str, note: str, done_at: datetime, by: User, at: datetime
) -> CompletionItem:
    """办结一项入所事项; the 入所登记表 is made with it. Those that are served, and the sheets,
    have their own acts."""
    if duty in WITH_PAPERS:
        raise ValueError(f"{duty} is completed with its document")
    case = cases.lock(case, "decision")

    _judge(case, duty, by=by, done_at=done_at, at=at)

    document = _register(case, by=by, at=at) if duty == "entry_register" else None
    return mark_done(
        case=case, duty=duty, manner="", note=note, document=document, by=by, done_at=done_at
    )


def _register(case: Case, *, by: User, at: datetime) -> Document:
    return documents.make_or_keep(
        case, "entry_register", "入所登记表", entry_register_facts(case),
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def give_rights_notice(
    *, case: Case, note: str, done_at: datetime, by: User, at: datetime
) -> CompletionItem:
    """入所谈话并告知权利义务: the notice is made, read out and signed. `note` on the talk."""
    case = cases.lock(case, "decision")

    _judge(case, "rights_notice", by=by, done_at=done_at, at=at)

    document = documents.make_or_keep(
        case, "rights", "权利义务告知书", rights_facts(case), by=by, at=at
    )
    return mark_done(
        case=case,
        duty="rights_notice",
        manner="当面",
        note=note,
        document=document,
        by=by,
        done_at=done_at,
    )


@transaction.atomic
def send_family_notice(
    *, case: Case, recipient: str, manner: str, done_at: datetime, by: User, at: datetime
) -> CompletionItem:
    """书面通知家属, within five days of entry; `manner` says how it was sent."""
    case = cases.lock(case, "decision")

    _judge(case, "family_notice", by=by, done_at=done_at, at=at)
    if not recipient.strip():
        raise Refused([Obstacle("“收件人”不能为空，请填写家属姓名")])

    document = documents.make_or_keep(
        case, "family_notice", "入所通知书", family_notice_facts(case, recipient.strip()),
        by=by, at=at,
    )  # fmt: skip
    return mark_done(
        case=case,
        duty="family_notice",
        manner=manner,
        note="",
        document=document,
        by=by,
        done_at=done_at,
    )


@transaction.atomic
def explain_no_family_notice(
    *, case: Case, reason: str, done_at: datetime, by: User, at: datetime
) -> CompletionItem:
    """记明不能通知家属的原因: no relative is known, or none can be reached."""
    case = cases.lock(case, "decision")

    _judge(case, "family_notice", by=by, done_at=done_at, at=at)
    if not reason.strip():
        raise Refused([Obstacle("“不能通知的原因”不能为空，请写明")])

    return mark_done(
        case=case,
        duty="family_notice",
        manner="无法通知",
        note=reason,
        document=None,
        by=by,
        done_at=done_at,
    )


def _judge(case: Case, duty: str, *, by: User, done_at: datetime, at: datetime) -> None:
    Refused.if_any(completion_obstacles(case, completion.duty(duty), by=by, done_at=done_at, at=at))


def mark_done(
    *,
    case: Case,
    duty: str,
    manner: str,
    note: str,
    document: Document | None,
    by: User,
    done_at: datetime,
) -> CompletionItem:
    """One duty done, in the ledgers too. Part of the act that did it; the caller holds the case."""
    item = CompletionItem.objects.create(
        case=case, duty=duty, done_at=done_at, done_by=by, manner=manner,
        note=note.strip() or None, document=document,
    )  # fmt: skip

    events.record(
        case,
        Event.Kind.COMPLETED,
        by=by,
        at=done_at,
        duty=duty,
        document=str(document.pk) if document else None,
    )
    deadlines.refresh([case])

    outbox.poke()
    return item
