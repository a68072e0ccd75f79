"""What an officer wrote in answer stands beside the facts of an event, sealed."""

from django.db import migrations

import rehab.sealed


class Migration(migrations.Migration):
    dependencies = (("rehab", "0011_roles_of_the_pages"),)

    operations = (
        migrations.AddField(
            model_name="event",
            name="words",
            field=rehab.sealed.SealedField("原话", kind="json", null=True),
        ),
    )
