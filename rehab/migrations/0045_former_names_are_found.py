"""Who was written down twice is found by either name: the words of a case hold those of absorbed records too."""

from django.db import migrations

KEPT = """
CREATE OR REPLACE FUNCTION rehab_keep_words_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO rehab_casewords (id, case_id, facility_id, station_id, pieces)
    SELECT gen_random_uuid(), NEW.id, NEW.facility_id, NEW.station_id, {of_case}
    ON CONFLICT (case_id) DO UPDATE SET facility_id = excluded.facility_id,
        station_id = excluded.station_id, pieces = excluded.pieces;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION rehab_keep_words_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE rehab_casewords w SET pieces = {of_person}
    FROM rehab_case c WHERE c.person_id = {whose} AND w.case_id = c.id;
    RETURN NULL;
END
$$;
"""
# A mark between two names keeps the end of one and the beginning of the next from being a word
EITHER = """
CREATE FUNCTION rehab_words_of(person uuid, number text) RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT rehab_pieces(string_agg(p.name, '|'), string_agg(p.name_spellings, ' '), number)
    FROM rehab_person p WHERE p.id = person OR p.merged_into_id = person
$$;
CREATE TRIGGER rehab_absorbed_person_lends_his_words AFTER UPDATE OF merged_into_id ON rehab_person
    FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION rehab_keep_words_of_person();
"""
ALONE = """
DROP TRIGGER rehab_absorbed_person_lends_his_words ON rehab_person;
DROP FUNCTION rehab_words_of(uuid, text);
"""
OF_BOTH = {
    "of_case": "rehab_words_of(NEW.person_id, NEW.number)",
    "of_person": "rehab_words_of(c.person_id, c.number)",
    "whose": "ANY (ARRAY[NEW.id, NEW.merged_into_id, OLD.merged_into_id])",
}
AS_BEFORE = {
    "of_case": "(SELECT rehab_pieces(p.name, p.name_spellings, NEW.number)"
    " FROM rehab_person p WHERE p.id = NEW.person_id)",
    "of_person": "rehab_pieces(NEW.name, NEW.name_spellings, c.number)",
    "whose": "NEW.id",
}


class Migration(migrations.Migration):
    dependencies = (("rehab", "0044_who_writes_people_out_and_in"),)

    operations = (
        migrations.RunSQL(EITHER + KEPT.format(**OF_BOTH), KEPT.format(**AS_BEFORE) + ALONE),
    )
