"""Zone officers, their leaders and the leaders of the facility note who is kept apart, and read why."""

from django.db import migrations

WHO = ("zone_officer", "zone_leader", "facility_leader")
WHAT = "keep_apart.record"


def give(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=WHO):
        role.permissions = sorted({*role.permissions, WHAT})
        role.save(update_fields=["permissions"])


def take(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=WHO):
        role.permissions = sorted(set(role.permissions) - {WHAT})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0032_keeping_apart_is_fenced"),)
    operations = (migrations.RunPython(give, take),)
