"""Row-level security on moves and called rolls; a called roll is never changed once it is written."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, BY_FACILITY, append_only, fence


class Migration(migrations.Migration):
    dependencies = (
        ("zones", "0001_people_move_from_zone_to_zone"),
        ("rehab", "0002_people_are_fenced"),
    )
    operations = (
        fence("zones_zonemove", BY_CASE),
        fence("zones_muster", BY_FACILITY),
        fence("zones_musterline", BY_CASE),
        append_only("zones_muster"),
        append_only("zones_musterline"),
    )
