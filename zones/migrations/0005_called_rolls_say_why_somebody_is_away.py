"""Of whom is out at a hospital or a court a called roll says why: his bed stays his."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rehab", "0044_who_writes_people_out_and_in"),
        ("zones", "0004_called_rolls_are_fenced"),
    ]

    operations = [
        migrations.AddField(
            model_name="musterline",
            name="away",
            field=models.CharField(
                blank=True,
                choices=[
                    ("hospital", "离所就医"),
                    ("court", "出庭"),
                    ("medical_leave", "所外就医"),
                    ("held", "被拘留、逮捕、收监"),
                    ("escape", "脱逃"),
                ],
                max_length=15,
                verbose_name="离所事由",
            ),
        ),
        migrations.AlterField(
            model_name="musterline",
            name="absence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("clinic", "所内就诊、住院"),
                    ("hospital", "离所就医，尚未登记"),
                    ("interview", "会见、谈话、提讯"),
                    ("task", "习艺、上课、训练未归"),
                    ("single", "单独管理"),
                    ("other", "其他"),
                    ("unknown", "原因不明"),
                ],
                max_length=10,
                verbose_name="不在场原因",
            ),
        ),
        migrations.AddConstraint(
            model_name="musterline",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing", "out"), ("away", ""), _connector="OR"),
                name="only_who_is_out_is_away",
            ),
        ),
    ]
