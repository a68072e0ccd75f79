"""An account of a demonstration says so, and opens nothing elsewhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("rehab", "0004_a_deadline_names_the_unit_that_owes_it"),)

    operations = (
        migrations.AddField(
            model_name="user",
            name="is_demo",
            field=models.BooleanField("演示账号", default=False),
        ),
    )
