"""Row-level security on what people were told; a telling is never changed, only taken back once."""

from django.db import migrations

from rehab.rowsecurity import BY_CASE, append_only, by_parent, fence

ONLY_WITHDRAWN = """
CREATE FUNCTION centers_telling_only_withdrawn() RETURNS trigger AS $$
DECLARE withdrawn text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'why_withdrawn'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR to_jsonb(NEW) - withdrawn IS DISTINCT FROM to_jsonb(OLD) - withdrawn THEN
        RAISE EXCEPTION '% rows are append-only', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER centers_telling_is_only_withdrawn BEFORE UPDATE OR DELETE ON centers_telling
    FOR EACH ROW EXECUTE FUNCTION centers_telling_only_withdrawn();
"""
AS_BEFORE = """
DROP TRIGGER centers_telling_is_only_withdrawn ON centers_telling;
DROP FUNCTION centers_telling_only_withdrawn();
"""


class Migration(migrations.Migration):
    dependencies = (("centers", "0005_people_are_told"),)

    operations = (
        fence("centers_telling", BY_CASE),
        fence("centers_tellingscan", by_parent("centers_telling", "telling_id")),
        append_only("centers_tellingscan"),
        migrations.RunSQL(ONLY_WITHDRAWN, AS_BEFORE),
    )
