"""Which scale somebody was asked is sealed as its answers are."""

from django.db import migrations, models

import rehab.sealed


def seal(apps, schema_editor):
    screenings = apps.get_model("centers", "Screening").objects
    screenings = screenings.using(schema_editor.connection.alias)
    for screening in screenings.only("scale_in_clear"):
        screenings.filter(pk=screening.pk).update(scale=screening.scale_in_clear)


def open_again(apps, schema_editor):
    screenings = apps.get_model("centers", "Screening").objects
    screenings = screenings.using(schema_editor.connection.alias)
    for screening in screenings.only("scale"):
        screenings.filter(pk=screening.pk).update(scale_in_clear=screening.scale)


class Migration(migrations.Migration):
    dependencies = (("centers", "0002_centers_is_fenced"),)

    operations = (
        migrations.RenameField("screening", "scale", "scale_in_clear"),
        migrations.AddField(
            model_name="screening",
            name="scale",
            field=rehab.sealed.SealedField("量表", null=True),
        ),
        migrations.RunPython(seal, open_again),
        migrations.AlterField(
            model_name="screening",
            name="scale",
            field=rehab.sealed.SealedField("量表"),
        ),
        migrations.AlterField(  # so that it can be taken back: the column returns empty first
            model_name="screening",
            name="scale_in_clear",
            field=models.CharField("量表", max_length=10, default=""),
        ),
        migrations.RemoveField("screening", "scale_in_clear"),
    )
