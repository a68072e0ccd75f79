"""Row-level security on called rolls and their lists; neither is changed once it is written."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, BY_FACILITY, append_only, fence


class Migration(migrations.Migration):
    dependencies = (("zones", "0003_rolls_are_called_and_kept"),)
    operations = (
        fence("zones_muster", BY_FACILITY),
        fence("zones_musterline", BY_CASE),
        append_only("zones_muster"),
        append_only("zones_musterline"),
    )
