"""Row-level security on what is recorded of a revoked decision."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence


class Migration(migrations.Migration):
    dependencies = (("aftercare", "0005_decisions_are_revoked"),)

    operations = (fence("aftercare_revocation", BY_CASE),)
