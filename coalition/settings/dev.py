"""Development and the demo: no services, no secrets, mail on the console."""

from importlib.util import find_spec

from coalition.settings.base import *  # noqa: F403  a settings module extends another
from coalition.settings.environment import derived_key, derived_vapid_key, env, mailer

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-development-and-the-demo")
NAMES_KEYS = [derived_key(SECRET_KEY, "names")]
CONTACTS_KEYS = [derived_key(SECRET_KEY, "contacts")]
TOTP_KEYS = [derived_key(SECRET_KEY, "totp")]
VAPID_KEY = derived_vapid_key(SECRET_KEY)
FETCH_LOOPBACK_PORT = env.int("FETCH_LOOPBACK_PORT", default=0)  # tests run a partner's server
FETCH_CA_FILE = env.str("FETCH_CA_FILE", default="")
STORAGES["staticfiles"] = {  # noqa: F405  no collectstatic step in development
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MAILERS = {"default": {"BACKEND": "coalition.mail.bounces.EmailBackend"}}
if env.str("EMAIL_URL", default=""):
    MAILERS = {"default": mailer(env.str("EMAIL_URL"))}
CSRF_TRUSTED_ORIGINS = ["http://localhost:8000"]
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # noqa: F405  from base
if DEMO:
    ROOT_URLCONF = "demo.urls"
if find_spec("django_linear_migrations"):  # in requirements/dev.txt: the demo runs without it
    INSTALLED_APPS.append("django_linear_migrations")
