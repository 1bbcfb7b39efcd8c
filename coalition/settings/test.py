"""The test suite: like development, quiet, with a cheap password hasher and mail in memory."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from coalition.settings.base import *  # noqa: F403  a settings module extends another
from coalition.settings.environment import derived_key, derived_vapid_key

SECRET_KEY = "only-for-tests"  # noqa: S105  protects nothing
NAMES_KEYS = [derived_key(SECRET_KEY, "names")]
CONTACTS_KEYS = [derived_key(SECRET_KEY, "contacts")]
TOTP_KEYS = [derived_key(SECRET_KEY, "totp")]
VAPID_KEY = derived_vapid_key(SECRET_KEY)
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # noqa: F405  from base
INSTALLED_APPS.append("django_linear_migrations")  # checks that migrations are linear
WORKER = "none"
READ_BESIDE = False
CLOCK = "host"  # the one that time_machine moves
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES["staticfiles"] = {  # noqa: F405  no collectstatic step in tests
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
# One folder a process, made and removed by tests/conftest.py: parallel runs do not meet.
TEST_FILES = Path(tempfile.gettempdir()) / f"coalition-tests-{os.getpid()}"
BACKUP_WORKPLACE = TEST_FILES
for _name in ("default", "public"):
    STORAGES[_name]["OPTIONS"]["location"] = str(TEST_FILES / _name)  # noqa: F405  from base
CACHES["pictures"]["LOCATION"] = str(TEST_FILES / "pictures")  # noqa: F405  from base
LOGGING["root"]["level"] = "WARNING"  # noqa: F405  from base
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  from base  # files are put in place of each other
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405  from base
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FILES / "database")}  # noqa: F405  WAL needs a file
if REDIS_URL:  # noqa: F405  from base
    # A Redis database a process: clearing the cache between tests must not empty another's.
    _number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    _own = urlsplit(REDIS_URL)._replace(path=f"/{_number}").geturl()  # noqa: F405  from base
    CACHES["default"]["LOCATION"] = _own  # noqa: F405  from base
    CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"] = _own  # type: ignore[index]  # noqa: F405  from base
