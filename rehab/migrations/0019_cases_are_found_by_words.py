"""The pieces of name, spelling and number by which a case is found; see ADR-0024.

Triggers keep them, whoever writes a name or moves a case; one owner-defined function reads them within
the scope of the session, because an index over words cannot serve a query behind row-level security.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

import rehab.keys
from rehab.rowsecurity import BY_CASE, fence

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

KEPT = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_keep_words_of_case() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        INSERT INTO rehab_casewords (id, case_id, facility_id, station_id, pieces)
        SELECT gen_random_uuid(), NEW.id, NEW.facility_id, NEW.station_id, rehab_pieces(p.name, p.name_spellings, NEW.number)
        FROM rehab_person p WHERE p.id = NEW.person_id
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
        UPDATE rehab_casewords w SET pieces = rehab_pieces(NEW.name, NEW.name_spellings, c.number)
        FROM rehab_case c WHERE c.person_id = NEW.id AND w.case_id = c.id;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER rehab_person_keeps_his_words AFTER UPDATE OF name, name_spellings
        ON rehab_person FOR EACH ROW EXECUTE FUNCTION rehab_keep_words_of_person();

    INSERT INTO rehab_casewords (id, case_id, facility_id, station_id, pieces)
    SELECT gen_random_uuid(), c.id, c.facility_id, c.station_id, rehab_pieces(p.name, p.name_spellings, c.number)
    FROM rehab_case c JOIN rehab_person p ON p.id = c.person_id;
    """,
    reverse_sql="""
    DROP TRIGGER rehab_person_keeps_his_words ON rehab_person;
    DROP TRIGGER rehab_case_keeps_its_words ON rehab_case;
    DROP FUNCTION rehab_keep_words_of_person();
    DROP FUNCTION rehab_keep_words_of_case();
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
    dependencies = (("rehab", "0018_lists_are_kept_and_taken_out"),)

    operations = (
        BtreeGinExtension(),
        migrations.AddField(
            model_name="person",
            name="name_spellings",
            field=models.CharField(blank=True, max_length=1000, verbose_name="检索拼写"),
        ),
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rehab.keys.new_key,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.case",
                    ),
                ),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None, verbose_name="检索词"
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.facility",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rehab.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "检索词",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False,
                        fields=["facility", "pieces"],
                        name="case_words_of_a_facility",
                    )
                ],
            },
        ),
        fence("rehab_casewords", BY_CASE),
        PIECES,
        KEPT,
        FOUND,
    )
