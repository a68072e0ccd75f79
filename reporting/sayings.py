"""经过 in words: what a line of the timeline says of an event, from its codes alone."""

from dataclasses import dataclass
from datetime import datetime

from rehab.actions.access import SEALED
from rehab.models import Event


@dataclass(frozen=True)
class Saying:
    """A line of 经过."""

    at: datetime
    kind: str
    text: str
    by: str
    time_unknown: bool


def said(event: Event) -> Saying:
    """The line of an event."""
    return Saying(
        at=event.happened_at,
        kind=event.get_kind_display(),
        text=_text(event),
        by=event.by.display_name if event.by else "系统",
        time_unknown=not event.time_known,
    )


def _text(event: Event) -> str:
    facts = event.facts
    match event.kind:
        case Event.Kind.IDENTITY_VIEWED:
            return f"查看{SEALED.get(facts.get('field', ''), '封存内容')}（已留痕）"
        case Event.Kind.LEAVE_GRANTED:
            return f"批准文号 {facts['approval']}"
        case _:
            return ""
