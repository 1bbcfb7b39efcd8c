"""Base settings. The differences are in dev, test and production."""

from email.utils import parseaddr
from typing import Any

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from coalition.settings.environment import ROOT, VAR, VERSION, address, chosen, database, env

BASE_DIR = ROOT
DEBUG = False
DEMO = False  # only dev may set it: demo accounts sign in without a second factor
REFUSE_DEMO_ACCOUNTS = False  # production sets it
RELEASE = VERSION  # part of the ETag of feeds
SITE_NAME = "Қорғау123"
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
# Target of safe exit: a common page that reveals nothing about its visitor.
SAFE_EXIT_URL = env.str("SAFE_EXIT_URL", default="https://www.google.com/")
ALLOWED_HOSTS: list[str] = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "coalition.audit",
    "coalition.mail",
    "coalition.jobs",
    "coalition.backup",
    "coalition.personal_data",
    "coalition.accounts",
    "coalition.workspaces",
    "coalition.realtime",
    "coalition.consent",
    "documents",
    "events",
    "coalition.campaigns",
    "home",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "django_tasks_db",
]

MIDDLEWARE = [
    "coalition.http.quiet.QuietHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "home.middleware.BrowserPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coalition.http.responses.SameForEveryoneMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "coalition.workspaces.middleware.DeskLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "coalition.accounts.middleware.SessionListMiddleware",
    "coalition.accounts.middleware.PersonLanguageMiddleware",
    "coalition.accounts.middleware.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "coalition.accounts.middleware.PrivatePagesMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "home.middleware.ContactsAwayMiddleware",
    "home.wagtail_hooks.CmsBadRequestMiddleware",
    "coalition.http.body_limits.BodyLimitMiddleware",
    "coalition.consent.shared_gates.shared_gates_middleware",
]

# How long a reverse proxy may cache public pages, in seconds; 0: not at all. Every change
# increments the number in the cache key (home.frontend_cache), and the listed proxies are notified
# at once.
PAGES_KEPT = env.int("PAGES_KEPT", default=0)
PAGES_TOLD: list[str] = [one.strip() for one in env.str("PAGES_TOLD", default="").split(",") if one.strip()]
if PAGES_KEPT:
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware"),
        "home.frontend_cache.MarkPagesMiddleware",
    )

# Where `export_static` writes the mirror of the site, if verification is to compare it.
MIRROR_FOLDER = env.str("MIRROR_FOLDER", default="")

# A CDN in front of everything: Wagtail sends it PURGE for a page that changed.
CDN_PURGE = env.str("CDN_PURGE", default="")
if CDN_PURGE:
    INSTALLED_APPS.append("wagtail.contrib.frontend_cache")
    WAGTAILFRONTENDCACHE = {
        "cdn": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": CDN_PURGE,
        }
    }

# Metrics for the operator, on a separate address.
METRICS_ADDRESS = address("METRICS_ADDRESS")
if METRICS_ADDRESS:
    MIDDLEWARE.insert(0, "coalition.metrics.CountRequestsMiddleware")

ROOT_URLCONF = "coalition.urls"
ASGI_APPLICATION = "coalition.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "home.page_context.site",
                "coalition.workspaces.context_processors.desk",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------
DATABASES = {"default": database("DATABASE_URL", f"sqlite:///{VAR / 'coalition.sqlite3'}")}
# Personal data of people outside the coalition is in a separate database if one is named.
CONTACTS_PATIENCE = 5  # seconds until a query times out
if env.str("CONTACTS_DATABASE_URL", default=""):
    DATABASES["contacts"] = database("CONTACTS_DATABASE_URL", patience=CONTACTS_PATIENCE)
DATABASE_ROUTERS = ["coalition.personal_data.store.VaultRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    INSTALLED_APPS.append("django.contrib.postgres")

# Former values of SECRET_KEY, newest first: only to match mailboxes and links of people without an
# account.
FORMER_SECRET_KEYS: list[str] = env.list("FORMER_SECRET_KEYS", default=[])

# Recipients of `manage.py backup`, and the folder for unencrypted data while it runs.
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", default=[])  # comma-separated
CONTACTS_BACKUP_RECIPIENTS: list[str] = env.list("CONTACTS_BACKUP_RECIPIENTS", default=BACKUP_RECIPIENTS)
BACKUP_WORKPLACE = VAR

# Threads that answer requests, each with its own database connection (coalition.asgi_handler).
REQUEST_THREADS = env.int("REQUEST_THREADS", default=16)

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pictures rendered on request for anybody; each machine renders one once (docs/counters.md).
    "pictures": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(VAR / "pictures"),
        "TIMEOUT": 2 * 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    # `{% cache %}` of public pages. What a fragment shows is in its key, so processes need not share it.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",
        "OPTIONS": {"MAX_ENTRIES": 512},
    },
}
CHANNEL_LAYERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1000}}
}
if REDIS_URL:
    CACHES["default"] = {"BACKEND": "coalition.core.safe_cache.RedisCache", "LOCATION": REDIS_URL}
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The layer's blocking reads take five seconds; the client's default timeout of five would
        # end each of them with an error.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 15}], "capacity": 1000},
    }

