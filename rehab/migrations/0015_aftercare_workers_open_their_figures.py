"""A station has a dashboard of its own agreements and contacts: its role may open and export it."""

from django.db import migrations

ROLE = "aftercare_worker"
GIVEN = {"dashboard.view", "metric.export"}


def give(apps, schema_editor):
    _change(apps, schema_editor, lambda held: held | GIVEN)


def take_back(apps, schema_editor):
    _change(apps, schema_editor, lambda held: held - GIVEN)


def _change(apps, schema_editor, change):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code=ROLE):
        role.permissions = sorted(change(set(role.permissions)))
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0014_a_certificate_may_wait_to_be_typeset"),)
    operations = (migrations.RunPython(give, take_back),)
