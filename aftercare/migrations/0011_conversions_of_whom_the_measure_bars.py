"""A conversion is also proposed of a woman to whom the measure turns out not to apply."""

import rehab.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aftercare", "0010_preparations_are_fenced"),
        ("rehab", "0012_end_inquiries_are_fenced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="conversion",
            name="bar",
            field=rehab.sealed.SealedField(kind="text", null=True, verbose_name="不适用的情形"),
        ),
        migrations.AddField(
            model_name="conversion",
            name="found_at",
            field=models.DateTimeField(null=True, verbose_name="查明时间"),
        ),
        migrations.AddConstraint(
            model_name="conversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bar__isnull", True), ("found_at__isnull", True)),
                    models.Q(("bar__isnull", False), ("found_at__isnull", False)),
                    _connector="OR",
                ),
                name="what_bars_the_measure_has_its_hour",
            ),
        ),
    ]
