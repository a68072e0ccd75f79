"""The two questions of the front door that look beyond it; each is kept, see `rehab_keep_match`.

A number under which somebody stood before two records were put together still tells who he is.
"""

from django.db import migrations

KNOWN = migrations.RunSQL(
    sql="""
    CREATE FUNCTION intake_known(people text[], decisions text[])
    RETURNS TABLE (kind text, number_index varchar)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        hits integer;
    BEGIN
        RETURN QUERY
            SELECT 'person', p.id_index
            FROM rehab_person p JOIN rehab_case c ON c.person_id = coalesce(p.merged_into_id, p.id)
            WHERE p.id_index = ANY (people) AND c.ended_at IS NULL
            GROUP BY p.id_index
            UNION ALL
            SELECT 'decision', d.number_index FROM rehab_decision d WHERE d.number_index = ANY (decisions);
        GET DIAGNOSTICS hits = ROW_COUNT;
        PERFORM rehab_keep_match('roster', true, cardinality(people) + cardinality(decisions), hits);
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION intake_known(text[], text[]);",
)

OTHER = migrations.RunSQL(
    sql="""
    CREATE FUNCTION intake_has_other_number(person uuid, number_index text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        other boolean := EXISTS (
            SELECT 1 FROM rehab_person p
            WHERE p.id = person AND p.id_index IS NOT NULL AND p.id_index <> intake_has_other_number.number_index
        ) AND NOT EXISTS (
            SELECT 1 FROM rehab_person p
            WHERE p.merged_into_id = person AND p.id_index = intake_has_other_number.number_index
        );
    BEGIN
        PERFORM rehab_keep_match('number', true, 1, other::int);
        RETURN other;
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION intake_has_other_number(uuid, text);",
)


class Migration(migrations.Migration):
    dependencies = (("intake", "0002_intake_is_fenced"), ("rehab", "0004_the_nation_is_asked"))
    operations = (KNOWN, OTHER)
