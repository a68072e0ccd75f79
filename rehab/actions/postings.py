"""任职: moving a user to a place under a role, with history."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from rehab.ledgers import events
from rehab.models import Bureau, Event, Facility, Posting, Role, Station, Unit, User
from rehab.refusal import Refused
from rehab.rules import accounts as rules
from rehab.selectors import accounts as selectors


@transaction.atomic
def post(
    *,
    user: User,
    role: Role,
    place: Bureau | Facility | Unit | Station,
    by: User | None,
    at: datetime,
) -> Posting:
    """任命: close the open posting and open the next. `by` is None only when an installation is set up."""
    user = User.objects.select_for_update().get(pk=user.pk)

    Posting.objects.filter(user=user, ended_at__isnull=True).update(ended_at=at)
    posting = Posting.objects.create(
        user=user,
        role=role,
        bureau=place if isinstance(place, Bureau) else None,
        facility=place.facility
        if isinstance(place, Unit)
        else place
        if isinstance(place, Facility)
        else None,
        unit=place if isinstance(place, Unit) else None,
        station=place if isinstance(place, Station) else None,
        started_at=at,
    )
    user.posting = posting
    user.save(update_fields=["posting"])

    events.record(user, Event.Kind.POSTED, by=by, at=at, posting=str(posting.pk), role=role.code)
    return posting


@transaction.atomic
def appoint(
    *,
    users: Sequence[User],
    role: Role,
    place: Bureau | Facility | Unit | Station,
    starts_at: datetime,
    by: User,
    at: datetime,
) -> list[Posting]:
    """任命, one or several at once, all or none: the former posting ends when the new one begins."""
    keys = [user.pk for user in users]
    list(User.objects.select_for_update().only("pk").filter(pk__in=keys).order_by("pk"))
    if isinstance(place, Unit):  # its closing waits for us, or we find it closed
        Facility.objects.select_for_update().get(pk=place.facility_id)
        place.refresh_from_db()

    found = list(User.objects.with_posting().filter(pk__in=keys).order_by("pk"))
    Refused.if_any(
        obstacle
        for user in found
        for obstacle in (
            *selectors.appointment_obstacles(user, role, place, by=by),
            *rules.start_obstacles(
                starts_at=starts_at,
                now=at,
                since=user.posting.started_at if user.posting else None,
                name=user.display_name,
            ),
        )
    )

    return [post(user=user, role=role, place=place, by=by, at=starts_at) for user in found]


@transaction.atomic
def end_posting(*, user: User, by: User, at: datetime) -> User:
    """免去任职: the account stays and may do nothing."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)

    user = User.objects.by_key(user.pk)
    Refused.if_any(selectors.posting_end_obstacles(user, by=by))

    former = user.posting
    assert former is not None  # judged above
    Posting.objects.filter(pk=former.pk).update(ended_at=at)
    user.posting = None
    user.save(update_fields=["posting"])

    events.record(user, Event.Kind.POSTING_ENDED, by=by, at=at, posting=str(former.pk))
    return user
