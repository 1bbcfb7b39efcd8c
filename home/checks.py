"""What is missing or dangerous in production though it starts: `manage.py check --deploy` says it in words.

What must not be wrong at all stops the start (coalition/settings). Each finding begins with the name of the
variable that mends it. Warnings are dangers; infos are what one may mean so.
"""

import ipaddress
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.files.storage import FileSystemStorage, storages
from django.db import Error, connection, connections

from coalition.personal_data.database import ALIAS, has_own_database
from coalition.personal_data.models import Held

MAX_PAGES_KEPT_SECONDS = 600  # seconds that a page which changes by the clock alone may be old
DEVELOPMENT_VARIABLES = ("DEBUG", "DEMO", "FETCH_LOOPBACK_PORT", "FETCH_CA_FILE")

type Findings = Iterator[checks.CheckMessage]


def register_production_checks() -> None:
    """Say it when `check --deploy` asks (from `AppConfig.ready()`)."""
    checks.register(check_production, deploy=True)


def check_production(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """All findings."""
    settled = [
        *_check_host_names(),
        *_check_keys(),
        *_check_proxy(),
        *_check_file_storage(),
        *_check_metrics(),
        *_check_mail(),
        *_check_unread_variables(),
    ]
    return [*settled, *(_check_contacts_database() if has_own_database() else ())]


def _warning(number: int, words: str) -> checks.CheckMessage:
    return checks.Warning(words, id=f"coalition.W{number:03}")


def _info(number: int, words: str) -> checks.CheckMessage:
    return checks.Info(words, id=f"coalition.I{number:03}")


def _check_host_names() -> Findings:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield _warning(
            1, "ALLOWED_HOSTS answers every name: links in mails could lead elsewhere. Name yours."
        )
    elif not any(host == one or (one[:1] == "." and host.endswith(one)) for one in settings.ALLOWED_HOSTS):
        yield _warning(2, f"ALLOWED_HOSTS lacks {host}, the name in SITE_URL: the site would not answer.")
    if not settings.SAFE_EXIT_URL.startswith("https://"):
        yield _warning(3, "SAFE_EXIT_URL must begin with https://: the way out would be seen on the wire.")


def _error(number: int, words: str) -> checks.CheckMessage:
    return checks.Error(words, id=f"coalition.E{number:03}")


def _check_contacts_database() -> Findings:
    """The second database: there, migrated, and not the first one once more."""
    here, there = connection.settings_dict, connections[ALIAS].settings_dict
    if {*settings.CONTACTS_KEYS} & {*settings.NAMES_KEYS, *settings.TOTP_KEYS, settings.SECRET_KEY}:
        yield _warning(12, "CONTACTS_KEY is the same as another key: who finds one reads both.")
    if here["ENGINE"].endswith("sqlite3") or (here["HOST"], here["PORT"]) == (there["HOST"], there["PORT"]):
        yield _info(
            8,
            "CONTACTS_DATABASE_URL is on the same server as DATABASE_URL: one key opens one of them,"
            " but who takes the machine has both.",
        )
    try:
        with connections[ALIAS].cursor() as cursor:
            tables = connections[ALIAS].introspection.table_names(cursor)
    except Error as error:
        yield _error(
            1,
            f"CONTACTS_DATABASE_URL does not answer ({type(error).__name__}): letters, news by mail and"
            " registrations would say so to everyone.",
        )
        return
    if get_user_model()._meta.db_table in tables:
        yield _error(
            2, "CONTACTS_DATABASE_URL is a main database: nothing would be apart. Give it one of its own."
        )
    elif Held._meta.db_table not in tables:
        yield _error(
            3, "CONTACTS_DATABASE_URL is not migrated: run manage.py migrate vault --database contacts."
        )


def _check_keys() -> Findings:
    if set(settings.NAMES_KEYS) & set(settings.TOTP_KEYS):
        yield _warning(4, "NAMES_KEY and TOTP_KEY share a key: who finds one reads both. Give each its own.")
    if settings.SECRET_KEY in {*settings.NAMES_KEYS, *settings.TOTP_KEYS}:
        yield _warning(5, "SECRET_KEY is the same as another key. Give each its own.")


def _check_proxy() -> Findings:
    if settings.PAGES_KEPT and not settings.PAGES_TOLD:
        yield _warning(6, "PAGES_TOLD is missing: a withdrawn text would stay for seconds in the proxy.")
    if settings.PAGES_TOLD and not settings.PAGES_KEPT:
        yield _info(1, "PAGES_KEPT is not set, so PAGES_TOLD does nothing.")
    if settings.PAGES_KEPT > MAX_PAGES_KEPT_SECONDS:
        yield _warning(
            7,
            f"PAGES_KEPT is over {MAX_PAGES_KEPT_SECONDS}: what changes by the clock alone would be told late.",
        )
    if not all(one.startswith("http://") for one in settings.PAGES_TOLD):
        yield _warning(8, "PAGES_TOLD is wrong: each address begins with http:// and lies in your network.")
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield _info(
            2,
            "TRUSTED_PROXIES is 0: with a proxy in front, rate limits would count all people as one.",
        )


def _check_file_storage() -> Findings:
    on_disk = isinstance(storages["default"], FileSystemStorage)
    if settings.X_ACCEL and not on_disk:
        yield _info(3, "X_ACCEL does nothing with MEDIA_URL_S3: files on S3 leave through the application.")
    folder = Path(settings.MEDIA_ROOT).parent
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & stat.S_IRWXO:
        yield _warning(9, f"DATA_DIR: everybody on this machine may open {folder}. Run chmod o-rwx on it.")
    if folder.is_relative_to(settings.BASE_DIR):
        yield _info(4, f"DATA_DIR is not set: data lies in {folder}, where the next version may be unpacked.")


def _check_metrics() -> Findings:
    if settings.METRICS_ADDRESS is None:
        return
    host = settings.METRICS_ADDRESS[0]
    try:
        closed = host == "localhost" or _is_private_address(ipaddress.ip_address(host))
    except ValueError:
        closed = False
    if not closed:
        yield _warning(10, "METRICS_ADDRESS must be an address of this machine or of an inner network.")


def _is_private_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_private and not address.is_unspecified


def _check_mail() -> Findings:
    found = settings.MAILERS["default"].get("OPTIONS")
    options = found if isinstance(found, dict) else {}
    host = options.get("host")
    encrypted = options.get("use_tls") or options.get("use_ssl")
    if host and host not in {"localhost", "127.0.0.1", "::1"} and not encrypted:
        yield _warning(11, "EMAIL_URL sends mail in the clear: begin it with smtp+tls: or smtp+ssl:.")
    if "demo.example" in settings.DEFAULT_FROM_EMAIL:
        yield _info(5, "DEFAULT_FROM_EMAIL is not set: mail from an address of the demo is refused by many.")


def _check_unread_variables() -> Findings:
    """Variables of development that somebody relies on, or has forgotten."""
    for name in DEVELOPMENT_VARIABLES:
        if os.environ.get(name):
            yield _info(6, f"{name} is set, and production does not read it. Take it out.")
