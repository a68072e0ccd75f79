"""What the database refuses by itself, whoever asks; and the one way in which others' drafts are removed: age."""

from django.db import migrations

APART = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_keep_apart() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        room rehab_room%ROWTYPE;
        person rehab_person%ROWTYPE;
        isolated boolean;
        minor boolean;
        begins date := (lower(NEW.period) AT TIME ZONE 'Asia/Shanghai')::date;
    BEGIN
        SELECT r.* INTO room FROM rehab_room r JOIN rehab_bed b ON b.room_id = r.id WHERE b.id = NEW.bed_id;
        SELECT p.* INTO person FROM rehab_person p JOIN rehab_case c ON c.person_id = p.id WHERE c.id = NEW.case_id;
        SELECT c.needs_isolation INTO isolated FROM rehab_case c WHERE c.id = NEW.case_id;
        minor := coalesce(person.birth_date > begins - interval '18 years', false);
        IF room.sex <> person.sex THEN
            RAISE EXCEPTION 'placement keeps the sexes apart' USING ERRCODE = 'check_violation';
        ELSIF room.for_minors <> minor THEN
            RAISE EXCEPTION 'placement keeps minors and adults apart' USING ERRCODE = 'check_violation';
        ELSIF room.isolation <> isolated THEN
            RAISE EXCEPTION 'placement keeps the isolated apart' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER rehab_placement_keeps_apart BEFORE INSERT OR UPDATE OF bed_id, case_id ON rehab_placement
        FOR EACH ROW EXECUTE FUNCTION rehab_keep_apart();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_placement_keeps_apart ON rehab_placement;
    DROP FUNCTION rehab_keep_apart();
    """,
)

IN_USE = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_keep_in_use() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM rehab_bed b WHERE b.id = NEW.bed_id AND b.closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'placement is in a bed that is in use' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER rehab_placement_keeps_in_use BEFORE INSERT OR UPDATE OF bed_id ON rehab_placement
        FOR EACH ROW EXECUTE FUNCTION rehab_keep_in_use();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_placement_keeps_in_use ON rehab_placement;
    DROP FUNCTION rehab_keep_in_use();
    """,
)

# A case belongs to no absorbed record: asked at the end of the transaction, because an act that puts two
# records together or apart moves the cases one after another. The lock waits for whoever is at it.
NO_CASE = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_refuse_case_of_absorbed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        leads_to uuid;
        whose uuid;
    BEGIN
        SELECT person_id INTO whose FROM rehab_case WHERE id = NEW.id;
        SELECT merged_into_id INTO leads_to FROM rehab_person WHERE id = whose FOR SHARE;
        IF leads_to IS NOT NULL THEN
            RAISE EXCEPTION 'case belongs to a record that was merged' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE CONSTRAINT TRIGGER rehab_case_is_of_a_kept_person AFTER INSERT ON rehab_case
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rehab_refuse_case_of_absorbed();
    CREATE CONSTRAINT TRIGGER rehab_case_goes_to_a_kept_person AFTER UPDATE OF person_id ON rehab_case
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id)
        EXECUTE FUNCTION rehab_refuse_case_of_absorbed();

    CREATE FUNCTION rehab_refuse_absorbed_with_cases() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM rehab_person p WHERE p.id = NEW.id AND p.merged_into_id IS NOT NULL
                AND EXISTS (SELECT 1 FROM rehab_case c WHERE c.person_id = p.id)
        ) THEN
            RAISE EXCEPTION 'a merged record keeps no case' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE CONSTRAINT TRIGGER rehab_absorbed_person_keeps_no_case AFTER UPDATE OF merged_into_id ON rehab_person
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
        EXECUTE FUNCTION rehab_refuse_absorbed_with_cases();
    """,
    reverse_sql="""
    DROP TRIGGER rehab_absorbed_person_keeps_no_case ON rehab_person;
    DROP FUNCTION rehab_refuse_absorbed_with_cases();
    DROP TRIGGER rehab_case_goes_to_a_kept_person ON rehab_case;
    DROP TRIGGER rehab_case_is_of_a_kept_person ON rehab_case;
    DROP FUNCTION rehab_refuse_case_of_absorbed();
    """,
)

FORGET = migrations.RunSQL(
    sql="""
    CREATE FUNCTION rehab_forget_typed(before timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH horizon AS (SELECT least(before, now() - interval '72 hours') AS moment),
        drafts AS (
            DELETE FROM rehab_draft USING horizon WHERE saved_at < horizon.moment RETURNING 1
        ),
        submissions AS (
            DELETE FROM rehab_submission USING horizon WHERE sent_at < horizon.moment RETURNING 1
        )
        SELECT (SELECT count(*) FROM drafts) + (SELECT count(*) FROM submissions)
    $$;
    """,
    reverse_sql="DROP FUNCTION rehab_forget_typed(timestamptz);",
)


class Migration(migrations.Migration):
    dependencies = (("rehab", "0002_people_are_fenced"),)
    operations = (APART, IN_USE, NO_CASE, FORGET)
