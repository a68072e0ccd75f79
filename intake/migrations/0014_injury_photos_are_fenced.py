"""Photos of injuries are seen by those who see the case; sheets and their photos are never changed."""

from django.db import migrations

from rehab.rowsecurity import append_only, by_parent, fence


class Migration(migrations.Migration):
    dependencies = (("intake", "0013_sheets_are_corrected"),)

    operations = (
        fence("intake_injuryphoto", by_parent("intake_healthsheet", "sheet_id")),
        append_only("intake_healthsheet"),
        append_only("intake_injuryphoto"),
        append_only("intake_belonging"),
    )
