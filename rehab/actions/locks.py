"""Locks on what has no row yet, or none that the one who acts can see: a person, a decision, a list."""

from django.db import connection


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
