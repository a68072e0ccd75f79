"""Row-level security on who is kept apart from whom."""

from django.db import migrations

from rehab.rowsecurity import BY_FACILITY, fence


class Migration(migrations.Migration):
    dependencies = (("rehab", "0031_some_are_kept_apart"),)
    operations = (fence("rehab_keepapart", BY_FACILITY),)
