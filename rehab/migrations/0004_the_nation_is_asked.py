"""The questions that look across the nation; each is kept: who asked, when, what for, about how many.

They tell that somebody is known and whom to call, never what stands in his file. Whoever was absorbed leads
to the one he was merged into, and to nobody else.
"""

from django.db import migrations

RECORD = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_keep_match(why text, numbered boolean, questions bigint, hits bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT rehab_has_scope() THEN
            RAISE EXCEPTION 'matching needs a scope' USING ERRCODE = 'insufficient_privilege';
        END IF;
        INSERT INTO rehab_matchcall (id, actor, purpose, by_number, asked, found, at)
        VALUES (gen_random_uuid(), current_setting('rehab.actor', true), why, numbered, questions,
                least(hits, 32767), now());
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_keep_match(text, boolean, bigint, bigint);",
)

# Of each field that was asked about it says whether it agrees; what stands there it does not tell
MATCH = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_match_person(number_index text, called text, born date, sexed text)
    RETURNS TABLE (
        person uuid, masked_name text, by_number boolean, facility varchar, duty_phone varchar,
        entered_at timestamptz, ended_at timestamptz, way_out varchar,
        same_name boolean, same_sex boolean, same_birth boolean, same_number boolean, formerly uuid[]
    )
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        RETURN QUERY
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
        GET DIAGNOSTICS hits = ROW_COUNT;
        PERFORM rehab_keep_match('person', number_index IS NOT NULL, 1, hits);
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_match_person(text, text, date, text);",
)

KNOWS = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_knows_decision(number_index text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        known boolean := EXISTS (
            SELECT 1 FROM rehab_decision d WHERE d.number_index = rehab_knows_decision.number_index
        );
    BEGIN
        PERFORM rehab_keep_match('decision', true, 1, known::int);
        RETURN known;
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_knows_decision(text);",
)

OTHER_STAYS = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_other_stays(asked uuid)
    RETURNS TABLE (
        stay uuid, facility varchar, duty_phone varchar,
        entered_at timestamptz, ended_at timestamptz, way_out varchar
    )
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        RETURN QUERY
            SELECT c.id, f.name, f.duty_phone, c.entered_at, c.ended_at, c.status
            FROM rehab_case held
            JOIN rehab_case c ON c.person_id = held.person_id AND c.id <> held.id
            JOIN rehab_facility f ON f.id = c.facility_id
            WHERE held.id = asked AND (
                rehab_sees_all() OR held.facility_id = ANY (rehab_scope('rehab.facilities'))
                OR held.id = ANY (rehab_scope('rehab.cases'))
            )
            ORDER BY c.entered_at DESC;
        GET DIAGNOSTICS hits = ROW_COUNT;
        PERFORM rehab_keep_match('history', false, 1, hits);
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_other_stays(uuid);",
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


class Migration(migrations.Migration):
    dependencies = (("rehab", "0003_what_the_database_refuses"),)
    operations = (RECORD, MATCH, KNOWS, OTHER_STAYS, PLACES)
