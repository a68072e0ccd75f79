"""Row-level security on every table of the back door about people; contacts are never changed."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, append_only, by_parent, fence


class Migration(migrations.Migration):
    dependencies = (("aftercare", "0001_the_way_out"), ("rehab", "0002_people_are_fenced"))

    operations = (
        fence("aftercare_releasenotice", BY_CASE),
        fence("aftercare_releasenoticecopy", by_parent("aftercare_releasenotice", "notice_id")),
        fence("aftercare_release", BY_CASE),
        fence("aftercare_agreement", BY_CASE),
        fence("aftercare_contact", by_parent("aftercare_agreement", "agreement_id")),
        append_only("aftercare_contact"),
    )
