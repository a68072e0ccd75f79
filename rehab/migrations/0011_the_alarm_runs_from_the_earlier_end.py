"""The day from which the alarm runs, beside the last day that governs.

Of those whose end nothing has moved it is computed here; whoever ran or was served a decision keeps the last
day until the nightly rebuild goes over them. A province records what its decisions print, and a letter asks
the deciding organ which day is right.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import rehab.keys

EARLIER = """
UPDATE rehab_case AS held SET alarm_on = LEAST(
    held.ends_on,
    CASE WHEN served.printed_ends_on <> held.ends_on THEN held.ends_on
    ELSE (served.decided_on + interval '2 years')::date - CASE
        WHEN extract(day FROM served.decided_on + interval '2 years') = extract(day FROM served.decided_on)
        THEN 1 ELSE 0 END
    END
)
FROM rehab_decision AS served WHERE served.case_id = held.id;
UPDATE rehab_case SET alarm_on = ends_on WHERE alarm_on IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = (("rehab", "0010_people_move_between_facilities"),)

    operations = (
        migrations.AddField(
            "case", "alarm_on", models.DateField(verbose_name="预警期满日", null=True)
        ),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.AlterField("case", "alarm_on", models.DateField(verbose_name="预警期满日")),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["facility", "status", "alarm_on"], name="case_by_facility_and_alarm"
            ),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=models.Q(alarm_on__lte=models.F("ends_on")),
                name="the_alarm_never_waits_beyond_the_end",
            ),
        ),
        migrations.CreateModel(
            name="EndConvention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="生效日")),
                (
                    "prints",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("anniversary", "决定书载明的截止日期为满二年当日")],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="载明方式",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
                (
                    "province",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.bureau",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
            ],
            options={
                "verbose_name": "期满日的载明方式",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["province", "effective_from"],
                        name="one_end_convention_per_province_and_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EndInquiry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="载明的期满日")),
                ("alarm_on", models.DateField(verbose_name="推算的期满日")),
                ("asked_at", models.DateTimeField(verbose_name="制作时间")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end_inquiries",
                        to="rehab.case",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "期限核实函",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "ends_on", "alarm_on"],
                        name="one_inquiry_for_each_difference",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(alarm_on=models.F("ends_on")),
                        name="an_inquiry_asks_about_a_difference",
                    ),
                ],
            },
        ),
    )
