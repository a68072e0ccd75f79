"""解除准备: who fetches somebody on his last day. A release never waits for it."""

from datetime import datetime

from django.db import transaction

from aftercare import selectors
from aftercare.models import ReleasePlan
from aftercare.rules.preparing import LODGING, NOBODY, Preparation
from rehab import clock
from rehab.actions import cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Refused


@transaction.atomic
def prepare_release(*, case: Case, preparation: Preparation, by: User, at: datetime) -> ReleasePlan:
    """登记解除准备, or what became of it since."""
    case = cases.lock(case)

    Refused.if_any(selectors.plan_obstacles(case, preparation, on=clock.day_of(at)))

    nobody = preparation.fetched_by == NOBODY
    lodging = nobody and preparation.way == LODGING
    plan, _ = ReleasePlan.objects.update_or_create(
        case=case,
        defaults={
            "fetched_by": preparation.fetched_by,
            "who": None if nobody else preparation.who.strip(),
            "way": preparation.way if nobody else "",
            "where": (preparation.where.strip() or None) if nobody else None,
            "chosen_on": preparation.chosen_on if lodging else None,
            "recorded_by": by,
            "recorded_at": at,
        },
    )

    facts = {"fetched_by": plan.fetched_by, "way": plan.way}
    events.record(case, Event.Kind.RELEASE_PREPARED, by=by, at=at, **facts)
    deadlines.refresh([case])

    outbox.poke()
    return plan
