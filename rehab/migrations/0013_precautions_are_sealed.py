"""Precautions are free words about a person: they move into a sealed column of the same name."""

from django.db import migrations

import rehab.sealed


def seal(apps, schema_editor):
    cases = apps.get_model("rehab", "Case").objects.using(schema_editor.connection.alias)
    for case in cases.exclude(precautions_in_clear="").only("precautions_in_clear"):
        cases.filter(pk=case.pk).update(precautions=case.precautions_in_clear)


def open_again(apps, schema_editor):
    cases = apps.get_model("rehab", "Case").objects.using(schema_editor.connection.alias)
    for case in cases.filter(precautions__isnull=False).only("precautions"):
        cases.filter(pk=case.pk).update(precautions_in_clear=case.precautions)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0012_words_of_an_event_are_sealed"),)

    operations = (
        migrations.RenameField("case", "precautions", "precautions_in_clear"),
        migrations.AddField(
            model_name="case",
            name="precautions",
            field=rehab.sealed.SealedField("注意事项", null=True),
        ),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField("case", "precautions_in_clear"),
    )
