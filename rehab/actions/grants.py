"""授权: what goes beyond a posting, to one user, until a moment. It ends by itself."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from rehab.ledgers import events
from rehab.models import (
    Case,
    CaseGrant,
    Event,
    Facility,
    FacilityGrant,
    Station,
    StationGrant,
    User,
)
from rehab.models.grants import Grant
from rehab.refusal import Obstacle, Refused
from rehab.selectors import roles as selectors

GRANTS: dict[type[Any], Any] = {Facility: FacilityGrant, Station: StationGrant, Case: CaseGrant}


@transaction.atomic
def grant(
    *, user: User, to: Facility | Station | Case, until: datetime, by: User, at: datetime
) -> Grant:
    """授权: let a user see a second facility, a supervised station or one case until a moment."""
    user = User.objects.select_for_update().get(pk=user.pk)

    obstacles = list(selectors.grant_obstacles(user))
    if until <= at:
        obstacles.append(Obstacle("“截止时间”须晚于现在"))
    if user.pk == by.pk:
        obstacles.append(Obstacle("不得给自己授权"))
    Refused.if_any(obstacles)

    permission = Permission.objects.get(
        content_type=ContentType.objects.get_for_model(to), codename=f"view_{to._meta.model_name}"
    )
    made, _ = GRANTS[type(to)].objects.update_or_create(
        user=user, permission=permission, content_object=to, defaults={"ends_at": until}
    )

    events.record(
        user,
        Event.Kind.GRANTED,
        by=by,
        at=at,
        to=to._meta.label_lower,
        key=str(to.pk),
        until=until.isoformat(),
    )
    granted: Grant = made
    return granted


@transaction.atomic
def end_grant(*, granted: Grant, by: User, at: datetime) -> Grant:
    """收回授权 before its end."""
    found: Any = type(granted).objects.select_for_update().get(pk=granted.pk)

    if found.ends_at <= at:
        raise Refused([Obstacle("此项授权已经截止")])

    found.ends_at = at
    found.save(update_fields=["ends_at"])

    events.record(
        found.user, Event.Kind.GRANT_ENDED, by=by, at=at, key=str(found.content_object_id)
    )
    ended: Grant = found
    return ended
