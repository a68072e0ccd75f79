"""Mark the accounts of demos that were seeded before accounts were marked."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (
        ("reporting", "0002_reporting_is_fenced"),
        ("rehab", "0005_accounts_of_the_demo_are_marked"),
    )

    operations = (
        migrations.RunSQL(
            sql="UPDATE rehab_user SET is_demo = true"
            " WHERE id IN (SELECT user_id FROM reporting_demologin)",
            reverse_sql=migrations.RunSQL.noop,
        ),
    )
