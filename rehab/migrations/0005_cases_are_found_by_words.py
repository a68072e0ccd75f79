"""The pieces of name, spelling and number by which a case is found; see ADR-0024.

Triggers keep them, whoever writes a name or moves a case; one owner-defined function reads them within
the scope of the session, because an index over words cannot serve a query behind row-level security.
Who was written down twice is found by either name: the words of a case hold those of absorbed records too.
"""

from django.db import migrations

PIECES = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_pieces(name text, spellings text, number text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        WITH bare AS (SELECT replace(replace(name, '·', ''), ' ', '') AS name)
        SELECT array_agg(DISTINCT piece) FROM (
            SELECT substr(bare.name, start, size) AS piece
            FROM bare, generate_series(1, char_length(bare.name)) start, generate_series(1, 2) size
            WHERE start + size - 1 <= char_length(bare.name)
            UNION ALL
            SELECT ':' || left(word, size)
            FROM unnest(string_to_array(spellings, ' ')) word, generate_series(1, 3) size
            WHERE char_length(word) >= size
            UNION ALL
            SELECT '#' || substr(number, start, 3) FROM generate_series(1, char_length(number) - 2) start
        ) pieces
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_pieces(text, text, text);",
)

# A mark between two names keeps the end of one and the beginning of the next from being a word
KEPT = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_words_of(person uuid, number text) RETURNS text[]
    LANGUAGE sql STABLE AS $$
        SELECT rehab_pieces(string_agg(p.name, '|'), string_agg(p.name_spellings, ' '), number)
        FROM rehab_person p WHERE p.id = person OR p.merged_into_id = person
    $$;

    CREATE FUNCTION rehab_keep_words_of_case() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        INSERT INTO rehab_casewords (id, case_id, facility_id, station_id, pieces)
        SELECT gen_random_uuid(), NEW.id, NEW.facility_id, NEW.station_id, rehab_words_of(NEW.person_id, NEW.number)
        ON CONFLICT (case_id) DO UPDATE SET facility_id = excluded.facility_id,
            station_id = excluded.station_id, pieces = excluded.pieces;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER rehab_case_keeps_its_words AFTER INSERT OR UPDATE OF person_id, facility_id, station_id, number
        ON rehab_case FOR EACH ROW EXECUTE FUNCTION rehab_keep_words_of_case();

    CREATE FUNCTION rehab_keep_words_of_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE rehab_casewords w SET pieces = rehab_words_of(c.person_id, c.number)
        FROM rehab_case c
        WHERE c.person_id = ANY (ARRAY[NEW.id, NEW.merged_into_id, OLD.merged_into_id]) AND w.case_id = c.id;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER rehab_person_keeps_his_words AFTER UPDATE OF name, name_spellings
        ON rehab_person FOR EACH ROW EXECUTE FUNCTION rehab_keep_words_of_person();
    CREATE TRIGGER rehab_absorbed_person_lends_his_words AFTER UPDATE OF merged_into_id ON rehab_person
        FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
        EXECUTE FUNCTION rehab_keep_words_of_person();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_absorbed_person_lends_his_words ON rehab_person;
    DROP TRIGGER rehab_person_keeps_his_words ON rehab_person;
    DROP TRIGGER rehab_case_keeps_its_words ON rehab_case;
    DROP FUNCTION rehab_keep_words_of_person();
    DROP FUNCTION rehab_keep_words_of_case();
    DROP FUNCTION rehab_words_of(uuid, text);
    """,
)

FOUND = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_cases_with(wanted text[]) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
    BEGIN
        IF cardinality(wanted) = 0 THEN
            RETURN;
        END IF;
        IF rehab_sees_all() THEN
            RETURN QUERY SELECT w.case_id FROM rehab_casewords w WHERE w.pieces @> wanted;
            RETURN;
        END IF;
        RETURN QUERY
            SELECT w.case_id FROM unnest(rehab_scope('rehab.facilities')) place,
            LATERAL (
                SELECT f.case_id FROM rehab_casewords f WHERE f.facility_id = place AND f.pieces @> wanted
            ) w
            UNION
            SELECT w.case_id FROM rehab_casewords w
            WHERE w.station_id = ANY (rehab_scope('rehab.stations')) AND w.pieces @> wanted
            UNION
            SELECT w.case_id FROM rehab_casewords w
            WHERE w.case_id = ANY (rehab_scope('rehab.cases')) AND w.pieces @> wanted;
    END
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_cases_with(text[]);",
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0004_the_nation_is_asked"),)
    operations = (PIECES, KEPT, FOUND)
