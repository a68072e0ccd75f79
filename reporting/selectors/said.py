"""通知: what was said to a post, and what of it this officer has not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from rehab.ledgers.deadlines import clocks
from rehab.models import Case, Event, Notice, NoticeRead, User
from rehab.naming import shown_name
from reporting.sayings import asked_for
from zones.transfer_clocks import ROAD


@dataclass(frozen=True)
class Line:
    """One notice in words."""

    pk: UUID
    kind: str
    text: str
    tone: str
    person: str
    number: str
    linked: bool
    url: str  # where what is said is done, if that is not the file
    due_at: datetime | None
    written_at: datetime
    outage: tuple[date, date] | None
    read: bool

    def __str__(self) -> str:
        return f"{self.text} {self.person or self.number}".strip()


TONES = {
    Notice.Kind.OVERDUE: "overdue",
    Notice.Kind.ESCALATED: "overdue",
    Notice.Kind.DUE: "today",
    Notice.Kind.COMING: "soon",
}


ALARMS: Mapping[str, str] = {  # what is told and cannot wait, in words
    Event.Kind.ABSENT_AT_MUSTER: "点名不在场，原因不明",
}


OF_ESCAPES = frozenset(
    {
        Event.Kind.UNCOUNTED_PROPOSED, Event.Kind.UNCOUNTED_RETURNED,
        Event.Kind.REVERSAL_PROPOSED, Event.Kind.REVERSAL_RETURNED,
        Event.Kind.UNCOUNTED_WITHDRAWN, Event.Kind.REVERSAL_WITHDRAWN,
    }
)  # fmt: skip


OF_TERMS = frozenset(
    {
        Event.Kind.TERM_DECISION_PROPOSED, Event.Kind.TERM_DECISION_CONFIRMED,
        Event.Kind.TERM_DECISION_RETURNED, Event.Kind.TERM_UNDO_PROPOSED,
        Event.Kind.TERM_DECISION_UNDONE, Event.Kind.TERM_UNDO_RETURNED,
        Event.Kind.TERM_DECISION_WITHDRAWN, Event.Kind.TERM_UNDO_WITHDRAWN,
    }
)  # fmt: skip


OF_DECISIONS = frozenset(
    {
        Event.Kind.DECISION_CORRECTION_PROPOSED, Event.Kind.DECISION_CORRECTED,
        Event.Kind.DECISION_UPHELD, Event.Kind.DECISION_CORRECTION_RETURNED,
    }
)  # fmt: skip


OF_TRANSFERS = frozenset(
    {
        Event.Kind.TRANSFER_PROPOSED, Event.Kind.TRANSFER_APPROVED, Event.Kind.TRANSFER_DEPARTED,
        Event.Kind.TRANSFER_RECEIVED, Event.Kind.TRANSFER_RETURNED, Event.Kind.TRANSFER_SENT_BACK,
        Event.Kind.TRANSFER_TAKEN_BACK, Event.Kind.TRANSFER_WITHDRAWN, Event.Kind.TRANSFER_ENDED,
        ROAD,
    }
)  # fmt: skip


def notices(user: User) -> QuerySet[Any]:
    """What was said to the post, of every deadline the last word, unread first, then the newest."""
    return (
        Notice.objects.standing(user)
        .select_related("case__person")
        .annotate(
            read=Exists(NoticeRead.objects.filter(notice=OuterRef("pk"), user=user)),
            linked=Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case"))),
        )
        .order_by("read", "-written_at", "pk")
    )


def line(notice: Any, user: User) -> Line:
    """A notice as a line of the list; a name only where its case may still be opened."""
    known = clocks().get(notice.clock)
    return Line(
        pk=notice.pk,
        kind=notice.get_kind_display(),
        text=known.label if known else _told(notice),
        tone="overdue" if notice.clock in ALARMS else TONES.get(notice.kind, "later"),
        person=shown_name(notice.case.person, user) if notice.linked else "",
        number=notice.case.number if notice.case else "",
        linked=notice.linked,
        url=_done_at(notice),
        due_at=notice.due_at,
        written_at=notice.written_at,
        outage=(notice.outage_from, notice.outage_to) if notice.outage_from else None,
        read=notice.read,
    )


def _done_at(notice: Notice) -> str:
    """The page of what waits for the reader of the notice; its key is the cycle."""
    if notice.clock in (Event.Kind.MERGE_PROPOSED, Event.Kind.MERGE_RETURNED):
        return reverse("rehab:merge-detail", args=[notice.cycle])
    if notice.clock in OF_ESCAPES:
        return reverse("intake:escape-detail", args=[notice.cycle])
    if notice.clock in OF_TERMS:
        return reverse("aftercare:term-decision-detail", args=[notice.cycle])
    if notice.clock in OF_DECISIONS:
        return reverse("aftercare:decision-correction-detail", args=[notice.cycle])
    if notice.clock in OF_TRANSFERS:
        return reverse("zones:transfer-detail", args=[notice.cycle])
    return ""


def _told(notice: Notice) -> str:
    """The words of an event's kind; a word that no ledger knows stands for itself."""
    if notice.clock == Event.Kind.CONDITION_ASKED:
        return f"大队请办理：{asked_for(notice.cycle.split()[0])}"
    if notice.clock in ALARMS:
        return ALARMS[notice.clock]
    return str(dict(Event.Kind.choices).get(notice.clock, notice.clock))
