"""Row-level security on what is asked and answered of an outing."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("zones", "0003_outings_are_asked_for"),)

    operations = (fence("zones_outing", BY_CASE),)
