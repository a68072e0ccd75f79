"""A grant of one case is seen by its holder and by who looks after the house of the case, not by everybody."""

from django.db import migrations

from rehab.rowsecurity import HAS_SCOPE, SEES_ALL, within

HOUSE_OF = """
CREATE FUNCTION rehab_house_of(of_case uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT facility_id FROM rehab_case WHERE id = of_case
$$;
"""
SEEN = (
    f"{SEES_ALL} OR user_id::text = (SELECT current_setting('rehab.actor', true))"
    f" OR {within('rehab_house_of(content_object_id)', 'rehab.houses')}"
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0035_who_changes_beds"),)
    operations = (
        migrations.RunSQL(HOUSE_OF, "DROP FUNCTION rehab_house_of(uuid);"),
        migrations.RunSQL(
            f"ALTER POLICY within_scope ON rehab_casegrant USING ({SEEN}) WITH CHECK ({SEEN});",
            f"ALTER POLICY within_scope ON rehab_casegrant USING ({HAS_SCOPE}) WITH CHECK ({HAS_SCOPE});",
        ),
    )
