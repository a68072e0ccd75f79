"""授权: what goes beyond a posting, to one user, until a moment."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from guardian.models import UserObjectPermissionBase

from rehab.models.organisation import Facility, Station


class Grant(UserObjectPermissionBase):
    """A guardian grant that ends: what goes beyond a posting, and until when."""

    ends_at = models.DateTimeField("截止")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class FacilityGrant(Grant):
    """A second facility, until a moment."""

    content_object = models.ForeignKey(Facility, models.PROTECT, related_name="grants")
    enabled = False  # found by our own query, which checks the end; guardian's shortcuts would not

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "permission", "user", "content_object", "ends_at"})


class StationGrant(Grant):
    """A supervised station, until a moment."""

    content_object = models.ForeignKey(Station, models.PROTECT, related_name="grants")
    enabled = False

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "permission", "user", "content_object", "ends_at"})


class CaseGrant(Grant):
    """One case, until a moment."""

    content_object = models.ForeignKey("rehab.Case", models.PROTECT, related_name="grants")
    enabled = False

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "permission", "user", "content_object", "ends_at"})


KINDS: dict[str, Any] = {
    "facility": FacilityGrant,
    "station": StationGrant,
    "case": CaseGrant,
}


@cache
def _granted() -> str:
    """Written by hand: every request asks it, and three querysets take longer to build than to run."""
    return " UNION ALL ".join(
        f"SELECT '{kind}', content_object_id FROM {model._meta.db_table}"
        " WHERE user_id = %(user)s AND ends_at > %(moment)s"
        for kind, model in KINDS.items()
    )


def grants_in_force(user: UUID, moment: datetime) -> dict[str, list[Any]]:
    """Keys granted to a user beyond the posting, by kind, in one query."""
    granted: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    with connection.cursor() as cursor:
        cursor.execute(_granted(), {"user": user, "moment": moment})
        for kind, key in cursor.fetchall():
            granted[kind].append(key)
    return granted
