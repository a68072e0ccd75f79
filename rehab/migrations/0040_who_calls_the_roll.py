"""Zone officers and their leaders record roll-calls; the leaders of the facility read them too."""

from django.db import migrations

WHO = {
    "zone_officer": {"roll.view", "roll.record"},
    "zone_leader": {"roll.view", "roll.record"},
    "facility_leader": {"roll.view"},
}


def give(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=WHO):
        role.permissions = sorted({*role.permissions, *WHO[role.code]})
        role.save(update_fields=["permissions"])


def take(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=WHO):
        role.permissions = sorted(set(role.permissions) - WHO[role.code])
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0039_who_merges"),)
    operations = (migrations.RunPython(give, take),)
