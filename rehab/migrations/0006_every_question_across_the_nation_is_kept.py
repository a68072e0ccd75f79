"""Who asked across the nation, when, what for, about how many: also where the answer is a mere yes or no."""

from django.db import migrations, models

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

MATCH = """
CREATE OR REPLACE FUNCTION rehab_match_person(number_index text, called text, born date)
RETURNS TABLE (
    person uuid, masked_name text, by_number boolean, facility varchar, duty_phone varchar,
    entered_at timestamptz, ended_at timestamptz, way_out varchar
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hits integer;
BEGIN
    {begin}
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
    {end}
END
$$;
"""

KNOWS = """
CREATE OR REPLACE FUNCTION rehab_knows_decision(number_index text) RETURNS boolean
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
"""

KNEW = """
CREATE OR REPLACE FUNCTION rehab_knows_decision(number_index text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT rehab_has_scope()
        AND EXISTS (SELECT 1 FROM rehab_decision d WHERE d.number_index = rehab_knows_decision.number_index)
$$;
"""

KEPT = {
    "begin": "",
    "end": "PERFORM rehab_keep_match('person', number_index IS NOT NULL, 1, hits);",
}
WAS_KEPT = {
    "begin": """
    IF NOT rehab_has_scope() THEN
        RAISE EXCEPTION 'matching needs a scope' USING ERRCODE = 'insufficient_privilege';
    END IF;
    """,
    "end": """
    INSERT INTO rehab_matchcall (id, actor, by_number, found, at)
    VALUES (gen_random_uuid(), current_setting('rehab.actor', true), number_index IS NOT NULL, hits, now());
    """,
}


class Migration(migrations.Migration):
    dependencies = (("rehab", "0005_accounts_of_the_demo_are_marked"),)

    operations = (
        migrations.AddField(
            model_name="matchcall",
            name="purpose",
            field=models.CharField(
                "用途",
                max_length=10,
                choices=[
                    ("person", "核对既往"),
                    ("decision", "核对决定书文号"),
                    ("number", "核对是否同一人"),
                    ("roster", "核对名册"),
                ],
                default="person",  # of the calls kept so far
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="matchcall",
            name="asked",
            field=models.PositiveIntegerField("问了几项", default=1),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="matchcall",
            name="found",
            field=models.PositiveSmallIntegerField("答了几项"),
        ),
        RECORD,
        migrations.RunSQL(MATCH.format(**KEPT) + KNOWS, MATCH.format(**WAS_KEPT) + KNEW),
    )
