"""Whose record is seen, asked by one key at a time: with the two in one expression every case was read for it."""

from django.db import migrations

POLICY = "ALTER POLICY within_scope ON rehab_person USING ({seen});"
CASE_OF = "EXISTS (SELECT 1 FROM rehab_case seen WHERE seen.person_id = {whose})"
BY_KEY = (
    CASE_OF.format(whose="rehab_person.id")
    + " OR rehab_person.merged_into_id IS NOT NULL AND "
    + CASE_OF.format(whose="rehab_person.merged_into_id")
)
AT_ONCE = CASE_OF.format(whose="coalesce(rehab_person.merged_into_id, rehab_person.id)")


class Migration(migrations.Migration):
    dependencies = (("rehab", "0045_former_names_are_found"),)
    operations = (migrations.RunSQL(POLICY.format(seen=BY_KEY), POLICY.format(seen=AT_ONCE)),)
