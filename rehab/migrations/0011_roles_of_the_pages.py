"""What the starting roles may do on the pages that came after them."""

from django.db import migrations

EVERYBODY = {"password.change"}
MORE = {
    "facility_leader": {"delegation.give"},
    "zone_leader": {"delegation.give"},
    "system_admin": {"place.manage"},
}


def give(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.all():
        role.permissions = sorted({*role.permissions, *EVERYBODY, *MORE.get(role.code, ())})
        role.save(update_fields=["permissions"])


def take(apps, schema_editor):
    roles = apps.get_model("rehab", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.all():
        gone = EVERYBODY | MORE.get(role.code, set())
        role.permissions = sorted(set(role.permissions) - gone)
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0010_house_keeping_is_fenced"),)
    operations = (migrations.RunPython(give, take),)
