"""Intake officers and the leaders of the facility write down who leaves and who comes back."""

from django.db import migrations

WHO = ("intake_officer", "facility_leader")
WHAT = "absence.record"


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
    dependencies = (("rehab", "0043_who_is_on_leave_is_out"),)
    operations = (migrations.RunPython(give, take),)
