"""Production refuses to start while the database holds accounts of the demo: their password is public."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from coalition.accounts.queries import demo_people

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
    except DatabaseError:  # before the first migration there are no accounts
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
