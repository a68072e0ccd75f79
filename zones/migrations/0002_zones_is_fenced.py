"""Row-level security on the moves of people from zone to zone."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("zones", "0001_people_move_from_zone_to_zone"),)
    operations = (fence("zones_zonemove", BY_CASE),)
