"""Zone officers, their leaders and the leaders of the facility give another bed within the zone."""

from django.db import migrations

WHO = ("zone_officer", "zone_leader", "facility_leader")
WHAT = "bed.change"


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
    dependencies = (("rehab", "0034_kinds_of_events_are_named"),)
    operations = (migrations.RunPython(give, take),)
