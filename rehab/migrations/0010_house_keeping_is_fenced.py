"""What an administrator's scope shows: events of houses and access records, never a case.

And nobody is placed in a bed that is out of use.
"""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, BY_FACILITY, HAS_SCOPE, within

OF_ACCOUNTS = "case_id IS NULL AND facility_id IS NULL"
OF_HOUSES = f"subject_type = 'facility' AND {within('facility_id', 'rehab.houses')}"
CASES = f"{BY_FACILITY} OR {BY_CASE}"


def policy(table, seen, written, before_seen, before_written):
    return migrations.RunSQL(
        sql=f"ALTER POLICY within_scope ON {table} USING ({seen}) WITH CHECK ({written});",
        reverse_sql=(
            f"ALTER POLICY within_scope ON {table} USING ({before_seen})"
            f" WITH CHECK ({before_written});"
        ),
    )


IN_USE = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_keep_in_use() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM rehab_bed b WHERE b.id = NEW.bed_id AND b.closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'placement is in a bed that is in use' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER rehab_placement_keeps_in_use BEFORE INSERT OR UPDATE OF bed_id ON rehab_placement
        FOR EACH ROW EXECUTE FUNCTION rehab_keep_in_use();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_placement_keeps_in_use ON rehab_placement;
    DROP FUNCTION rehab_keep_in_use();
    """,
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0009_access_record_names_its_facility"),)

    operations = (
        policy(
            "rehab_event",
            f"{CASES} OR {HAS_SCOPE} AND {OF_ACCOUNTS} OR {OF_HOUSES}",
            f"{CASES} OR {OF_ACCOUNTS} OR {OF_HOUSES}",
            f"{CASES} OR {HAS_SCOPE} AND {OF_ACCOUNTS}",
            f"{CASES} OR {OF_ACCOUNTS}",
        ),
        policy(
            "rehab_accessrecord",
            f"{BY_CASE} OR {within('facility_id', 'rehab.houses')}",
            BY_CASE,
            BY_CASE,
            BY_CASE,
        ),
        IN_USE,
    )
