"""What migrations make can be taken back and made again; rows that were there before change with them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

FENCES = "SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1, 2"
FENCED = "SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY 1"
TRIGGERS = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
FUNCTIONS = (
    "SELECT pg_get_functiondef(oid), proacl::text FROM pg_proc WHERE proowner = current_user::regrole"
    " ORDER BY 1"
)
ROLES = "SELECT code, display_name, reach, permissions::text FROM rehab_role ORDER BY 1"
DIVISIONS = "SELECT code, name, level, parent_id FROM rehab_division ORDER BY 1"


def held():
    """All that migrations after the tables themselves made, as the owner reads it."""
    with connections["owner"].cursor() as cursor:
        found = {}
        for query in (FENCES, FENCED, TRIGGERS, FUNCTIONS, ROLES, DIVISIONS):
            cursor.execute(query)
            found[query] = cursor.fetchall()
        return found


def test_what_stands_on_the_tables_can_be_taken_back_and_made_again(committed_db):
    before = held()

    call_command("migrate", "reporting", "0001", verbosity=0)
    call_command("migrate", "rehab", "0001", verbosity=0)
    bare = held()
    call_command("migrate", verbosity=0)

    assert all(before.values())
    assert not any(bare.values())
    assert held() == before


def test_a_database_that_other_migrations_made_is_refused(committed_db):
    applied = MigrationRecorder(connections["owner"])
    applied.record_applied("rehab", "0053_owners_are_told_of_a_reset")

    with pytest.raises(
        CommandError, match=r"没有的迁移 rehab\.0053_owners_are_told_of_a_reset（共 1 个）"
    ):
        call_command("migrate", verbosity=0)
