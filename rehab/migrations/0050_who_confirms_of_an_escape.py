"""The leaders of the facility confirm what is proposed of an escape."""

from django.db import migrations

WHO = "facility_leader"
WHAT = "escape.confirm"


def give(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code=WHO):
        role.permissions = sorted({*role.permissions, WHAT})
        role.save(update_fields=["permissions"])


def take(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.all():
        role.permissions = sorted(set(role.permissions) - {WHAT})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0049_escape_proposals_are_fenced"),)
    operations = (migrations.RunPython(give, take),)
