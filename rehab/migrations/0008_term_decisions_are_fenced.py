"""Row-level security on the decisions that move a term."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("rehab", "0007_decisions_on_a_term"),)
    operations = (fence("rehab_termdecision", BY_CASE),)
