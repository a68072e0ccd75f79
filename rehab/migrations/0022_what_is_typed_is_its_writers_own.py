"""The fence around submissions, and the one way in which drafts and submissions of others are removed: age."""

from django.db import migrations

from rehab.rowsecurity import fence

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
    dependencies = (("rehab", "0021_a_form_is_done_once"),)

    operations = (
        fence("rehab_submission", "user_id::text = current_setting('rehab.actor', true)"),
        FORGET,
    )
