"""Row-level security on what is asked and answered of a conversion."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("aftercare", "0007_conversions_are_asked_for"),)

    operations = (fence("aftercare_conversion", BY_CASE),)
