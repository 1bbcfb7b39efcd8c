"""Production checks: `manage.py check --deploy` reports what is missing or dangerous.

Fatal errors stop the start (coalition/settings). Each finding begins with the name of the variable
to set. Warnings are dangers; infos may be intentional.
"""

import ipaddress
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from coalition.accounts.queries import demo_people
from coalition.personal_data.models import Held
from coalition.personal_data.store import ALIAS, has_own_database

MAX_PAGES_KEPT_SECONDS = 600  # seconds that a page which changes by time alone may be stale
DEVELOPMENT_VARIABLES = ("DEBUG", "DEMO", "FETCH_LOOPBACK_PORT", "FETCH_CA_FILE")

type Findings = Iterator[tuple[str, str]]  # code, and what is wrong
KINDS = {"E": checks.Error, "W": checks.Warning, "I": checks.Info}  # by the first letter of the code


def register_production_checks() -> None:
    """Register the checks for `check --deploy` (from `AppConfig.ready()`)."""
    checks.register(check_production, deploy=True)


def check_production(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return all findings."""
    found = [
        *_check_host_names(),
        *_check_keys(),
        *_check_proxy(),
        *_check_file_storage(),
        *_check_metrics(),
        *_check_mail(),
        *_check_unread_variables(),
        *(_check_contacts_database() if has_own_database() else ()),
    ]
    return [KINDS[code[0]](words, id=f"coalition.{code}") for code, words in found]


def _check_host_names() -> Findings:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "*" in settings.ALLOWED_HOSTS:
        yield "W001", "ALLOWED_HOSTS answers every name: links in mails could lead elsewhere. Name yours."
    elif not any(host == one or (one[:1] == "." and host.endswith(one)) for one in settings.ALLOWED_HOSTS):
        yield "W002", f"ALLOWED_HOSTS lacks {host}, the name in SITE_URL: the site would not answer."
    if not settings.SAFE_EXIT_URL.startswith("https://"):
        yield "W003", "SAFE_EXIT_URL must begin with https://: the way out would be seen on the wire."


def _check_contacts_database() -> Findings:
    """Check that the second database exists, is migrated, and is not the first one."""
    here, there = connection.settings_dict, connections[ALIAS].settings_dict
    if {*settings.CONTACTS_KEYS} & {*settings.NAMES_KEYS, *settings.TOTP_KEYS, settings.SECRET_KEY}:
        yield "W012", "CONTACTS_KEY is the same as another key: who finds one reads both."
    if here["ENGINE"].endswith("sqlite3") or (here["HOST"], here["PORT"]) == (there["HOST"], there["PORT"]):
        yield (
            "I008",
            (
                "CONTACTS_DATABASE_URL is on the same server as DATABASE_URL: one key opens one of them,"
                " but who takes the machine has both."
            ),
        )
    try:
        with connections[ALIAS].cursor() as cursor:
            tables = connections[ALIAS].introspection.table_names(cursor)
    except Error as error:
        yield (
            "E001",
            (
                f"CONTACTS_DATABASE_URL does not answer ({type(error).__name__}): letters, news by mail and"
                " registrations would say so to everyone."
            ),
        )
        return
    if get_user_model()._meta.db_table in tables:
        yield (
            "E002",
            "CONTACTS_DATABASE_URL is a main database: nothing would be apart. Give it one of its own.",
        )
    elif Held._meta.db_table not in tables or _is_behind(connections[ALIAS]):
        yield (
            "E003",
            "CONTACTS_DATABASE_URL is not migrated: run manage.py migrate vault --database contacts.",
        )


def _is_behind(contacts: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(contacts)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes("vault")))


def _check_keys() -> Findings:
    if set(settings.NAMES_KEYS) & set(settings.TOTP_KEYS):
        yield "W004", "NAMES_KEY and TOTP_KEY share a key: who finds one reads both. Give each its own."
    if settings.SECRET_KEY in {*settings.NAMES_KEYS, *settings.TOTP_KEYS}:
        yield "W005", "SECRET_KEY is the same as another key. Give each its own."


def _check_proxy() -> Findings:
    if settings.PAGES_KEPT and not settings.PAGES_TOLD:
        yield "W006", "PAGES_TOLD is missing: a withdrawn text would stay for seconds in the proxy."
    if settings.PAGES_TOLD and not settings.PAGES_KEPT:
        yield "I001", "PAGES_KEPT is not set, so PAGES_TOLD does nothing."
    if settings.PAGES_KEPT > MAX_PAGES_KEPT_SECONDS:
        yield (
            "W007",
            f"PAGES_KEPT is over {MAX_PAGES_KEPT_SECONDS}: what changes by the clock alone would be late.",
        )
    if not all(one.startswith("http://") for one in settings.PAGES_TOLD):
        yield "W008", "PAGES_TOLD is wrong: each address begins with http:// and lies in your network."
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield (
            "I002",
            "TRUSTED_PROXIES is 0: with a proxy in front, rate limits would count all people as one.",
        )


def _check_file_storage() -> Findings:
    on_disk = isinstance(storages["default"], FileSystemStorage)
    if settings.X_ACCEL and not on_disk:
        yield "I003", "X_ACCEL does nothing with MEDIA_URL_S3: files on S3 leave through the application."
    folder = Path(settings.MEDIA_ROOT).parent
    if folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & stat.S_IRWXO:
        yield "W009", f"DATA_DIR: everybody on this machine may open {folder}. Run chmod o-rwx on it."
    if folder.is_relative_to(settings.BASE_DIR):
        yield "I004", f"DATA_DIR is not set: data lies in {folder}, where the next version may be unpacked."


def _check_metrics() -> Findings:
    if settings.METRICS_ADDRESS is None:
        return
    host = settings.METRICS_ADDRESS[0]
    try:
        closed = host == "localhost" or (
            ipaddress.ip_address(host).is_private and not ipaddress.ip_address(host).is_unspecified
        )
    except ValueError:
        closed = False
    if not closed:
        yield "W010", "METRICS_ADDRESS must be an address of this machine or of an inner network."


def _check_mail() -> Findings:
    found = settings.MAILERS["default"].get("OPTIONS")
    options = found if isinstance(found, dict) else {}
    host = options.get("host")
    encrypted = options.get("use_tls") or options.get("use_ssl")
    if host and host not in {"localhost", "127.0.0.1", "::1"} and not encrypted:
        yield "W011", "EMAIL_URL sends mail in the clear: begin it with smtp+tls: or smtp+ssl:."
    if "demo.example" in settings.DEFAULT_FROM_EMAIL:
        yield "I005", "DEFAULT_FROM_EMAIL is not set: mail from an address of the demo is refused by many."


def _check_unread_variables() -> Findings:
    """Report development variables that production ignores."""
    for name in DEVELOPMENT_VARIABLES:
        if os.environ.get(name):
            yield "I006", f"{name} is set, and production does not read it. Take it out."


MESSAGE = (
    "Demo accounts are present: before starting production, run manage.py seed_demo --remove with "
    "DJANGO_SETTINGS_MODULE=coalition.settings.dev."
)


def register_check() -> None:
    """Register `no_demo_accounts` as a check of the database (from `AppConfig.ready()`)."""
    checks.register(no_demo_accounts, checks.Tags.database)


def no_demo_accounts(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return an error if the settings refuse demo accounts and there is one."""
    if settings.DEMO or not settings.REFUSE_DEMO_ACCOUNTS:
        return []
    try:
        present = demo_people().exists()
    except DatabaseError:  # before the first migration there is no table
        return []
    return [checks.Error(MESSAGE, id="home.E001")] if present else []


def refuse_demo_accounts() -> None:
    """Raise `SystemExit` with the check's message; the ASGI application calls this before it serves."""
    with ThreadPoolExecutor(max_workers=1) as pool:  # the server loads the application inside its event loop
        messages = pool.submit(_check_and_close).result()
    if messages:
        raise SystemExit(messages[0].msg)


def _check_and_close() -> list[checks.CheckMessage]:
    try:
        return no_demo_accounts(None)
    finally:
        connection.close()
