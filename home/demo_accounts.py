"""Production refuses to start with demo accounts present."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from coalition.accounts.queries import demo_people


@register(Tags.database)
def no_demo_accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An error where the demo is off and a demo account is there."""
    if settings.DEMO or not settings.REFUSE_DEMO_ACCOUNTS:
        return []
    try:
        there = demo_people().exists()
    except DatabaseError:  # before the first migration there are no accounts
        return []
    return [Error(MESSAGE, id="home.E001")] if there else []


MESSAGE = "Demo accounts are present: run manage.py seed_demo --remove before starting production."


def refuse_demo_accounts() -> None:
    """Stop the server's start with one line; called by the ASGI application before it serves."""
    with ThreadPoolExecutor(max_workers=1) as pool:  # the server loads the application inside its loop
        messages = pool.submit(_ask).result()
    if messages:
        raise SystemExit(messages[0].msg)


def _ask() -> list[CheckMessage]:
    try:
        return no_demo_accounts(None)
    finally:
        connection.close()
