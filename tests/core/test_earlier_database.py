"""A database from before the migrations were written anew is refused before anything is changed."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from coalition.core.migrations_support import WITHDRAWN_MIGRATIONS, refuse_to_migrate
from tests.architecture.source import ROOT

pytestmark = pytest.mark.slow

APPLIED = [("home", "0002_names_of_pages"), ("documents", "0034_prints_of_addresses")]


@pytest.fixture
def earlier(tmp_path):
    """Return a file that earlier migrations have made, as far as the refusal looks at it."""
    file = tmp_path / "data" / "coalition.sqlite3"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE django_migrations (id integer PRIMARY KEY, app, name, applied)")
        rows = [(*row, "2026-11-24 16:15:24") for row in APPLIED]
        database.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", rows)
        database.execute("CREATE TABLE partners_user (id integer PRIMARY KEY)")
        database.commit()
    return file


def content(file):
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())


def run(file, *command, **environment):
    """Run a program of the project on the file, with the settings of the demo."""
    named = {"DATA_DIR": str(file.parent), "DJANGO_SETTINGS_MODULE": "coalition.settings.dev"}
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=inherited | named | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_migrate_refuses_it_in_one_sentence(earlier):
    before = content(earlier)
    done = run(earlier, "manage.py", "migrate", "-v0")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"CommandError: {earlier} was made by migrations that this version no longer has")
    assert line.endswith("delete it, or name another file in DATABASE_URL, and migrate again.")
    assert content(earlier) == before


def test_the_database_of_contacts_is_refused_too(earlier, tmp_path):
    main = f"sqlite:///{tmp_path / 'main.sqlite3'}"
    done = run(
        earlier,
        *("manage.py", "migrate", "-v0", "--database", "contacts"),
        DATABASE_URL=main,
        CONTACTS_DATABASE_URL=f"sqlite:///{earlier}",
    )
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.endswith("delete it, or name another file in CONTACTS_DATABASE_URL, and migrate again.")


def test_the_demo_refuses_it_and_names_the_folder_to_remove(earlier):
    before = content(earlier)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = run(earlier, ".ci/serve_demo.py", PORT=str(port))
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"{earlier} was made by migrations that this version no longer has")
    assert line.endswith(f"delete the folder {earlier.parent}, then run make demo again.")
    assert content(earlier) == before


@pytest.mark.parametrize("row", sorted(WITHDRAWN_MIGRATIONS))
@pytest.mark.django_db
def test_the_second_of_the_earlier_migrations_of_any_app_is_enough(row):
    MigrationRecorder(connection).record_applied(*row)
    with pytest.raises(CommandError, match="no longer has"):
        refuse_to_migrate(using="default")


@pytest.mark.django_db
def test_no_migration_of_today_has_a_name_of_then():
    assert WITHDRAWN_MIGRATIONS.isdisjoint(MigrationLoader(None).disk_migrations)
    refuse_to_migrate(using="default")


@pytest.mark.django_db
def test_a_server_on_it_is_not_ready(client):
    recorder = MigrationRecorder(connection)
    todays = recorder.migration_qs.filter(app__in=("documents", "home")).exclude(name="0001_initial")
    assert todays.count() > 2
    todays.delete()
    recorder.record_applied("home", "0002_names_of_pages")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "migrations" in answer.content.decode()
