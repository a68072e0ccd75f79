"""What the education centre records."""

from datetime import date, datetime

from django.db import transaction

from centers.education import selectors
from centers.models import EntryEducation
from rehab import clock
from rehab.actions import cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Refused


@transaction.atomic
def record_entry_education(
    *,
    case: Case,
    started_on: date,
    ended_on: date,
    hours: int,
    result: str,
    by: User,
    at: datetime,
) -> EntryEducation:
    """登记入所教育: its days, hours and result, once it has ended."""
    case = cases.lock(case)

    Refused.if_any(
        selectors.entry_education_obstacles(
            case, started_on=started_on, ended_on=ended_on, on=clock.day_of(at)
        )
    )

    education: EntryEducation = EntryEducation.objects.create(
        case=case, started_on=started_on, ended_on=ended_on, hours=hours, result=result,
        recorded_at=at, by=by,
    )  # fmt: skip

    events.record(
        case,
        Event.Kind.ENTRY_EDUCATION_RECORDED,
        by=by,
        at=at,
        education=str(education.pk),
        result=result,
    )
    deadlines.refresh([case])

    outbox.poke()
    return education
