"""Row-level security on what is recorded of a death."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, by_parent, fence


class Migration(migrations.Migration):
    dependencies = (("aftercare", "0003_deaths_are_recorded_and_told"),)

    operations = (
        fence("aftercare_death", BY_CASE),
        fence("aftercare_deathnotice", by_parent("aftercare_death", "death_id")),
    )
