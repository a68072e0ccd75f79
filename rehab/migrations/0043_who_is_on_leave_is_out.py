"""Those on medical leave by now are out since it was granted."""

from django.db import migrations

ON_LEAVE = migrations.RunSQL(
    sql="""
    INSERT INTO rehab_absence (id, case_id, kind, left_at, recorded_by_id, uncounted_days)
    SELECT DISTINCT ON (c.id) gen_random_uuid(), c.id, 'medical_leave', e.happened_at, e.by_id, 0
    FROM rehab_case c JOIN rehab_event e ON e.case_id = c.id
    WHERE c.status = 'medical_leave' AND e.kind = 'leave_granted' AND e.by_id IS NOT NULL
    ORDER BY c.id, e.happened_at DESC
    """,
    reverse_sql="DELETE FROM rehab_absence WHERE kind = 'medical_leave'",
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0042_absences_are_fenced"),)
    operations = (ON_LEAVE,)
