"""任职: moving a user to a place under a role, with history."""

from datetime import datetime

from django.db import transaction

from rehab.ledgers import events
from rehab.models import Bureau, Event, Facility, Posting, Role, Station, Unit, User


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
