"""A health sheet is seen by those who see the case."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("intake", "0006_health_sheets_are_kept"),)

    operations = (fence("intake_healthsheet", BY_CASE),)
