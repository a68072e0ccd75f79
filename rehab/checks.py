"""What must be true of the database and the typesetter before anything is served."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection

from rehab.document_kinds import kind
from rehab.typeset import BOLD, MissingGlyph, typeset

MINIMUM_VERSION = 170_000
UNFIT = (
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
    MissingGlyph,
)  # of fonts, layouts, the typesetter


@register(Tags.database)
def database_is_as_agreed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """PostgreSQL ≥ 17, UTF-8, builtin C.UTF-8, and a web role that row-level security binds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding),"
            " datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        )
        version, encoding, provider, locale = cursor.fetchone()
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (unbound,) = cursor.fetchone()
    errors = []
    if version < MINIMUM_VERSION:
        errors.append(
            Error(f"数据库须为 PostgreSQL 17 或更高，现在是 {version // 10_000}", id="rehab.E001")
        )
    if encoding != "UTF8":
        errors.append(Error(f"数据库编码须为 UTF8，现在是 {encoding}", id="rehab.E002"))
    if (provider, locale) != ("b", "C.UTF-8"):
        errors.append(
            Error(
                f"数据库排序规则须为内置的 C.UTF-8，现在是 {locale}（{provider}）",
                hint="建库：CREATE DATABASE rehab ENCODING 'UTF8' LOCALE_PROVIDER builtin"
                " BUILTIN_LOCALE 'C.UTF-8' TEMPLATE template0",
                id="rehab.E003",
            )
        )
    if unbound:
        errors.append(
            Error(
                f"DATABASE_URL 的角色 {settings.DATABASES['default']['USER']} 不受行级安全约束",
                hint="请改用 NOSUPERUSER NOBYPASSRLS 且不拥有任何表的角色",
                id="rehab.E004",
            )
        )
    return errors


@register(
    Tags.database
)  # with the database: when something is about to be served, not at every command
def certificates_can_be_typeset(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The typesetter runs, the fonts are where they should be, and the layout of the certificate holds."""
    try:
        for font in BOLD:  # without them it would be printed, but not as it was laid out
            font.stat()
        typeset("certificate", dict(kind("certificate").sample))
    except UNFIT as fault:
        return [
            Error(
                f"文书排不出来：{fault}",
                hint="字体和排版程序来自软件包：请重新安装（make run 会自动安装）",
                id="rehab.E005",
            )
        ]
    return []
