"""Intake officers propose that two records are one person; the leaders of the facility confirm it."""

from django.db import migrations

WHO = {"intake_officer": "merge.propose", "facility_leader": "merge.confirm"}


def give(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=WHO):
        role.permissions = sorted({*role.permissions, WHO[role.code]})
        role.save(update_fields=["permissions"])


def take(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.all():
        role.permissions = sorted(set(role.permissions) - set(WHO.values()))
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0038_merges_are_fenced"),)
    operations = (migrations.RunPython(give, take),)
