"""Row-level security, written once: what a migration says to fence a table about people."""

from django.db.migrations import RunSQL

FUNCTIONS = """
CREATE FUNCTION rehab_scope(setting text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_to_array(nullif(current_setting(setting, true), ''), ',')::uuid[]
$$;
CREATE FUNCTION rehab_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('rehab.everything', true), '') = 'on'
$$;
CREATE FUNCTION rehab_has_scope() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('rehab.actor', true), '') <> ''
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION rehab_has_scope();
DROP FUNCTION rehab_sees_all();
DROP FUNCTION rehab_scope(text);
"""

# The settings are read in sub-selects: once for a statement instead of once for every row.
SEES_ALL = "(SELECT rehab_sees_all())"
HAS_SCOPE = "(SELECT rehab_has_scope())"


def within(column: str, setting: str) -> str:
    """A row is seen when the key in `column` is among those of a session setting."""
    return f"{column} = ANY ((SELECT rehab_scope('{setting}'))::uuid[])"


def by_parent(parent: str, column: str) -> str:
    """A row is seen when the row of `parent` that `column` names is seen."""
    return f"EXISTS (SELECT 1 FROM {parent} seen WHERE seen.id = {column})"


BY_FACILITY = f"{SEES_ALL} OR {within('facility_id', 'rehab.facilities')}"
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
    """Refuse UPDATE and DELETE on a table, whoever asks (its trigger function comes with rehab.0002)."""
    return RunSQL(
        sql=f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION rehab_refuse_change();",
        reverse_sql=f"DROP TRIGGER {table}_is_append_only ON {table};",
    )
