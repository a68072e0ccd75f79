"""Row-level security at the front door; sheets, photos and things that were taken in are never changed."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, BY_FACILITY, append_only, by_parent, fence


class Migration(migrations.Migration):
    dependencies = (("intake", "0001_the_front_door"), ("rehab", "0002_people_are_fenced"))

    operations = (
        fence("intake_roster", BY_FACILITY),
        fence("intake_rosterrow", by_parent("intake_roster", "roster_id")),
        fence("intake_arrival", BY_FACILITY),
        fence("intake_arrivalopening", by_parent("intake_arrival", "arrival_id")),
        fence("intake_admission", BY_CASE),
        fence("intake_completionitem", BY_CASE),
        fence("intake_healthsheet", BY_CASE),
        fence("intake_injuryphoto", by_parent("intake_healthsheet", "sheet_id")),
        fence("intake_belongingsregister", BY_CASE),
        fence("intake_belonging", BY_CASE),
        append_only("intake_healthsheet"),
        append_only("intake_injuryphoto"),
        append_only("intake_belonging"),
    )
