"""Who has an arrival open is seen by those who see the arrival."""

from django.db import migrations

from rehab.rowsecurity import by_parent, fence


class Migration(migrations.Migration):
    dependencies = (("intake", "0004_who_opens_an_arrival_is_seen"),)

    operations = (fence("intake_arrivalopening", by_parent("intake_arrival", "arrival_id")),)
