"""Row-level security on every record that the centres keep about people."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, fence

TABLES = (
    "centers_assessment",
    "centers_conductmonth",
    "centers_detoxconclusion",
    "centers_drugtest",
    "centers_entryeducation",
    "centers_fitnesstest",
    "centers_screening",
    "centers_socialform",
)


class Migration(migrations.Migration):
    dependencies = (
        ("centers", "0001_the_five_centres_record"),
        ("rehab", "0002_people_are_fenced"),
    )
    operations = tuple(fence(table, BY_CASE) for table in TABLES)
