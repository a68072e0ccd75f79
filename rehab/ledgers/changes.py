"""What an act changed, field by field: from what to what, as its event keeps it.

Codes and keys stand among the facts; what is words about somebody stands sealed beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rehab.models import Bed, Case, Event, Placement
from rehab.states import CaseStatus

CHANGES = "changes"
WAS, NOW = "was", "now"


@dataclass(frozen=True)
class Change:
    """One field; None where nothing stood or stands there."""

    field: str
    was: str | None
    now: str | None
    spoken: bool = False  # words about somebody: kept sealed


Standing = Mapping[str, str | None]


def standing(cases: Sequence[Case]) -> dict[UUID, Standing]:
    """What of each case changes while it is carried out, as codes and keys.

    One query, for the beds; none where nobody is in the facility.
    """
    inside = [case for case in cases if case.status == CaseStatus.IN_FACILITY]
    lain_in = Placement.objects.filter(case__in=inside, held=False, period__endswith__isnull=True)
    beds = dict(lain_in.values_list("case", "bed"))
    return {case.pk: _standing(case, beds.get(case.pk)) for case in cases}


def since(before: Mapping[UUID, Standing], cases: Sequence[Case]) -> dict[UUID, tuple[Change, ...]]:
    """What of each case stands otherwise than it stood before."""
    now = standing(cases)
    return {
        key: tuple(
            Change(field, before[key][field], value)
            for field, value in stands.items()
            if before[key][field] != value
        )
        for key, stands in now.items()
    }


def of_opening(case: Case, bed: Bed) -> tuple[Change, ...]:
    """What stands of a case just opened, before which nothing stood."""
    return tuple(Change(field, None, now) for field, now in _standing(case, bed.pk).items() if now)


def of_key(field: str, was: UUID | None, now: UUID | None) -> tuple[Change, ...]:
    """One place, by its key, in place of another."""
    return () if was == now else (Change(field, _key(was), _key(now)),)


def _standing(case: Case, bed: UUID | None) -> Standing:
    return {
        "status": case.status,
        "unit": _key(case.unit_id),
        "receiving_unit": _key(case.receiving_unit_id),
        "bed": _key(bed),
        "ends_on": case.ends_on.isoformat(),
        "isolation": "1" if case.needs_isolation else None,
    }


def as_facts(changes: Iterable[Change]) -> dict[str, Any]:
    """What stands open in the event: of words, only that they changed."""
    kept = {one.field: [] if one.spoken else [one.was, one.now] for one in changes}
    return {CHANGES: kept} if kept else {}


def as_words(changes: Iterable[Change]) -> dict[str, str]:
    """What stands sealed in the event."""
    return {
        f"{one.field}.{side}": words
        for one in changes
        if one.spoken
        for side, words in ((WAS, one.was), (NOW, one.now))
        if words
    }


def told(event: Event) -> tuple[Change, ...]:
    """The changes that an event keeps."""
    said = event.words or {}
    return tuple(
        Change(field, *values)
        if values
        else Change(field, said.get(f"{field}.{WAS}"), said.get(f"{field}.{NOW}"), spoken=True)
        for field, values in event.facts.get(CHANGES, {}).items()
    )


def _key(value: UUID | None) -> str | None:
    return None if value is None else str(value)
