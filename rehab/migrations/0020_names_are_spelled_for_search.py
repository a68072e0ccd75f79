"""Spell the names that are there already; the triggers of 0019 renew the words of their cases."""

from django.db import migrations

from rehab import pinyin

BATCH = 1_000


def spell(apps, schema_editor):
    people = apps.get_model("rehab", "Person").objects.using(schema_editor.connection.alias)
    batch = []
    for person in people.filter(name_spellings="").only("pk", "name").iterator(chunk_size=BATCH):
        person.name_spellings = pinyin.spellings(person.name)
        batch.append(person)
        if len(batch) == BATCH:
            people.bulk_update(batch, ["name_spellings"])
            batch.clear()
    people.bulk_update(batch, ["name_spellings"])


class Migration(migrations.Migration):
    dependencies = (("rehab", "0019_cases_are_found_by_words"),)

    operations = (migrations.RunPython(spell, migrations.RunPython.noop, elidable=True),)
