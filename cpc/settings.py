"""One settings module for every place, read from the environment and safe by default.

The demonstration (`ALIANZA_DEMO=1`, what `./run` sets) may have a default key, a moved clock and demo accounts. Everywhere else
the process refuses to start with a default or short key, with DEBUG, with `*` as a host or with a moved clock.
"""

from datetime import date
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEFAULT_KEY = "not-a-secret-only-for-the-demonstration-and-the-tests"
ALIANZA_DEMO = env.bool("ALIANZA_DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env("SECRET_KEY", default=DEFAULT_KEY)
# Keys that were replaced: what they have signed, such as fingerprints of exports, is still good; nothing new is signed by them.
SECRET_KEY_FALLBACKS = env.list("OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if ALIANZA_DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ALIANZA_DATA = Path(env("ALIANZA_DATA", default=str(BASE_DIR / ".alianza")))
ALIANZA_DEMO_PASSWORD = env("ALIANZA_DEMO_PASSWORD", default="")


def read_day(text):
    """The demonstration's day, or None for the real one. Raises ImproperlyConfigured for what is not an ISO day."""
    if text in ("", "real"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ImproperlyConfigured(f"ALIANZA_TODAY must be a day like 2020-02-10, or real; it is {text!r}.") from None


ALIANZA_TODAY = read_day(env("ALIANZA_TODAY", default=""))


def refuse_unsafe_start():
    """Outside the demonstration nothing may start with settings that are only right in it."""
    faults = []
    if SECRET_KEY == DEFAULT_KEY or len(SECRET_KEY) < 40:
        faults.append("SECRET_KEY must be set to a random text of at least 40 characters.")
    if any(key == DEFAULT_KEY or len(key) < 40 for key in SECRET_KEY_FALLBACKS):
        faults.append("OLD_SECRET_KEYS holds a key that anybody could know or guess.")
    if DEBUG:
        faults.append("DEBUG must be off.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS must name the hosts, without *.")
    if ALIANZA_TODAY:
        faults.append("ALIANZA_TODAY moves the clock and is allowed in the demonstration only.")
    if faults:
        raise ImproperlyConfigured("Alianza does not start: " + " ".join(faults))


if not ALIANZA_DEMO:
    refuse_unsafe_start()

INSTALLED_APPS = [
    "cpc.core",
    "cpc.reference",
    "cpc.audit",
    "cpc.accounts",
    "partners",
    "funding",
    "activities",
    "cpc.approvals",
    "cpc.dashboards",
    "cpc.notices",
    "cpc.exports",
    "cpc.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "cpc.core.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cpc.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cpc.accounts.middleware.PersonMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partners.middleware.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "cpc.urls"
WSGI_APPLICATION = "cpc.wsgi.application"
ASGI_APPLICATION = "cpc.asgi.application"
FORM_RENDERER = "cpc.core.rendering.AlianzaRenderer"
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
                "cpc.dashboards.context.chrome",
                "cpc.approvals.context.approvals",
                "cpc.notices.context.notices",
            ],
            "builtins": ["cpc.core.templatetags.alianza", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Data
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://alianza:alianza@127.0.0.1:5432/alianza")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "alianza"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_AGE = 12 * 60 * 60
MEDIA_ROOT = ALIANZA_DATA / "files"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cpc.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An account comes by invitation: whoever sets its first password has opened a link in its mailbox.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "cpc.accounts.login_forms.LoginForm",
    "reset_password": "cpc.accounts.login_forms.ResetPasswordForm",
    "reset_password_from_key": "cpc.accounts.login_forms.ResetPasswordKeyForm",
    "change_password": "cpc.accounts.login_forms.ChangePasswordForm",
    "set_password": "cpc.accounts.login_forms.SetPasswordForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
# Limits count by address; behind the proxies of a deployment that is the one which the nearest of them has written down.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0 if ALIANZA_DEMO else 1)
MFA_ADAPTER = "cpc.accounts.second_factor.EncryptingAdapter"
MFA_FORMS = {
    "authenticate": "cpc.accounts.login_forms.AuthenticateForm",
    "reauthenticate": "cpc.accounts.login_forms.ReauthenticateForm",
    "activate_totp": "cpc.accounts.login_forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Alianza"

# Language and time: the zone of a partnership decides what day it is, see cpc.core.clock
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["cpc.core.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = ALIANZA_DEMO
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ALIANZA_DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What every answer carries
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if not ALIANZA_DEMO:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# Programs
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cpc.accounts.tokens.BearerAuthentication",
        "cpc.accounts.tokens.PageSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cpc.accounts.tokens.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "cpc.core.rest.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle", "rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min", "anon": "60/min"},
    "EXCEPTION_HANDLER": "cpc.core.rest.exception_handler",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
SPECTACULAR_SETTINGS = {
    "TITLE": "Alianza",
    "DESCRIPTION": "What was given, promised, done and reported in a Child Protection Compact Partnership. For reading.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "cpc.api.schema.complete"],
    "ENUM_NAME_OVERRIDES": {"PrecisionEnum": "cpc.core.dates.Precision.choices"},
}

# Work in the background: never the record of what must happen, see activities/tasks.py
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Exchange rates are fetched from the publishers named here, each once a day: "treasury" (U.S. Treasury), "bcrp" (central bank of
# Peru). Nobody is asked unless a site says so.
RATE_SOURCES = ("treasury", "bcrp")
ALIANZA_FETCH_RATES = [name.strip() for name in env.list("ALIANZA_FETCH_RATES", default=[])]
if unknown := sorted(set(ALIANZA_FETCH_RATES) - set(RATE_SOURCES)):
    raise ImproperlyConfigured(f"ALIANZA_FETCH_RATES knows {', '.join(RATE_SOURCES)}, not {', '.join(unknown)}.")

# Mail
EMAIL_FILE_PATH = ALIANZA_DATA / "mail"
vars().update(env.email("EMAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = str(ALIANZA_DATA / "mail")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="alianza@example.org")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)  # seconds that a mail server may be silent
# What addresses in mails begin with; a worker has no request to read it from.
DEFAULT_SITE_URL = (
    f"http://127.0.0.1:{env('PORT', default='8000')}" if ALIANZA_DEMO else f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
)
SITE_URL = (env("SITE_URL", default="") or DEFAULT_SITE_URL).rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "cpc.core.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
