"""`migrate`, as the owner; afterwards the web role is given its rights on every table."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

APPEND_ONLY = ("rehab_event", "rehab_accessrecord", "rehab_serviceofdocument")


class Command(migrate.Command):
    """Django's own, with the owner as its default database."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if "owner" not in settings.DATABASES:
            raise CommandError(
                "缺少环境变量 OWNER_DATABASE_URL：迁移须用拥有表的角色，"
                "形如 postgresql://用户:口令@主机:5432/rehab；其余进程不需要它。"
            )
        web = str(settings.DATABASES["default"]["USER"])
        if web == settings.DATABASES["owner"]["USER"]:
            raise CommandError(
                "DATABASE_URL 与 OWNER_DATABASE_URL 不得是同一角色：网页角色不得拥有表。"
            )
        owner = connections["owner"]
        if not options["prune"]:
            _refuse_what_is_newer_or_older(owner)
        role = owner.ops.quote_name(web)
        with owner.cursor() as cursor:
            cursor.execute(
                f"GRANT USAGE ON SCHEMA public TO {role};"
                " ALTER DEFAULT PRIVILEGES IN SCHEMA public"
                f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};"
                f" ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role};"
            )

        super().handle(*args, **options)

        with owner.cursor() as cursor:
            cursor.execute(
                f"REVOKE INSERT, UPDATE, DELETE ON django_migrations, rehab_matchcall FROM {role};"
                f" REVOKE UPDATE, DELETE ON {', '.join(APPEND_ONLY)} FROM {role};"
            )
            cursor.execute(
                "SELECT oid::regprocedure::text FROM pg_proc"
                " WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole"
            )
            functions = ", ".join(signature for (signature,) in cursor.fetchall())
            if functions:
                cursor.execute(
                    f"REVOKE EXECUTE ON FUNCTION {functions} FROM PUBLIC;"
                    f" GRANT EXECUTE ON FUNCTION {functions} TO {role};"
                )


def _refuse_what_is_newer_or_older(connection: Any) -> None:
    """Stop before a database that other migrations made than those here; see ADR-0030.

    Raises:
        CommandError: a migration was applied that this program does not have; nothing was changed.
    """
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known |= set(migration.replaces)
    strange = sorted(
        f"{app}.{name}"
        for app, name in set(loader.applied_migrations) - known
        if app in loader.migrated_apps
    )
    if strange:
        raise CommandError(
            f"数据库里有本程序没有的迁移 {strange[-1]}（共 {len(strange)} 个），没有改动任何内容。"
            "程序比数据库旧的，请换用新版本；正式发布以前的试用库不能升级，请换一个空库"
            "（内嵌数据库：make stop 后删除 .state/postgres 和 .state/bootstrapped，再 make run）。"
        )
