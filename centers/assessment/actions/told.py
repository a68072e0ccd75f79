"""The sheet that somebody is given about himself."""

from datetime import datetime

from django.db import transaction

from centers.assessment import selectors
from rehab.actions import cases
from rehab.clock import day_of
from rehab.ledgers import documents, events
from rehab.models import Case, Document, Event, User
from rehab.refusal import Refused

KIND = "own_account"


@transaction.atomic
def tell_person(*, case: Case, by: User, at: datetime) -> Document:
    """制作本人情况告知单. The sheet that says the same already is taken again."""
    case = cases.lock(case, "person", "decision", "facility")
    on = day_of(at)

    Refused.if_any(selectors.told_obstacles(case, on=on))

    former = documents.current(case, KIND)
    document = documents.make_or_keep(
        case, KIND, "本人情况告知单", selectors.told_facts(case, on=on), by=by, at=at
    )

    if former is None or former.pk != document.pk:
        events.record(case, Event.Kind.PERSON_TOLD, by=by, at=at, document=str(document.pk))
    return document
