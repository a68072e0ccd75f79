"""Who somebody is: filled in at the door, and put right with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from rehab import clock, pinyin
from rehab.actions import cases, locks, placements
from rehab.actions.cases import PersonFacts, index_of
from rehab.ledgers import changes, deadlines, events, outbox
from rehab.ledgers.changes import Change
from rehab.models import Bed, Case, Event, Person, User
from rehab.refusal import Refused
from rehab.selectors import persons as selectors

CODED = frozenset({"sex"})  # every other particular is words, and sealed in the event


def fill_in(*, case: Case, facts: PersonFacts) -> tuple[Change, ...]:
    """What the papers now say about somebody known before; who he is stays as it was.

    Part of admission, which records the changes. Only now, by his new case, is he in sight.
    """
    person = case.person
    before = particulars(person)
    person.id_number = person.id_number or facts.id_number
    person.id_index = person.id_index or index_of(facts.id_number)
    person.other_document = facts.other_document or person.other_document
    person.education = facts.education or person.education
    person.household = facts.household or person.household
    person.address = facts.address or person.address
    person.relatives = list(map(dict, facts.relatives)) or person.relatives
    person.save()
    return particulars_since(before, person)


def particulars(person: Person) -> dict[str, str | None]:
    """Who somebody is, field by field, as words; the sex by its code."""
    relatives = "；".join(
        " ".join(filter(None, map(one.get, ("relation", "name", "phone"))))
        for one in person.relatives or ()
    )
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "id_number": person.id_number,
        "other_document": person.other_document,
        "ethnicity": person.ethnicity or None,
        "education": person.education or None,
        "household": person.household,
        "address": person.address,
        "relatives": relatives or None,
    }


def particulars_since(before: Mapping[str, str | None], person: Person) -> tuple[Change, ...]:
    """Which particulars stand otherwise than they stood before."""
    return tuple(
        Change(field, before[field], now, spoken=field not in CODED)
        for field, now in particulars(person).items()
        if before[field] != now
    )


@transaction.atomic
def correct_particulars(
    *,
    case: Case,
    corrected: Mapping[str, Any],
    reason: str,
    bed: Bed | None,
    by: User,
    at: datetime,
) -> Case:
    """更正信息 of a person, and what to watch with him: what was and what is stay in the record.

    `corrected` holds the fields of `Person`, and `precautions`, that are written anew. `bed` is where he
    sleeps from now on, when he no longer belongs in the room he lies in. 个人信息保护法第四十六条.
    """
    locks.hold(index_of(corrected.get("id_number")), str(case.person_id))
    case = cases.lock(case)
    person = Person.objects.select_for_update().get(pk=case.person_id)
    on = clock.day_of(at)

    Refused.if_any(selectors.correction_obstacles(case, person, corrected, reason=reason, on=on))
    before, stood, watched = particulars(person), changes.standing([case]), case.precautions
    case.person = put_right(person, corrected)
    Refused.if_any(selectors.lodging_obstacles(case, selectors.placed(case), bed, on=on))

    person.save()
    case.precautions = corrected.get("precautions", watched) or None
    case.save(update_fields=["precautions"])
    if bed is not None:
        placements.place(case=case, bed=bed, at=at)

    changed = [*particulars_since(before, person), *changes.since(stood, [case])[case.pk]]
    if case.precautions != watched:
        changed.append(Change("precautions", watched, case.precautions, spoken=True))
    words = {"why": reason.strip()}
    events.record(case, Event.Kind.CORRECTED, by=by, at=at, words=words, changes=changed)
    deadlines.refresh([case])

    outbox.poke()
    return case


def put_right(person: Person, corrected: Mapping[str, Any]) -> Person:
    """The person as he is written from now on, with what his name and number are found by."""
    for field in corrected.keys() - {"precautions"}:
        setattr(person, field, corrected[field])
    person.name_pinyin = pinyin.sort_key(person.name)
    person.name_initials = pinyin.initials(person.name)
    person.name_spellings = pinyin.spellings(person.name)
    person.id_index = index_of(person.id_number)
    return person
