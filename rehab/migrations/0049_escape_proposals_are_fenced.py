"""Row-level security on what is proposed of an escape."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("rehab", "0048_escapes_are_judged_by_a_leader"),)
    operations = (fence("rehab_escapeproposal", BY_CASE),)
