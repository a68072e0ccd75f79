"""Row-level security on every table about people, and what the database refuses by itself."""

from django.db import migrations

from rehab import rowsecurity
from rehab.rowsecurity import BY_CASE, BY_FACILITY, HAS_SCOPE, append_only, by_parent, fence, within

CASE = " OR ".join(
    (BY_FACILITY, within("station_id", "rehab.stations"), within("id", "rehab.cases"))
)
OF_ACCOUNTS = "case_id IS NULL AND facility_id IS NULL"  # written before anybody has a scope
EVENT = f"{BY_FACILITY} OR {BY_CASE} OR {HAS_SCOPE} AND {OF_ACCOUNTS}"
PERSON = "EXISTS (SELECT 1 FROM rehab_case seen WHERE seen.person_id = rehab_person.id)"

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

APART = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_keep_apart() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        room rehab_room%ROWTYPE;
        person rehab_person%ROWTYPE;
        isolated boolean;
        minor boolean;
        begins date := (lower(NEW.period) AT TIME ZONE 'Asia/Shanghai')::date;
    BEGIN
        SELECT r.* INTO room FROM rehab_room r JOIN rehab_bed b ON b.room_id = r.id WHERE b.id = NEW.bed_id;
        SELECT p.* INTO person FROM rehab_person p JOIN rehab_case c ON c.person_id = p.id WHERE c.id = NEW.case_id;
        SELECT c.needs_isolation INTO isolated FROM rehab_case c WHERE c.id = NEW.case_id;
        minor := coalesce(person.birth_date > begins - interval '18 years', false);
        IF room.sex <> person.sex THEN
            RAISE EXCEPTION 'placement keeps the sexes apart' USING ERRCODE = 'check_violation';
        ELSIF room.for_minors <> minor THEN
            RAISE EXCEPTION 'placement keeps minors and adults apart' USING ERRCODE = 'check_violation';
        ELSIF room.isolation <> isolated THEN
            RAISE EXCEPTION 'placement keeps the isolated apart' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER rehab_placement_keeps_apart BEFORE INSERT OR UPDATE OF bed_id, case_id ON rehab_placement
        FOR EACH ROW EXECUTE FUNCTION rehab_keep_apart();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_placement_keeps_apart ON rehab_placement;
    DROP FUNCTION rehab_keep_apart();
    """,
)

MATCH = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_match_person(number_index text, called text, born date)
    RETURNS TABLE (
        person uuid, masked_name text, by_number boolean, facility varchar, duty_phone varchar,
        entered_at timestamptz, ended_at timestamptz, way_out varchar
    )
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        IF NOT rehab_has_scope() THEN
            RAISE EXCEPTION 'matching needs a scope' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN QUERY
            SELECT p.id, left(p.name, 1) || repeat('*', char_length(p.name) - 1),
                   coalesce(p.id_index = number_index, false), f.name, f.duty_phone,
                   c.entered_at, c.ended_at, c.status
            FROM rehab_person p
            JOIN rehab_case c ON c.person_id = p.id
            JOIN rehab_facility f ON f.id = c.facility_id
            WHERE p.id_index = number_index OR (p.name = called AND p.birth_date = born)
            ORDER BY coalesce(p.id_index = number_index, false) DESC, c.entered_at DESC;
        GET DIAGNOSTICS hits = ROW_COUNT;
        INSERT INTO rehab_matchcall (id, actor, by_number, found, at)
        VALUES (gen_random_uuid(), current_setting('rehab.actor', true), number_index IS NOT NULL, hits, now());
    END
    $$;
    CREATE FUNCTION rehab_knows_decision(number_index text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT rehab_has_scope()
            AND EXISTS (SELECT 1 FROM rehab_decision d WHERE d.number_index = rehab_knows_decision.number_index)
    $$;
    """,
    reverse_sql="""
    DROP FUNCTION rehab_knows_decision(text);
    DROP FUNCTION rehab_match_person(text, text, date);
    """,
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0001_the_ground_floor"),)

    operations = (
        migrations.RunSQL(rowsecurity.FUNCTIONS, rowsecurity.DROP_FUNCTIONS),
        REFUSE_CHANGE,
        fence("rehab_case", CASE),
        fence("rehab_person", PERSON, written="rehab_has_scope()"),
        fence("rehab_decision", BY_CASE),
        fence("rehab_placement", BY_CASE),
        fence("rehab_casegrant", "rehab_has_scope()"),
        fence("rehab_accessrecord", BY_CASE),
        fence("rehab_event", EVENT, written=f"{BY_FACILITY} OR {BY_CASE} OR {OF_ACCOUNTS}"),
        fence("rehab_deadline", f"{BY_FACILITY} OR {BY_CASE}"),
        fence("rehab_notice", f"{BY_FACILITY} OR {BY_CASE}"),
        fence("rehab_noticeread", by_parent("rehab_notice", "notice_id")),
        fence("rehab_document", f"{BY_FACILITY} OR {BY_CASE}"),
        fence("rehab_serviceofdocument", by_parent("rehab_document", "document_id")),
        fence("rehab_draft", "user_id::text = current_setting('rehab.actor', true)"),
        append_only("rehab_event"),
        append_only("rehab_accessrecord"),
        append_only("rehab_serviceofdocument"),
        APART,
        MATCH,
    )
