"""A roster's question is kept with how many it asked about; whether two are one person is kept as well."""

from django.db import migrations

KNOWN = """
CREATE OR REPLACE FUNCTION intake_known(people text[], decisions text[])
RETURNS TABLE (kind text, number_index varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hits integer;
BEGIN
    {begin}
    RETURN QUERY
        SELECT 'person', p.id_index
        FROM rehab_person p JOIN rehab_case c ON c.person_id = p.id
        WHERE p.id_index = ANY (people) AND c.ended_at IS NULL
        UNION ALL
        SELECT 'decision', d.number_index FROM rehab_decision d WHERE d.number_index = ANY (decisions);
    GET DIAGNOSTICS hits = ROW_COUNT;
    {end}
END
$$;
"""

OTHER = """
CREATE OR REPLACE FUNCTION intake_has_other_number(person uuid, number_index text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    other boolean := EXISTS (
        SELECT 1 FROM rehab_person p
        WHERE p.id = person AND p.id_index IS NOT NULL AND p.id_index <> intake_has_other_number.number_index
    );
BEGIN
    PERFORM rehab_keep_match('number', true, 1, other::int);
    RETURN other;
END
$$;
"""

FORMER_OTHER = """
CREATE OR REPLACE FUNCTION intake_has_other_number(person uuid, number_index text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT rehab_has_scope() AND EXISTS (
        SELECT 1 FROM rehab_person p
        WHERE p.id = person AND p.id_index IS NOT NULL AND p.id_index <> intake_has_other_number.number_index
    )
$$;
"""

KEPT = {
    "begin": "",
    "end": "PERFORM rehab_keep_match('roster', true, cardinality(people) + cardinality(decisions), hits);",
}
WAS_KEPT = {
    "begin": """
    IF NOT rehab_has_scope() THEN
        RAISE EXCEPTION 'matching needs a scope' USING ERRCODE = 'insufficient_privilege';
    END IF;
    """,
    "end": """
    INSERT INTO rehab_matchcall (id, actor, by_number, found, at)
    VALUES (gen_random_uuid(), current_setting('rehab.actor', true), true, least(hits, 32767), now());
    """,
}


class Migration(migrations.Migration):
    dependencies = (
        ("intake", "0002_intake_is_fenced"),
        ("rehab", "0006_every_question_across_the_nation_is_kept"),
    )

    operations = (
        migrations.RunSQL(KNOWN.format(**KEPT) + OTHER, KNOWN.format(**WAS_KEPT) + FORMER_OTHER),
    )
