"""A match also says of each field that was asked about whether it agrees; what stands there it does not tell."""

from django.db import migrations

MATCH = """
CREATE FUNCTION rehab_match_person(number_index text, called text, born date{asked})
RETURNS TABLE (
    person uuid, masked_name text, by_number boolean, facility varchar, duty_phone varchar,
    entered_at timestamptz, ended_at timestamptz, way_out varchar{told}
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hits integer;
BEGIN
    RETURN QUERY
        SELECT p.id, left(p.name, 1) || repeat('*', char_length(p.name) - 1),
               coalesce(p.id_index = number_index, false), f.name, f.duty_phone,
               c.entered_at, c.ended_at, c.status{compared}
        FROM rehab_person p
        JOIN rehab_case c ON c.person_id = p.id
        JOIN rehab_facility f ON f.id = c.facility_id
        WHERE p.id_index = number_index OR (p.name = called AND p.birth_date = born)
        ORDER BY coalesce(p.id_index = number_index, false) DESC, c.entered_at DESC;
    GET DIAGNOSTICS hits = ROW_COUNT;
    PERFORM rehab_keep_match('person', number_index IS NOT NULL, 1, hits);
END
$$;
"""

FIELD_BY_FIELD = {
    "asked": ", sexed text",
    "told": ",\n    same_name boolean, same_sex boolean, same_birth boolean, same_number boolean",
    "compared": ",\n               p.name = called, p.sex = sexed, p.birth_date = born, p.id_index = number_index",
}
AS_BEFORE = {"asked": "", "told": "", "compared": ""}
# What is made anew is closed to everybody and opened to the web role when `migrate` ends


class Migration(migrations.Migration):
    dependencies = (("rehab", "0027_two_people_set_a_wording"),)

    operations = (
        migrations.RunSQL(
            "DROP FUNCTION rehab_match_person(text, text, date);" + MATCH.format(**FIELD_BY_FIELD),
            "DROP FUNCTION rehab_match_person(text, text, date, text);" + MATCH.format(**AS_BEFORE),
        ),
    )
