"""Settings, from the environment; what is missing or dangerous stops the start and says what to do."""

import base64
import binascii
import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def _required(name: str, how: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"缺少环境变量 {name}：{how}")
    return value


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 0 或 1，现在是 {value!r}")
    return value == "1"


def _one_of(name: str, words: tuple[str, ...], *, otherwise: str) -> str:
    value = os.environ.get(name) or otherwise
    if value not in words:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 {' 或 '.join(words)}，现在是 {value!r}")
    return value


def _database(name: str) -> dict[str, object]:
    url = urlsplit(
        _required(
            name, "形如 postgresql://用户:口令@主机:5432/rehab；本机试用请用 make run，会自动设好"
        )
    )
    if url.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            f"{name} 必须是 PostgreSQL（postgresql://…），现在是 {url.scheme}://"
        )
    query = dict(parse_qsl(url.query))
    return {
        "ENGINE": "rehab.db",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host") or unquote(url.hostname or ""),
        "PORT": str(query.get("port") or url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _key(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} 中的密钥须为 base64，且恰为 32 字节")
    return key


def _keys(name: str) -> dict[str, bytes]:
    text = _required(name, "形如 k1:<32 字节密钥的 base64>[,旧密钥…]，第一把用于加密")
    keys = {}
    for part in text.split(","):
        key_id, _, encoded = part.partition(":")
        if not key_id:
            raise ImproperlyConfigured(f"{name} 中的密钥须为“编号:base64”")
        keys[key_id] = _key(name, encoded)
    return keys


DEBUG = _flag("DEBUG")
DEMO = _flag("DEMO")
PRODUCTION = _flag("PRODUCTION")
TESTING = _flag("TESTING")
SECOND_FACTOR = _one_of(
    "SECOND_FACTOR", ("required", "offered"), otherwise="required" if PRODUCTION else "offered"
)
SECRET_KEY = _required("SECRET_KEY", "至少 50 个随机字符；本机试用请用 make run，会自动生成")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [host for host in os.environ.get("TRUSTED_ORIGINS", "").split(",") if host]
SEAL_KEYS = _keys("SEAL_KEYS")
SEAL_INDEX_KEY = _key("SEAL_INDEX_KEY", _required("SEAL_INDEX_KEY", "32 字节密钥的 base64"))
DATABASES = {"default": _database("DATABASE_URL")}
if os.environ.get("OWNER_DATABASE_URL"):  # given to migrations and tests alone
    DATABASES["owner"] = _database("OWNER_DATABASE_URL")
REDIS_URL = _required("REDIS_URL", "形如 redis://127.0.0.1:6379/0；本机试用请用 make run")

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("生产环境不得开启 DEBUG：请去掉 DEBUG=1")
    if DEMO:
        raise ImproperlyConfigured("生产环境不得开启演示：请去掉 DEMO=1")
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("django-insecure", "demo-")):
        raise ImproperlyConfigured("生产环境的 SECRET_KEY 须为至少 50 个随机字符，不得用默认值")
    if any(key_id.startswith("demo") for key_id in SEAL_KEYS):
        raise ImproperlyConfigured("生产环境的 SEAL_KEYS 不得用演示密钥（编号以 demo 开头）")

INSTALLED_APPS = [
    "rehab",
    "centers",
    "zones",
    "intake",
    "aftercare",
    "reporting",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "guardian",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rehab.middleware.within_scope",
    "rehab.middleware.kept_when_signed_out",
    "rehab.middleware.own_secrets_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "rehab.urls"
WSGI_APPLICATION = "rehab.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "reporting.context_processors.chrome",
            ],
        },
    },
]
MESSAGE_STORAGE = "rehab.messages.SealedMessages"  # they name people

AUTH_USER_MODEL = "rehab.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rehab.backends.PostingBackend",
    "rehab.backends.CodeBackend",
]
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # grants are read by our scope, which checks their end
ANONYMOUS_USER_NAME = None  # guardian: the anonymous hold no grants
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if TESTING
    else "django.contrib.auth.hashers.PBKDF2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "display_name", "police_number", "email"]},
    },
]
AXES_ENABLED = not TESTING
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "one_time_password"]  # kept by no table
AXES_VERBOSE = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "reporting:worklist-list"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "rehab.sorry.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "Y年n月j日"

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("STATIC_ROOT") or None  # set in the image; elsewhere finders serve
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/tabler", NODE_MODULES / "@tabler" / "icons-webfont" / "dist"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/echarts", NODE_MODULES / "echarts" / "dist"),
]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = TESTING  # looks when asked, instead of scanning at each test client
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler"
]  # rosters are sealed

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs holds no worker
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "rehab@localhost")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rehab.api.HoldsPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "rehab.api.answer_refusal",
    "DEFAULT_PAGINATION_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "戒毒矫治业务平台接口",
    "DESCRIPTION": "只读接口；与页面同一可见范围、同一不予办理的原因。",
    "VERSION": "1",
    "SERVE_PUBLIC": False,
    "SERVE_PERMISSIONS": ["rehab.api.HoldsPermission"],
}

CLOCK_MODULES = [
    "rehab.clocks",
    "centers.clocks",
    "zones.clocks",
    "intake.clocks",
    "aftercare.clocks",
]

NIGHTLY_ACTIONS = [  # done for every facility before its deadlines are rebuilt
    "rehab.actions.term_ends.recheck_alarms",
    "zones.actions.alarm_receivers",
    "aftercare.actions.end_lapsed_agreements",
]

RULE_MODULES = ["rehab.rule_sets", "zones.rule_sets", "centers.rule_sets", "aftercare.rule_sets"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
if TESTING:
    EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
if "pytest" in sys.modules and not TESTING:
    raise ImproperlyConfigured(
        "测试须经 make test（或 pytest -p tests.plugin）运行，以使用一次性的数据库"
    )
