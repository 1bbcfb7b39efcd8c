"""What was erased is not in the next backup either, not even in what a database leaves in its free pages."""

import re
from pathlib import Path

import pytest
from django.db import connection

from coalition.backup import sqlite
from coalition.campaigns.appeals.actions.confirm import confirm_support
from coalition.core.crypto import unseal
from tests.campaigns.appeals.builders import ask
from tests.campaigns.appeals.factories import open_appeal

SEALED = re.compile(rb"gAAAA[\w-]{20,}={0,2}")
CANARY = "kanarenvogel@canary.example"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_pages"),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="pg_dump writes rows, and what was deleted is none"
    ),
]


def opened(path: Path) -> str:
    """Everything that is sealed anywhere in the file, opened, and the rest of it as it is."""
    content = path.read_bytes()
    found = [_unsealed(one.decode()) for one in SEALED.findall(content)]
    return "\n".join([*found, content.decode("latin-1")])


def _unsealed(token: str) -> str:
    try:
        return unseal(token)
    except Exception:  # noqa: BLE001  the tail of another value, or cut off
        return ""


def test_an_address_that_was_erased_is_nowhere_in_the_backup(tmp_path):
    token = ask(open_appeal(), CANARY)
    sqlite.dump(connection, tmp_path / "before")
    assert CANARY in opened(tmp_path / "before"), "what looks finds what is there"
    confirm_support(token=token)
    sqlite.dump(connection, tmp_path / "after")
    assert CANARY not in opened(tmp_path / "after")
