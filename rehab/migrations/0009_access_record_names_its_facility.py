"""An access record names its facility, so that an auditor finds it without seeing the case."""

import django.db.models.deletion
from django.db import migrations, models

FILL = migrations.RunSQL(
    sql="""
    ALTER TABLE rehab_accessrecord DISABLE TRIGGER rehab_accessrecord_is_append_only;
    UPDATE rehab_accessrecord a SET facility_id = c.facility_id FROM rehab_case c WHERE c.id = a.case_id;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE rehab_accessrecord ENABLE TRIGGER rehab_accessrecord_is_append_only;
    """,
    reverse_sql=migrations.RunSQL.noop,
)


def facility(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="rehab.facility",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = (("rehab", "0008_house_is_administered_from_pages"),)

    operations = (
        migrations.AddField("accessrecord", "facility", facility(null=True)),
        FILL,
        migrations.AlterField("accessrecord", "facility", facility()),
        migrations.AddIndex(
            "accessrecord", models.Index(fields=["facility", "-at"], name="access_by_facility")
        ),
    )
