"""Between the write there and the write here a process dies: a value without a row, never the reverse."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections

from coalition.core.clock import now
from coalition.personal_data.orphans import sweep_orphans
from coalition.personal_data.store import ALIAS
from home.models import NewsByMail
from tests.architecture.source import ROOT
from tests.personal_data.apart import kept

DIES = """
import os, signal
from django.db import transaction
from django.utils.timezone import now, localdate
from home.models import NewsByMail
with transaction.atomic():
    NewsByMail.objects.create(address="zeisig@tests.example", address_print="p", language="en", token="t",
                              token_hash="h", written_at=now(), day=localdate(now()))
    print("written", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def address_of(alias: str) -> str:
    own = connections[alias].settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{own['NAME']}"
    return f"postgres://{own['USER']}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"


@pytest.mark.slow
def test_a_process_that_dies_between_both_writes(apart: None, tmp_path: Path) -> None:
    own = {
        "DJANGO_SETTINGS_MODULE": "coalition.settings.dev",
        "SECRET_KEY": "only-for-tests",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": address_of("default"),
        "CONTACTS_DATABASE_URL": address_of(ALIAS),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", DIES],
        cwd=ROOT,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    assert "written" in done.stdout
    assert not NewsByMail.objects.exists()
    assert set(kept().values()) == {"zeisig@tests.example", "t"}
    call_command("contacts_database", "look")  # nothing is lost: it exits with 0
    swept = 0
    for hours in (2, 4):
        with time_machine.travel(now() + datetime.timedelta(hours=hours)):
            swept += sweep_orphans()
    assert swept == 2
    assert not kept()


@pytest.mark.django_db
def test_without_a_second_database_the_command_says_so() -> None:
    with pytest.raises(Exception, match="CONTACTS_DATABASE_URL is not set"):
        call_command("contacts_database", "move")
