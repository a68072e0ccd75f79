"""The roles an installation starts with, and the administrative divisions of GB/T 2260."""

import csv
from pathlib import Path

from django.db import migrations

from rehab.roles import STARTING_ROLES

DIVISIONS = Path(__file__).resolve().parent.parent / "data" / "divisions.csv"


def fill(apps, schema_editor):
    database = schema_editor.connection.alias
    role = apps.get_model("rehab", "Role")
    role.objects.using(database).bulk_create(
        role(
            code=one.code,
            display_name=one.display_name,
            description=one.description,
            reach=one.reach.value,
            permissions=sorted(one.permissions),
        )
        for one in STARTING_ROLES
    )
    division = apps.get_model("rehab", "Division")
    with DIVISIONS.open(encoding="utf-8", newline="") as rows:
        division.objects.using(database).bulk_create(
            division(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent_id=row["parent"] or None,
            )
            for row in csv.DictReader(rows)
        )


def empty(apps, schema_editor):
    database = schema_editor.connection.alias
    divisions = apps.get_model("rehab", "Division").objects.using(database)
    divisions.update(parent=None)
    divisions.all().delete()
    apps.get_model("rehab", "Role").objects.using(database).all().delete()


class Migration(migrations.Migration):
    dependencies = (("rehab", "0005_cases_are_found_by_words"),)
    operations = (migrations.RunPython(fill, empty),)
