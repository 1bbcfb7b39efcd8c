"""Production settings, read from the environment and checked at start."""

import sys
from urllib.parse import parse_qs

from coalition.settings.base import *  # noqa: F403  a settings module extends another
from coalition.settings.environment import ROOT, VERSION, env, keys, mailer, required, vapid_key

REFUSE_DEMO_ACCOUNTS = True
SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 50:
    sys.exit("SECRET_KEY is too short: use at least 50 random characters.")
NAMES_KEYS = keys("NAMES_KEY")
TOTP_KEYS = keys("TOTP_KEY")
CONTACTS_KEYS = keys("CONTACTS_KEY") if "contacts" in DATABASES else []  # noqa: F405  from base
VAPID_KEY = vapid_key()
SITE_URL = required("SITE_URL")
if not SITE_URL.startswith("https://"):
    sys.exit("SITE_URL is wrong: it must begin with https://")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",")]
CSRF_TRUSTED_ORIGINS = [SITE_URL.rstrip("/")]
WAGTAILADMIN_BASE_URL = SITE_URL
STATIC_ROOT = ROOT / "build" / "collected"  # collectstatic's target; elsewhere the finders serve

MAILERS = {"default": mailer(required("EMAIL_URL"))}

# Error reports go to the operator's own Sentry or GlitchTip. Without it the package is not loaded.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    from sentry_sdk.utils import BadDsn

    from coalition.core.error_reports import start_error_reports

    try:
        start_error_reports(SENTRY_DSN, release=VERSION)
    except BadDsn:
        sys.exit("SENTRY_DSN is wrong: it must be the address that Sentry or GlitchTip gives for a project.")

_bucket = env.str("MEDIA_URL_S3", default="")
if _bucket:  # s3://bucket?endpoint=https://…&region=…
    _parsed = env.url("MEDIA_URL_S3")
    _query = {name: values[0] for name, values in parse_qs(_parsed.query).items()}
    for _name, _backend in (
        ("default", "coalition.storage.objects.PrivateObjects"),
        ("public", "coalition.consent.storage.PublicS3Objects"),
    ):
        STORAGES[_name] = {  # noqa: F405  from base
            "BACKEND": _backend,
            "OPTIONS": {
                "bucket_name": _parsed.netloc,
                "location": "private" if _name == "default" else "public",
                "endpoint_url": _query.get("endpoint"),
                "region_name": _query.get("region"),
            },
        }

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
KNOWN_DEVICE_COOKIE_NAME = "__Host-known-device"
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True
MESSAGE_STORAGE = "coalition.accounts.middleware.WaitingMessages"
