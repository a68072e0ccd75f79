"""Row-level security, written once: what a migration says to fence a table about people."""

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE FUNCTION rehab_scope(setting text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(nullif(current_setting(setting, true), ''), ',')::uuid[]
$$;
CREATE FUNCTION rehab_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('rehab.everything', true), '') = 'on'
$$;
CREATE FUNCTION rehab_sees_facility(facility uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT rehab_sees_all() OR coalesce(facility = ANY (rehab_scope('rehab.facilities')), false)
$$;
CREATE FUNCTION rehab_sees_station(station uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT rehab_sees_all() OR coalesce(station = ANY (rehab_scope('rehab.stations')), false)
$$;
CREATE FUNCTION rehab_has_scope() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('rehab.actor', true), '') <> ''
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION rehab_has_scope();
DROP FUNCTION rehab_sees_station(uuid);
DROP FUNCTION rehab_sees_facility(uuid);
DROP FUNCTION rehab_sees_all();
DROP FUNCTION rehab_scope(text);
"""

BY_FACILITY = "rehab_sees_facility(facility_id)"


def by_parent(parent: str, column: str) -> str:
    """A row is seen when the row of `parent` that `column` names is seen."""
    return f"{column} IN (SELECT id FROM {parent})"


BY_CASE = by_parent("rehab_case", "case_id")


def fence(table: str, seen: str, *, written: str | None = None) -> RunSQL:
    """Show and accept only rows for which `seen` is true; `written` where new rows answer to less."""
    return RunSQL(
        sql=f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY within_scope ON {table} USING ({seen}) WITH CHECK ({written or seen});
        """,
        reverse_sql=f"""
        DROP POLICY within_scope ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE and DELETE on a table, whoever asks (its trigger function comes with rehab.0001)."""
    return RunSQL(
        sql=f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION rehab_refuse_change();",
        reverse_sql=f"DROP TRIGGER {table}_is_append_only ON {table};",
    )