# Private by default: only publication creates a public copy of a file.
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "coalition.storage.disk.WholeFiles",
        "OPTIONS": {"location": str(VAR / "private"), "base_url": None},
    },
    "public": {
        "BACKEND": "coalition.consent.storage.PublicFiles",
        "OPTIONS": {"location": str(VAR / "public"), "base_url": "/media/"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "public"
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our scripts and fonts
STATICFILES_DIRS = [ROOT / "build" / "static"]

# The clock used on PostgreSQL: the database's. Tests travel in time, so they use the host's.
CLOCK = "database"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# "inside": a thread of the server runs due jobs; "none": separate `manage.py work` processes do.
WORKER = chosen("WORKER", "inside", "none")

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = [
    "coalition.accounts.auth.PersonBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "coalition.accounts.sign_in.NoWordsOfTheCoalition"},
]
ANONYMOUS_USER_NAME = None  # guardian: there is no anonymous account
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspaces:dashboard"
ACCOUNT_ADAPTER = "coalition.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "coalition.accounts.adapter.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # a decoy mail without recipient, as slow as a real one (adapter.py)
# A network may fail five times in five minutes on one account, all networks together twenty times
# in ten. A known device has five of its own (coalition.accounts.adapter).
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_anywhere": "20/10m/key",
    "login_failed_device": "5/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
}
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 48  # networks of one /48 site count as one
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 2 * 3600  # Django's default is three days
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "coalition.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "coalition.accounts.forms.EditPasskeyForm",
    "authenticate_webauthn": "coalition.accounts.forms.GivenPasskey",
    "login_webauthn": "coalition.accounts.forms.SignInPasskeyForm",
    "reauthenticate_webauthn": "coalition.accounts.forms.PasskeyAgainForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_USER_VERIFICATION = "required"
USERSESSIONS_TRACK_ACTIVITY = True

# --- languages ------------------------------------------------------------------------------
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_CODE = "kk"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
WAGTAIL_USER_TIME_ZONES = ["Asia/Almaty"]  # only one: the forms name the time zone
LOCALE_PATHS = [ROOT / "locale", ROOT / "locale" / "third_party"]
FORMAT_MODULE_PATH = ["coalition.settings.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Almaty"

# --- Wagtail: the newsroom only ---------------------------------------------------------------
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_PAGE_SEARCH_FILTER_BY_PERMISSIONS = True
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "txt", "csv"]
WAGTAILIMAGES_IMAGE_MODEL = "home.PublicImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # no content of other sites is embedded
WAGTAIL_FINISHED_EMAIL_ON_PUBLISH = False
WAGTAIL_WORKFLOW_ENABLED = False

# --- mail -----------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Қорғау123 <no-reply@demo.example>")
# The organiser's address in calendars and invitations: never a person's.
CALENDAR_ADDRESS = env.str("CALENDAR_ADDRESS", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
MAILERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}

# --- safety ---------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # since its last use
SESSION_LONGEST = 30 * 24 * 3600  # since sign-in, however active
KNOWN_DEVICE_COOKIE_NAME = "known-device"  # marks a browser in which somebody signed in before
KNOWN_DEVICE_COOKIE_AGE = 365 * 24 * 3600  # since the last sign-in there
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "home.views.root.csrf_failed"
# After the access check, files are sent by nginx (X-Accel-Redirect).
X_ACCEL = env.bool("X_ACCEL", default=False)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024  # a text may have 10 MiB
FILE_UPLOAD_MAX_BYTES = 25 * 1024 * 1024  # one workspace file
REQUEST_MAX_BYTES = 26 * 1024 * 1024  # any request with its files; videos have a separate limit
IMAGE_MAX_PIXELS = 40_000_000
# Partners' calendars are read in a thread beside the worker. Addresses entered by people may only
# resolve to public hosts; only tests may open one local port, with their own certificate authority.
READ_BESIDE = True
FETCH_LOOPBACK_PORT = 0
FETCH_CA_FILE = ""

# Web push: the private key that identifies the sender to push services. Without it, notifications
# are not offered.
VAPID_KEY = ""

# When supporters of an appeal are held for review (coalition.campaigns.appeals.suspicion): more
# than so many from one network within so many minutes that also share a pattern, or a domain that
# is no large provider's; and disposable domains, beside those of the package's list.
SUPPORT_BURST = env.int("SUPPORT_BURST", default=5)
SUPPORT_BURST_MINUTES = env.int("SUPPORT_BURST_MINUTES", default=5)
SUPPORT_ONE_PATTERN = env.int("SUPPORT_ONE_PATTERN", default=10)
SUPPORT_ONE_DOMAIN = env.int("SUPPORT_ONE_DOMAIN", default=100)
SUPPORT_DISPOSABLE_DOMAINS: frozenset[str] = frozenset(env.list("SUPPORT_DISPOSABLE_DOMAINS", default=[]))

INVITATION_DAYS = 14
AUDIT_PERSON_MONTHS = 12  # after that the audit log shows organisation and role only

LOG_FORMAT = chosen("LOG_FORMAT", "line", "json")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "coalition.core.log_redaction.JsonLine"},
    },
    "filters": {
        "tokens": {"()": "coalition.core.log_redaction.MaskTokens"},
        "quiet": {"()": "coalition.core.log_redaction.LeaveOutQuietPages"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["quiet", "tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # They log every poll for tasks, one a second, and every task twice.
    "loggers": {  # they log every task and every saved page
        name: {"level": "WARNING"} for name in ("django_tasks_db", "django.tasks", "wagtail")
    },
}
