"""Row-level security on what is on file of a decision and was written anew."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("rehab", "0013_what_a_decision_says_is_corrected"),)
    operations = (fence("rehab_decisioncorrection", BY_CASE),)
