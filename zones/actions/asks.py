"""请其办理: a 大队 asks another post for what still holds one of its people."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from rehab import clock
from rehab.actions import cases
from rehab.ledgers import events, notices, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.rules.conditions import Condition
from zones import selectors
from zones.selectors import asks


@transaction.atomic
def ask_for_conditions(
    *, case: Case, codes: Sequence[str], by: User, at: datetime
) -> tuple[Condition, ...]:
    """请其办理: each owing post is told, once a day for each condition."""
    case = cases.lock(case)

    on, codes = clock.day_of(at), tuple(dict.fromkeys(codes))
    if not codes:
        raise Refused([Obstacle("没有需要请其他岗位办理的条件，或者今天都已请过")])
    Refused.if_any(asks.asking_obstacles(case, codes, by=by, on=on))

    known = {one.code: one for one in selectors.move_conditions([case], on)[case.pk]}
    asked = tuple(known[code] for code in codes)
    for one in asked:
        kind = Event.Kind.CONDITION_ASKED
        events.record(case, kind, by=by, at=at, condition=one.code, owed_by=one.owner)
        post = notices.post_for(one.owner, case)
        assert post is not None  # who asks is of the person's 大队, so he has one
        notices.tell(case, kind, to=post, cycle=asks.cycle_of(one.code, on))

    outbox.poke()
    return asked
