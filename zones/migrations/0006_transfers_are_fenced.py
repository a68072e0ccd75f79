"""Row-level security on transfers between facilities: the receiving side sees one once it was approved.

Of who is on the road it may count whose last day has come: the function says no more than that day.
"""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, SEES_ALL, fence, within

SENT = within("from_facility_id", "rehab.facilities")
AWAITED = f"approved_at IS NOT NULL AND {within('to_facility_id', 'rehab.facilities')}"

LAST_DAY = migrations.RunSQL(
    sql="""
    CREATE FUNCTION zones_last_day_on_the_road(of_transfer uuid) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT c.ends_on FROM zones_facilitytransfer t JOIN rehab_case c ON c.id = t.case_id
        WHERE t.id = of_transfer AND t.status IN ('departed', 'sent_back')
    $$;
    """,
    reverse_sql="DROP FUNCTION zones_last_day_on_the_road(uuid);",
)


class Migration(migrations.Migration):
    dependencies = (("zones", "0005_people_move_between_facilities"),)
    operations = (
        fence("zones_facilitytransfer", f"{SEES_ALL} OR {SENT} OR {AWAITED} OR {BY_CASE}"),
        LAST_DAY,
    )
