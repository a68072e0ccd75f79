"""What the receiving 大队 owes for somebody on his way to it stands on its own list."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("rehab", "0003_starting_roles_and_divisions"),)

    operations = (
        migrations.AddField(
            model_name="deadline",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rehab.unit",
                verbose_name="责任大队",
            ),
        ),
    )
