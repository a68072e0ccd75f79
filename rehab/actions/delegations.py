"""值班委托: a leader lets an officer of his place decide for him, until the end of a day.

It ends by the query, not by a job. What an officer proposed himself he still may not approve: that is
judged where it is approved.
"""

from datetime import date, datetime

from django.db import transaction

from rehab import clock
from rehab.ledgers import events
from rehab.models import Delegation, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.rules import accounts as rules
from rehab.selectors import delegations as selectors


@transaction.atomic
def delegate(*, to: User, begins_on: date, ends_on: date, by: User, at: datetime) -> Delegation:
    """委托值班 by a leader, to one officer who sees the same people."""
    User.objects.select_for_update().only("pk").get(pk=by.pk)

    to = User.objects.by_key(to.pk)
    Refused.if_any(
        (
            *selectors.delegation_obstacles(to, by=by, on=clock.day_of(at)),
            *rules.delegation_period_obstacles(
                begins_on=begins_on, ends_on=ends_on, on=clock.day_of(at)
            ),
        )
    )

    assert by.posting is not None  # judged above, as the other
    assert to.posting is not None
    made = Delegation.objects.create(
        giver=by.posting, taker=to.posting, begins_on=begins_on, ends_on=ends_on, given_at=at
    )

    events.record(
        to,
        Event.Kind.DELEGATED,
        by=by,
        at=at,
        delegation=str(made.pk),
        begins_on=begins_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    return made


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User, at: datetime) -> Delegation:
    """结束委托 before its day."""
    found = Delegation.objects.select_for_update().get(pk=delegation.pk)

    if found.ended_at is not None or found.ends_on < clock.day_of(at):
        raise Refused([Obstacle("这项委托已经结束")])

    found.ended_at = at
    found.save(update_fields=["ended_at"])

    events.record(
        found.taker.user, Event.Kind.DELEGATION_ENDED, by=by, at=at, delegation=str(found.pk)
    )
    return found
