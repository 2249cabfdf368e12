"""Every environment variable read here is described in .env.example."""

from datetime import date, timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from tellerdesk.core import local_postgres
from tellerdesk.core.kept_secrets import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_FOLDER = local_postgres.data_folder()
SECRET_KEY = env("TELLERDESK_SECRET_KEY", default="") or kept_secret("secret-key")
MASTER_KEY_IS_KEPT = not env("TELLERDESK_MASTER_KEY", default="")
MASTER_KEY = env("TELLERDESK_MASTER_KEY", default="") or kept_secret("master-key")
# Beside the other one while the master key is being changed (rotate_keys master).
NEW_MASTER_KEY = env("TELLERDESK_NEW_MASTER_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("TELLERDESK_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("TELLERDESK_ORIGINS", default=[])

# The bank's date for ages, expiry and "today"; None: the date in Asia/Shanghai.
BUSINESS_DATE = date.fromisoformat(day) if (day := env("TELLERDESK_BUSINESS_DATE", default="")) else None
IDENTITY_GATEWAY = env("TELLERDESK_IDENTITY_GATEWAY", default="customers.citizen_check.SimulatedGateway")
GATEWAY_URL = env("TELLERDESK_GATEWAY_URL", default="")
GATEWAY_TOKEN = env("TELLERDESK_GATEWAY_TOKEN", default="")
GATEWAY_CA = env("TELLERDESK_GATEWAY_CA", default="")
GATEWAY_CERT = env("TELLERDESK_GATEWAY_CERT", default="")

# Refuses what is only for trying out (tellerdesk.production).
PRODUCTION = env.bool("TELLERDESK_PRODUCTION", default=False)
ALLOW_SIMULATOR = env.bool("TELLERDESK_ALLOW_SIMULATOR", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pgtrigger",
    "axes",
    "csp",
    "crispy_forms",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "tellerdesk.core",
    "tellerdesk.audit",
    "tellerdesk.vault",
    "tellerdesk.staff",
    "tellerdesk.limits",
    "customers",
    "training",
    "tiering",
    "tellerdesk.rotation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tellerdesk.staff.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tellerdesk.staff.own_writes.OwnWritesMiddleware",
    "tellerdesk.staff.middleware.IdleMiddleware",
    "tellerdesk.staff.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tellerdesk.handlers.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tellerdesk.urls"
WSGI_APPLICATION = "tellerdesk.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tellerdesk.shell.shell",
            ]
        },
    }
]
CRISPY_TEMPLATE_PACK = "tellerdesk"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["tellerdesk"]

APPLICATION_ROLE = "tellerdesk_app"


def database(url: str, *, role: str | None, mirror: str | None = None) -> dict:
    """One alias; `role` is taken on at connect, so that triggers and grants bind the application and its tests."""
    settings = environ.Env.db_url_config(url)
    settings |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
    if role and settings.get("USER") != role:
        settings.setdefault("OPTIONS", {})["options"] = f"-c role={role}"
    if mirror:
        settings["TEST"] = {"MIRROR": mirror}
    return settings


DATABASE_URL = env("DATABASE_URL", default="") or local_postgres.address()
DATABASES = {
    "owner": database(env("DATABASE_DIRECT_URL", default="") or DATABASE_URL, role=None),
    "default": database(DATABASE_URL, role=APPLICATION_ROLE, mirror="owner"),
}
if replica := env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = database(replica, role=APPLICATION_ROLE, mirror="owner")
    # A machine that is gone must not hold a page for longer than a glance: seconds, milliseconds.
    DATABASES["replica"].setdefault("OPTIONS", {}).update(connect_timeout=2, tcp_user_timeout=5000)
DATABASE_ROUTERS = ["tellerdesk.core.routers.MigrateAsOwner", "tellerdesk.core.routers.ReadFromReplica"]
READ_FROM_REPLICA = {"customers", "staff", "tiering"}
# Seconds behind the primary from which on nobody reads from it.
REPLICA_MAY_LAG = env.int("TELLERDESK_REPLICA_MAY_LAG", default=30)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = [
    "training.backends.QualificationBackend",
    "axes.backends.AxesStandaloneBackend",
    "tellerdesk.staff.backends.PositionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 15 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("TELLERDESK_HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tellerdesk.handlers.csrf_failure"
TOKEN_LIFETIME = timedelta(days=30)

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "tellerdesk.staff.lockout.locked"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Larger than any honest form: field limits answer first and name the field.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tellerdesk.staff.authentication.TokenAuthentication",
        "tellerdesk.staff.authentication.PageLoginAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["tellerdesk.core.parsing.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["tellerdesk.core.rendering.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "tellerdesk.core.schema.Schema",
    "EXCEPTION_HANDLER": "tellerdesk.api_errors.api_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "tellerdesk",
    "VERSION": "1",
    "DESCRIPTION": "Customers, training and tiering of a Chinese bank's back-office.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Fields of one name with different choices; a name of the library's own changes with the choices.
    "ENUM_NAME_OVERRIDES": {
        "RunStatusEnum": "tellerdesk.files.runs.RunStatus",
        "HandOverStatusEnum": "tiering.enums.HandOverStatus",
        "BatchStatusEnum": "tiering.enums.BatchStatus",
        "BatchKindEnum": "tiering.enums.BatchKind",
        "AssessmentStatusEnum": "tiering.api.assessment_serializers.STATES",
        "QuestionKindEnum": "training.enums.Kind",
        "DocumentTypeEnum": "customers.enums.DocumentType",
        "TierEnum": "tiering.enums.Tier.codes",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "tellerdesk.core.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # The path of a request that went wrong may carry what was typed; axes names who failed to log in.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "axes": {"level": "CRITICAL"},
    },
}
