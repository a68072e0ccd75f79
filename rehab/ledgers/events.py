"""What happened: one row per act, written by the act itself, never changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from rehab import clock
from rehab.ledgers.changes import Change, as_facts, as_words
from rehab.models import Bureau, Case, Event, Facility, Station, Subject, User

_SUBJECTS = {
    "rehab.case": Subject.CASE,
    "rehab.facility": Subject.FACILITY,
    "rehab.station": Subject.STATION,
    "rehab.user": Subject.ACCOUNT,
    "rehab.bureau": Subject.BUREAU,
    "intake.arrival": Subject.ARRIVAL,
    "intake.roster": Subject.ROSTER,
}

_CODE = re.compile(r"[!-~]*")  # no space and nothing in Chinese: nobody's name, nobody's words


def subject_of(thing: Any) -> dict[str, Any]:
    """The columns by which a ledger row names what it is about."""
    return {"subject_type": _SUBJECTS[thing._meta.label_lower], "subject_id": thing.pk}


def facility_key(thing: Any) -> Any:
    """The facility under which a ledger row about `thing` is seen; None for accounts, stations, bureaus."""
    if isinstance(thing, Facility):
        return thing.pk
    return None if isinstance(thing, Bureau | Station | User) else thing.facility_id


def record(subject: Any, kind: Event.Kind, *, by: User | None, at: datetime, **more: Any) -> Event:
    """Write down an act: `at` is when it happened; for what more may be said see `entry`."""
    (event,) = record_all([entry(subject, kind, by=by, at=at, **more)])
    return event


def record_all(entries: Iterable[Event]) -> list[Event]:
    """Write down what was done for several at once."""
    return Event.objects.bulk_create(entries)


def entry(
    subject: Any,
    kind: Event.Kind,
    *,
    by: User | None,
    at: datetime,
    time_known: bool = True,
    corrects: Event | None = None,
    words: Mapping[str, str] | None = None,
    changes: Sequence[Change] = (),
    **facts: str | int | bool | list[str] | None,
) -> Event:
    """What is to be written down of an act; facts are codes and keys, never names or numbers.

    `words` is what an officer wrote in answer, by code; it is sealed. `changes` is what stands otherwise
    since. Raises ValueError for words among the facts.
    """
    coded = {one.field: [one.was or "", one.now or ""] for one in changes if not one.spoken}
    if spoken := [name for name, value in (facts | coded).items() if not _is_code(value)]:
        raise ValueError(f"facts are codes and keys, not words: {', '.join(spoken)}")
    return Event(
        **subject_of(subject),
        case=subject if isinstance(subject, Case) else None,
        facility_id=facility_key(subject),
        kind=kind,
        happened_at=at,
        time_known=time_known,
        recorded_at=clock.now(),
        by=by,
        corrects=corrects,
        facts=facts | as_facts(changes),
        words={**(words or {}), **as_words(changes)} or None,
    )


def _is_code(value: str | int | bool | list[str] | None) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(not isinstance(text, str) or _CODE.fullmatch(text) for text in texts)
