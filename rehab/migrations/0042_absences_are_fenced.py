"""Row-level security on who is out."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("rehab", "0041_people_are_out_and_come_back"),)
    operations = (fence("rehab_absence", BY_CASE),)
