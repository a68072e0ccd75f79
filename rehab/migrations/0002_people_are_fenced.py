"""Row-level security on every table about people, and which of them are only ever added to."""

from django.db import migrations

from rehab import rowsecurity
from rehab.rowsecurity import (
    BY_CASE,
    BY_FACILITY,
    HAS_SCOPE,
    SEES_ALL,
    append_only,
    by_parent,
    fence,
    within,
)

# What a station may see has its last day, and the database shows nothing after it
TODAY = "(SELECT nullif(current_setting('rehab.today', true), '')::date)"
STATION = (
    f"{within('station_id', 'rehab.stations')}"
    f" AND (station_sees_until IS NULL OR station_sees_until >= {TODAY})"
)
CASE = f"{BY_FACILITY} OR {STATION} OR {within('id', 'rehab.cases')}"
# Whoever was absorbed is seen with whom he was merged into. One key at a time: with the two in one
# expression every case was read for it.
CASE_OF = "EXISTS (SELECT 1 FROM rehab_case seen WHERE seen.person_id = {whose})"
PERSON = (
    CASE_OF.format(whose="rehab_person.id")
    + " OR rehab_person.merged_into_id IS NOT NULL AND "
    + CASE_OF.format(whose="rehab_person.merged_into_id")
)
CASE_OR_FACILITY = f"{BY_FACILITY} OR {BY_CASE}"
OF_ACCOUNTS = "case_id IS NULL AND facility_id IS NULL"  # written before anybody has a scope
OF_HOUSES = f"subject_type = 'facility' AND {within('facility_id', 'rehab.houses')}"
OF_DOCUMENT = by_parent("rehab_document", "document_id")
ITS_WRITERS = "user_id::text = current_setting('rehab.actor', true)"
# A grant of one case is seen by its holder and by who looks after the house of the case
GRANT = (
    f"{SEES_ALL} OR user_id::text = (SELECT current_setting('rehab.actor', true))"
    f" OR {within('rehab_house_of(content_object_id)', 'rehab.houses')}"
)

HOUSE_OF = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_house_of(of_case uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT facility_id FROM rehab_case WHERE id = of_case
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_house_of(uuid);",
)

REFUSE_CHANGE = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% rows are append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_refuse_change();",
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0001_the_ground_floor"),)

    operations = (
        migrations.RunSQL(rowsecurity.FUNCTIONS, rowsecurity.DROP_FUNCTIONS),
        HOUSE_OF,
        REFUSE_CHANGE,
        fence("rehab_case", CASE),
        fence("rehab_person", PERSON, written="rehab_has_scope()"),
        fence("rehab_personmerge", BY_FACILITY),
        fence("rehab_decision", BY_CASE),
        fence("rehab_placement", BY_CASE),
        fence("rehab_absence", BY_CASE),
        fence("rehab_escapeproposal", BY_CASE),
        fence("rehab_keepapart", BY_FACILITY),
        fence("rehab_casewords", BY_CASE),
        fence("rehab_casegrant", GRANT),
        fence(
            "rehab_accessrecord",
            f"{BY_CASE} OR {within('facility_id', 'rehab.houses')}",
            written=BY_CASE,
        ),
        fence(
            "rehab_event",
            f"{CASE_OR_FACILITY} OR {HAS_SCOPE} AND {OF_ACCOUNTS} OR {OF_HOUSES}",
            written=f"{CASE_OR_FACILITY} OR {OF_ACCOUNTS} OR {OF_HOUSES}",
        ),
        fence("rehab_deadline", CASE_OR_FACILITY),
        fence("rehab_notice", CASE_OR_FACILITY),
        fence("rehab_noticeread", by_parent("rehab_notice", "notice_id")),
        fence("rehab_document", CASE_OR_FACILITY),
        fence("rehab_documentmention", OF_DOCUMENT),
        fence("rehab_documentprint", OF_DOCUMENT),
        fence("rehab_serviceofdocument", OF_DOCUMENT),
        fence("rehab_draft", ITS_WRITERS),
        fence("rehab_submission", ITS_WRITERS),
        append_only("rehab_event"),
        append_only("rehab_accessrecord"),
        append_only("rehab_listtaking"),
        append_only("rehab_documentmention"),
        append_only("rehab_documentprint"),
        append_only("rehab_serviceofdocument"),
    )
