"""Row-level security on merges; whoever was absorbed leads to the one he was merged into, and to nobody else."""

from django.db import migrations

from rehab.rowsecurity import BY_FACILITY, fence

SEEN = "EXISTS (SELECT 1 FROM rehab_case seen WHERE seen.person_id = {whose})"
POLICY = "ALTER POLICY within_scope ON rehab_person USING ({seen});"
PERSON = migrations.RunSQL(
    POLICY.format(seen=SEEN.format(whose="coalesce(rehab_person.merged_into_id, rehab_person.id)")),
    POLICY.format(seen=SEEN.format(whose="rehab_person.id")),
)

# A case belongs to no absorbed record: asked at the end of the transaction, because an act that puts two
# records together or apart moves the cases one after another. The lock waits for whoever is at it.
NO_CASE = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_refuse_case_of_absorbed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        leads_to uuid;
        whose uuid;
    BEGIN
        SELECT person_id INTO whose FROM rehab_case WHERE id = NEW.id;
        SELECT merged_into_id INTO leads_to FROM rehab_person WHERE id = whose FOR SHARE;
        IF leads_to IS NOT NULL THEN
            RAISE EXCEPTION 'case belongs to a record that was merged' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE CONSTRAINT TRIGGER rehab_case_is_of_a_kept_person AFTER INSERT ON rehab_case
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rehab_refuse_case_of_absorbed();
    CREATE CONSTRAINT TRIGGER rehab_case_goes_to_a_kept_person AFTER UPDATE OF person_id ON rehab_case
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id)
        EXECUTE FUNCTION rehab_refuse_case_of_absorbed();

    CREATE FUNCTION rehab_refuse_absorbed_with_cases() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM rehab_person p WHERE p.id = NEW.id AND p.merged_into_id IS NOT NULL
                AND EXISTS (SELECT 1 FROM rehab_case c WHERE c.person_id = p.id)
        ) THEN
            RAISE EXCEPTION 'a merged record keeps no case' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE CONSTRAINT TRIGGER rehab_absorbed_person_keeps_no_case AFTER UPDATE OF merged_into_id ON rehab_person
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
        EXECUTE FUNCTION rehab_refuse_absorbed_with_cases();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_absorbed_person_keeps_no_case ON rehab_person;
    DROP FUNCTION rehab_refuse_absorbed_with_cases();
    DROP TRIGGER rehab_case_goes_to_a_kept_person ON rehab_case;
    DROP TRIGGER rehab_case_is_of_a_kept_person ON rehab_case;
    DROP FUNCTION rehab_refuse_case_of_absorbed();
    """,
)

# Where two people are known, by key, by the number of a case or by identity number; the question is kept
PLACES = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_person_places(known uuid[], case_number text, number_index text)
    RETURNS TABLE (person uuid, named boolean, facility uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        RETURN QUERY
            SELECT whose.id, bool_or(whose.named), c.facility_id
            FROM (
                SELECT coalesce(p.merged_into_id, p.id) AS id, false AS named
                FROM rehab_person p WHERE p.id = ANY (known)
                UNION ALL
                SELECT held.person_id, true FROM rehab_case held WHERE held.number = case_number
                UNION ALL
                SELECT coalesce(p.merged_into_id, p.id), true
                FROM rehab_person p WHERE p.id_index = number_index
            ) whose
            JOIN rehab_case c ON c.person_id = whose.id
            GROUP BY whose.id, c.facility_id;
        GET DIAGNOSTICS hits = ROW_COUNT;
        PERFORM rehab_keep_match('merge', number_index IS NOT NULL, 1, hits);
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_person_places(uuid[], text, text);",
)

DROP = "DROP FUNCTION rehab_match_person(text, text, date, text);"
MATCH = """
CREATE FUNCTION rehab_match_person(number_index text, called text, born date, sexed text)
RETURNS TABLE (
    person uuid, masked_name text, by_number boolean, facility varchar, duty_phone varchar,
    entered_at timestamptz, ended_at timestamptz, way_out varchar,
    same_name boolean, same_sex boolean, same_birth boolean, same_number boolean{told}
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hits integer;
BEGIN
    RETURN QUERY
{found}
    GET DIAGNOSTICS hits = ROW_COUNT;
    PERFORM rehab_keep_match('person', number_index IS NOT NULL, 1, hits);
END
$$;
"""
THROUGH_THE_ABSORBED = """
        SELECT k.id, left(k.name, 1) || repeat('*', char_length(k.name) - 1),
               bool_or(coalesce(p.id_index = number_index, false)), f.name, f.duty_phone,
               c.entered_at, c.ended_at, c.status, bool_or(p.name = called), bool_or(p.sex = sexed),
               bool_or(p.birth_date = born), bool_or(p.id_index = number_index),
               ARRAY(SELECT former.id FROM rehab_person former WHERE former.merged_into_id = k.id)
        FROM rehab_person p
        JOIN rehab_person k ON k.id = coalesce(p.merged_into_id, p.id)
        JOIN rehab_case c ON c.person_id = k.id
        JOIN rehab_facility f ON f.id = c.facility_id
        WHERE p.id_index = number_index OR (p.name = called AND p.birth_date = born)
        GROUP BY k.id, c.id, f.id
        ORDER BY 3 DESC, c.entered_at DESC;
"""
AS_BEFORE = """
        SELECT p.id, left(p.name, 1) || repeat('*', char_length(p.name) - 1),
               coalesce(p.id_index = number_index, false), f.name, f.duty_phone,
               c.entered_at, c.ended_at, c.status, p.name = called, p.sex = sexed, p.birth_date = born,
               p.id_index = number_index
        FROM rehab_person p
        JOIN rehab_case c ON c.person_id = p.id
        JOIN rehab_facility f ON f.id = c.facility_id
        WHERE p.id_index = number_index OR (p.name = called AND p.birth_date = born)
        ORDER BY coalesce(p.id_index = number_index, false) DESC, c.entered_at DESC;
"""


class Migration(migrations.Migration):
    dependencies = (("rehab", "0037_two_records_of_one_person"),)

    operations = (
        fence("rehab_personmerge", BY_FACILITY),
        PERSON,
        NO_CASE,
        PLACES,
        migrations.RunSQL(
            DROP + MATCH.format(found=THROUGH_THE_ABSORBED, told=", formerly uuid[]"),
            DROP + MATCH.format(found=AS_BEFORE, told=""),
        ),
    )
