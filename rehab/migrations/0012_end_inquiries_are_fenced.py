"""Row-level security on the letters that ask about an end."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("rehab", "0011_the_alarm_runs_from_the_earlier_end"),)
    operations = (fence("rehab_endinquiry", BY_CASE),)
