"""Somebody's things are seen by those who see the case."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("intake", "0008_belongings_are_registered"),)

    operations = (
        fence("intake_belongingsregister", BY_CASE),
        fence("intake_belonging", BY_CASE),
    )
