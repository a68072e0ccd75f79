"""A service names the kind of recipient; the name of who signed for it is sealed."""

import rehab.sealed
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rehab", "0022_what_is_typed_is_its_writers_own"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceofdocument",
            name="received_by",
            field=rehab.sealed.SealedField(kind="text", null=True, verbose_name="签收人"),
        ),
        migrations.AlterField(
            model_name="serviceofdocument",
            name="recipient",
            field=models.CharField(
                choices=[
                    ("person", "本人"),
                    ("family", "家属"),
                    ("deciding_authority", "决定机关"),
                    ("employer", "所在单位"),
                    ("police_station", "公安派出所"),
                    ("other", "其他"),
                ],
                max_length=20,
                verbose_name="受送达人",
            ),
        ),
    ]
