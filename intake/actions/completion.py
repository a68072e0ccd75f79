"""What is owed after entry, done: each with its day and how, two of them with a document."""

from datetime import datetime

from django.db import transaction

from intake.models import CompletionItem
from intake.rules import completion, family
from intake.rules.family import WORDS, NoNotice
from intake.selectors.completion import completion_obstacles, interpreter_obstacles
from intake.selectors.papers import entry_register_facts, family_notice_facts, rights_facts
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, outbox
from rehab.ledgers.wordings import CHINESE, LANGUAGES
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
    *,
    case: Case,
    note: str,
    done_at: datetime,
    by: User,
    at: datetime,
    language: str = CHINESE,
    interpreter: str = "",
) -> CompletionItem:
    """入所谈话并告知权利义务: the notice is made, read out in his language and signed. `note` on the talk.

    Where there is no text in the language, an `interpreter` says it aloud.
    """
    case = cases.lock(case, "decision")

    obstacles = interpreter_obstacles(case, language, interpreter, at=at)
    _judge(case, "rights_notice", *obstacles, by=by, done_at=done_at, at=at)

    document = documents.make_or_keep(
        case, "rights", "权利义务告知书", rights_facts(case, language),
        by=by, at=at, language=language,
    )  # fmt: skip
    if interpreter.strip():
        note = f"口头翻译：{LANGUAGES[language]}，翻译人员{interpreter.strip()}。{note}"
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
    *,
    case: Case,
    recipient: str,
    manner: str,
    proof: str,
    done_at: datetime,
    by: User,
    at: datetime,
) -> CompletionItem:
    """书面通知家属, within five days of entry; `manner` says how it was sent, `proof` that it was."""
    case = cases.lock(case, "decision")

    obstacles = family.sending_obstacles(recipient=recipient, proof=proof)
    _judge(case, "family_notice", *obstacles, by=by, done_at=done_at, at=at)

    document = documents.make_or_keep(
        case, "family_notice", "入所通知书", family_notice_facts(case, recipient.strip()),
        by=by, at=at,
    )  # fmt: skip
    return mark_done(
        case=case,
        duty="family_notice",
        manner=manner,
        note=proof,
        document=document,
        by=by,
        done_at=done_at,
    )


@transaction.atomic
def explain_no_family_notice(
    *,
    case: Case,
    ground: NoNotice,
    reason: str,
    confirmed_by: User | None,
    done_at: datetime,
    by: User,
    at: datetime,
) -> CompletionItem:
    """记明不能通知家属的原因, on one of the lawful grounds; a second officer has looked as well."""
    case = cases.lock(case, "decision")

    obstacles = family.silence_obstacles(
        reason=reason, officer=str(by.pk), second=str(confirmed_by.pk) if confirmed_by else None
    )
    _judge(case, "family_notice", *obstacles, by=by, done_at=done_at, at=at)

    return mark_done(
        case=case,
        duty="family_notice",
        manner="无法通知",
        note=f"{WORDS[ground].message}：{reason}",
        confirmed_by=confirmed_by,
        document=None,
        by=by,
        done_at=done_at,
    )


def _judge(
    case: Case, duty: str, *more: Obstacle, by: User, done_at: datetime, at: datetime
) -> None:
    owed = completion.duty(duty)
    Refused.if_any((*completion_obstacles(case, owed, by=by, done_at=done_at, at=at), *more))


def mark_done(
    *,
    case: Case,
    duty: str,
    manner: str,
    note: str,
    document: Document | None,
    by: User,
    done_at: datetime,
    confirmed_by: User | None = None,
) -> CompletionItem:
    """One duty done, in the ledgers too. Part of the act that did it; the caller holds the case."""
    item = CompletionItem.objects.create(
        case=case, duty=duty, done_at=done_at, done_by=by, manner=manner,
        note=note.strip() or None, document=document, confirmed_by=confirmed_by,
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
