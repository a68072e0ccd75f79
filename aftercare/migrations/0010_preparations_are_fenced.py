"""Row-level security on who fetches somebody."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("aftercare", "0009_releases_are_prepared"),)

    operations = (fence("aftercare_releaseplan", BY_CASE),)
