"""The demo's passwords open to jobs of the house alone."""

from django.db import migrations

from rehab.rowsecurity import fence


class Migration(migrations.Migration):
    dependencies = (("reporting", "0001_the_demo_remembers_its_logins"),)
    operations = (
        fence("reporting_demologin", "current_setting('rehab.actor', true) LIKE 'system:%'"),
    )
