"""PostgreSQL: pg_dump of one snapshot, and pg_restore into an empty schema."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from coalition.backup import schemas
from coalition.backup.archive import count_rows, create_private_file
from coalition.backup.errors import BackupFailed

PROGRAM_FOLDERS = Path("/usr/lib/postgresql")  # Debian's location, with one folder per version


def dump(connection: BaseDatabaseWrapper, target: Path) -> dict[str, int]:
    """Dump a snapshot of the database without blocking anyone. Return the rows of tables in it.

    Raises `BackupFailed` if pg_dump is missing, too old for the server, or cannot write.
    """
    program = _find_program("pg_dump")
    with _exported_snapshot(connection) as (session, snapshot):
        words, environment = _command_and_environment(connection, program)
        with create_private_file(target) as into:
            done = subprocess.run(
                [*words, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=into,
                stderr=subprocess.PIPE,
                check=False,
            )
        if done.returncode:
            raise BackupFailed(f"The database cannot be copied. pg_dump: {_error_text(done.stderr)}")
        cursor = session.cursor()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        return count_rows(connection, tables, cursor.execute, cursor.fetchone)


@contextmanager
def _exported_snapshot(connection: BaseDatabaseWrapper) -> Iterator[tuple[psycopg.Connection, str]]:
    """Open a session with an exported snapshot. Yield it and the snapshot's name for pg_dump."""
    try:
        with psycopg.connect(**schemas.session_parameters(connection)) as session:
            session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = session.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            yield session, snapshot
    except psycopg.Error as error:
        raise BackupFailed(f"The database cannot be read: {error}") from error


def check(connection: BaseDatabaseWrapper, dumped: Path, tables: dict[str, int]) -> None:
    """Raise `BackupFailed` if pg_restore cannot read the whole dump, or if its tables differ."""
    program = _find_program("pg_restore")
    listed, whole = (
        subprocess.run([program, option, str(dumped)], capture_output=True, check=False)
        for option in ("--list", f"--file={os.devnull}")
    )
    for done in (listed, whole):
        if done.returncode:
            raise BackupFailed(
                f"The database in the backup cannot be read. pg_restore: {_error_text(done.stderr)}"
            )
    found = set(re.findall(r" TABLE DATA \S+ (\S+) ", listed.stdout.decode()))
    if found != tables.keys():
        raise BackupFailed("The database in the backup has other tables than its list says.")


def load(connection: BaseDatabaseWrapper, dumped: Path) -> None:
    """Replace the content of the database with the dump.

    Raises `BackupFailed` on failure; the database is then unchanged. `recover` follows a killed run.
    """
    words, environment = _command_and_environment(connection, _find_program("pg_restore"))
    # Without waiting for the disk after each of 6,000 statements: the commit at the end waits for all.
    options = f"{environment.get('PGOPTIONS', '')} -c synchronous_commit=off"
    connection.close()
    with schemas.replaced_content(connection):
        done = subprocess.run(
            [*words, "--exit-on-error", "--no-owner", "--no-privileges", str(dumped)],
            env=environment | {"PGOPTIONS": options, "PGAPPNAME": schemas.FILLING},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise BackupFailed(
                f"The database cannot be written: {_restore_error(done.stderr)}. It is as it was."
                " Have the server and workers been stopped?"
            )


def recover(connection: BaseDatabaseWrapper) -> None:
    """Put back what a killed `load` had set aside. Raises `BackupFailed` if that fails or one runs."""
    schemas.recover(connection)


def _find_program(name: str) -> str:
    """Return the program's path: Debian's newest, or on PATH. Raises `BackupFailed` if not found."""
    newest = sorted(
        PROGRAM_FOLDERS.glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(4), reverse=True
    )
    found = str(newest[0]) if newest else shutil.which(name)
    if found is None:
        raise BackupFailed(
            f"{name} is not on this machine: install PostgreSQL's client programs"
            " (Debian: postgresql-client), of the server's version or newer."
        )
    return found


def _command_and_environment(
    connection: BaseDatabaseWrapper, program: str
) -> tuple[list[str], dict[str, str]]:
    """Return the program with the database's address, and the environment with the password."""
    words, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    *options, database = words[1:]
    return [program, *options, f"--dbname={database}"], os.environ | (environment or {})


def _restore_error(stderr: bytes) -> str:
    """Return the line with the reason: the statement that failed comes after it."""
    lines = stderr.decode(errors="replace").splitlines()
    return next((line for line in lines if " error: " in line), f"pg_restore: {_error_text(stderr)}")


def _error_text(stderr: bytes | None) -> str:
    lines = (stderr or b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing."
