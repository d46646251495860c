"""Django settings; every value that differs between places comes from one AKRAB_ variable."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from akrab.config import environment
from akrab.config.environment import HOME, flag, number, secret_key, text, words
from akrab.platform.database import embedded

PACKAGE = Path(__file__).resolve().parent.parent
AKRAB_HOME = HOME

SECRET_KEY = secret_key()
DEBUG = flag("AKRAB_DEBUG", False, "Developer mode: error pages with traces, query checks on every page.")
PUBLIC_URL = text("AKRAB_PUBLIC_URL", "", "Address under which people reach Akrab, for links and cookies.")
ALLOWED_HOSTS = words("AKRAB_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Host names that the server answers to.")
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "")
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL.rstrip("/")]
MAIL_URL = text("AKRAB_MAIL_URL", "", "Outgoing mail server, for example smtp://user:password@host:587.")
MAIL_FROM = text("AKRAB_MAIL_FROM", "", "Sender of our mails, for example Toko Sari <halo@toko.example>.")
LAKE_URL = text("AKRAB_LAKE_URL", "", "Folder of the analytical copy (Parquet); under home when unset.")
ENGINE_URL = text("AKRAB_ENGINE_URL", "duckdb://", "Analytics engine: duckdb:// or spark://host:port.")
CURRENCY = text("AKRAB_CURRENCY", "IDR", "Reporting currency (ISO 4217).")

DATABASE_URL = text("AKRAB_DATABASE_URL", "", "PostgreSQL server; the embedded one under home when unset.")


def database(url: str) -> dict[str, object]:
    """Django's connection settings from postgresql://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "akrab",
        "USER": unquote(parts.username or "akrab"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", None) or parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": options,
    }


DATABASES = {"default": database(DATABASE_URL or embedded.url(HOME))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "akrab.platform",
    "akrab.customers",
    "akrab.collaboration",
    "akrab.commerce",
    "akrab.insight",
]
MIDDLEWARE = [
    "akrab.platform.access.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "akrab.platform.api.entrance.ApiEntrance",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "akrab.platform.signing.presence.PresenceMiddleware",
    "akrab.platform.middleware.ActorMiddleware",
    "akrab.platform.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "akrab.config.urls"
API_URLCONF = "akrab.config.api"
WSGI_APPLICATION = "akrab.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "akrab.platform.compiling.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "akrab.platform.templatetags.shell",
                "akrab.platform.templatetags.stencil",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "akrab.platform.context.shell",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "akrab.platform.widgets.Renderer"
COTTON_ISOLATE_BY_DEFAULT = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
STRICT = flag("AKRAB_STRICT", DEBUG, "Templates that query the database fail; set in tests.")
CSRF_FAILURE_VIEW = "akrab.platform.views.errors.csrf_failure"

AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "akrab.platform.signing.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
SOCIALACCOUNT_ADAPTER = "akrab.platform.signing.adapters.SocialAccountAdapter"
MFA_ADAPTER = "akrab.platform.signing.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_TOLERANCE = 1
SINGLE_SIGN_ON = {
    "name": text("AKRAB_SSO_NAME", "", "Name of the sign-in provider on its button."),
    "address": text("AKRAB_SSO_URL", "", "Issuer of the sign-in provider (OpenID Connect); goes before the settings page."),
    "client_id": text("AKRAB_SSO_CLIENT_ID", "", "Client id that the sign-in provider gave Akrab."),
    "open_secret": text("AKRAB_SSO_CLIENT_SECRET", "", "Client secret that the sign-in provider gave Akrab."),
    "domains": tuple(words("AKRAB_SSO_DOMAINS", "", "Mail domains whose people get an account when they first come in.")),
    "trusts_addresses": flag(
        "AKRAB_SSO_TRUST_ADDRESSES", False, "The provider hands out the addresses itself and need not verify them."
    ),
    "role": text("AKRAB_SSO_ROLE", "staff", "Role of people who get an account through the sign-in provider."),
}
LOGIN_URL = "platform:session"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = text("AKRAB_LANGUAGE", "en", "Language before a person has chosen one: en or id.")
LANGUAGES = [("en", _("English")), ("id", _("Indonesian"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = text("AKRAB_TIME_ZONE", "Asia/Jakarta", "Zone of the business; branches can have their own.")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

SECURE_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_HTTPS
CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
UPLOAD_MAX_BYTES = number("AKRAB_UPLOAD_MAX_MB", 2048, "Largest file that the upload page takes, in mebibytes.") * 1024 * 1024
FILES_ROOT = Path(
    text("AKRAB_FILES_DIR", "", "Folder of uploaded files, the same for every machine; files under home when unset.")
    or HOME / "files"
)

API_REQUESTS_PER_MINUTE = number(
    "AKRAB_API_REQUESTS_PER_MINUTE", 60000, "Requests a minute that one API key may send to one web process."
)
WEBHOOK_NETWORKS = words(
    "AKRAB_WEBHOOK_NETWORKS",
    "",
    "Private networks that webhooks may reach, for example 10.1.0.0/16; public addresses need no entry.",
)
WEB_THREADS = number("AKRAB_WEB_THREADS", 6, "Threads of one web process.")
WORKER_CONCURRENCY = number("AKRAB_WORKER_CONCURRENCY", 2, "Jobs that one worker process runs at a time.")
STATEMENT_TIMEOUT_MS = number("AKRAB_STATEMENT_TIMEOUT_MS", 5000, "Longest query of a page, in milliseconds.")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

METRICS_TOKEN = text("AKRAB_METRICS_TOKEN", "", "Bearer token for /metrics; from this machine it needs none.")

LOGGING_CONFIG = "akrab.platform.logs.configure"
LOGGING: dict[str, object] = {"level": text("AKRAB_LOG_LEVEL", "INFO", "Log level: DEBUG, INFO, WARNING, ERROR.")}

SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
ENVIRONMENT = environment.VARIABLES
