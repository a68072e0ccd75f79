"""Agreements signed before now say until when their station reads the file; days past end at night."""

from django.db import migrations

OPEN = """
UPDATE rehab_case c
SET station_reads_until = a.ends_on, station_sees_until = a.ends_on + 7
FROM (
    SELECT case_id, max(ends_on) AS ends_on FROM aftercare_agreement
    WHERE status IN ('signed', 'renewed') GROUP BY case_id
) a
WHERE a.case_id = c.id AND c.station_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM aftercare_agreement o WHERE o.case_id = c.id AND o.status = 'offered'
    )
"""


class Migration(migrations.Migration):
    dependencies = (
        ("aftercare", "0002_aftercare_is_fenced"),
        ("rehab", "0007_a_stations_sight_ends"),
    )

    operations = (migrations.RunSQL(OPEN, migrations.RunSQL.noop),)
