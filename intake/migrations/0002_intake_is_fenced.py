"""Row-level security at the front door, and the two questions that look beyond it."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, BY_FACILITY, by_parent, fence

KNOWN = migrations.RunSQL(
    sql="""
    CREATE FUNCTION intake_known(people text[], decisions text[])
    RETURNS TABLE (kind text, number_index varchar)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        IF NOT rehab_has_scope() THEN
            RAISE EXCEPTION 'matching needs a scope' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN QUERY
            SELECT 'person', p.id_index
            FROM rehab_person p JOIN rehab_case c ON c.person_id = p.id
            WHERE p.id_index = ANY (people) AND c.ended_at IS NULL
            UNION ALL
            SELECT 'decision', d.number_index FROM rehab_decision d WHERE d.number_index = ANY (decisions);
        GET DIAGNOSTICS hits = ROW_COUNT;
        INSERT INTO rehab_matchcall (id, actor, by_number, found, at)
        VALUES (gen_random_uuid(), current_setting('rehab.actor', true), true, least(hits, 32767), now());
    END
    $$;
    CREATE FUNCTION intake_has_other_number(person uuid, number_index text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT rehab_has_scope() AND EXISTS (
            SELECT 1 FROM rehab_person p
            WHERE p.id = person AND p.id_index IS NOT NULL AND p.id_index <> intake_has_other_number.number_index
        )
    $$;
    """,
    reverse_sql="""
    DROP FUNCTION intake_has_other_number(uuid, text);
    DROP FUNCTION intake_known(text[], text[]);
    """,
)


class Migration(migrations.Migration):
    dependencies = (("intake", "0001_the_front_door"), ("rehab", "0002_people_are_fenced"))

    operations = (
        fence("intake_roster", BY_FACILITY),
        fence("intake_rosterrow", by_parent("intake_roster", "roster_id")),
        fence("intake_arrival", BY_FACILITY),
        fence("intake_admission", BY_CASE),
        fence("intake_completionitem", BY_CASE),
        KNOWN,
    )
