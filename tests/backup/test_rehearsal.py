"""The rehearsal: a backup of this database comes back on a fresh one, by the commands an operator types.

On SQLite a new file; on PostgreSQL a new database of the same server, by its own pg_dump and pg_restore.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage import x25519

from coalition.accounts.models import User
from coalition.backup import errors, postgres
from coalition.backup.archive import (
    WORK_FOLDER_NAME,
    copy_and_hash,
    delete_stored_file,
    list_stored_files,
    stored_piece,
)
from coalition.backup.database import count_table_rows
from tests.architecture.source import ROOT
from tests.factories import OrganisationFactory, UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FRESH = "coalition_rehearsal"


@pytest.fixture
def identity(tmp_path: Path) -> x25519.Identity:
    made = x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(made))
    return made


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def things() -> None:
    for name in list_stored_files():
        delete_stored_file(name)
    default_storage.save("notes/a.bin", ContentFile(os.urandom(3_000_000)))
    default_storage.save("notes/b.bin", ContentFile(os.urandom(3_000_000)))
    default_storage.save("notes/c.bin", ContentFile(os.urandom(3_000_000)))
    storages["public"].save("poster.txt", ContentFile(b"poster"))
    OrganisationFactory.create_batch(2)
    UserFactory.create_batch(4)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh.sqlite3"
        return
    own = connection.settings_dict
    where = {"host": own["HOST"], "port": own["PORT"] or 5432, "user": own["USER"], "dbname": "postgres"}
    with psycopg.connect(autocommit=True, **where) as server:
        server.execute(f"DROP DATABASE IF EXISTS {FRESH}")
        server.execute(f"CREATE DATABASE {FRESH}")
        yield f"postgres://{own['USER']}@{own['HOST']}:{own['PORT'] or 5432}/{FRESH}"
        server.execute(f"DROP DATABASE IF EXISTS {FRESH} WITH (FORCE)")


def manage(data: Path, database: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """One command, as typed on another machine: its own folder, its own database."""
    own = {
        "DJANGO_SETTINGS_MODULE": "coalition.settings.dev",
        "DATA_DIR": str(data),
        "DATABASE_URL": database,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_backup_comes_back_on_a_fresh_database(
    things: None, identity: x25519.Identity, backups: Path, fresh: str, tmp_path: Path
) -> None:
    counts, pieces = (
        count_table_rows(),
        {name: stored_piece(name) for name in list_stored_files()},
    )
    call_command("backup", str(backups), recipient=[str(identity.to_public())])
    (path,) = backups.iterdir()
    done = manage(tmp_path / "data", fresh, "restore", str(path), "--identity", str(tmp_path / "key.txt"))
    assert done.returncode == 0, done.stderr
    assert f"{sum(counts.values())} rows in {len(counts)} tables, {len(pieces)} files" in done.stdout
    assert "every table has the rows that the backup counted" in done.stdout
    for name, piece in pieces.items():
        with (tmp_path / "data" / name).open("rb") as content:
            assert copy_and_hash(content, None) == piece
    # It is in use now: a second time asks, and is refused where nobody can answer.
    again = ("restore", str(path), "--identity", str(tmp_path / "key.txt"))
    assert "--replace" in manage(tmp_path / "data", fresh, *again).stderr
    assert "Nothing was changed" in manage(tmp_path / "data", fresh, *again, "--replace").stderr


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes; Python is told so by an error, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [64_000, 8_500_000], ids=["for-the-database", "for-the-files"])
def test_a_full_disk_leaves_no_half_backup(
    things: None, identity: x25519.Identity, backups: Path, size: int
) -> None:
    backups.mkdir()
    with disk_of(size), pytest.raises(CommandError, match="cannot be"):
        call_command("backup", str(backups), recipient=[str(identity.to_public())])
    assert not list(backups.iterdir())
    assert not (settings.BACKUP_WORKPLACE / WORK_FOLDER_NAME).exists()


def test_a_full_disk_stops_the_way_back_before_anything_changed(
    things: None, identity: x25519.Identity, backups: Path, tmp_path: Path
) -> None:
    call_command("backup", str(backups), recipient=[str(identity.to_public())])
    (path,) = backups.iterdir()
    UserFactory()
    default_storage.delete("notes/a.bin")
    with disk_of(64_000), pytest.raises(CommandError, match="cannot be unpacked"):
        call_command("restore", str(path), identity=tmp_path / "key.txt", replace=True, yes=True)
    assert User.objects.count() == 5
    assert not default_storage.exists("notes/a.bin")


def test_without_the_programs_of_postgresql_it_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "PROGRAM_FOLDERS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.BackupFailed, match="pg_dump is not on this machine"):
        postgres.dump(connection, tmp_path / "dump")
