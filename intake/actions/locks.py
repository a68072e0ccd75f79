"""Locks on what has no row yet: a person nobody has admitted, a decision nobody has carried out."""

from django.db import connection

from rehab.models import Facility


def hold(*names: str | None) -> None:
    """Until the transaction ends, nobody else in the nation acts on what bears one of these names.

    Always taken in one order, so that two who hold two of them never wait for each other.
    """
    held = sorted({name for name in names if name})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name",
            [held],
        )


def hold_list(facility: Facility) -> None:
    """Until the transaction ends, nobody else adds to the list of arrivals of a facility."""
    hold(f"arrivals of {facility.pk}")
