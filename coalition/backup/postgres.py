"""PostgreSQL: pg_dump of one snapshot, and pg_restore piped into psql in one transaction."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from coalition.backup.errors import BackupFailed
from coalition.backup.manifest import count_rows
from coalition.backup.work_folder import create_private_file

PROGRAM_FOLDERS = Path("/usr/lib/postgresql")  # Debian's location, with one folder per version
# Only the schema of Django's tables is emptied: the database must be the site's own.
EMPTY_SCHEMA_SQL = """
SET lock_timeout = '10s';
SET client_min_messages = warning;
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', one.tablename);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP SEQUENCE IF EXISTS %I CASCADE', one.sequencename);
  END LOOP;
END $$;
"""


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
        return _count_snapshot_rows(connection, session)


@contextmanager
def _exported_snapshot(connection: BaseDatabaseWrapper) -> Iterator[tuple[psycopg.Connection, str]]:
    """Open a session with an exported snapshot. Yield it and the snapshot's name for pg_dump."""
    parameters = connection.get_connection_params()
    own = {name: value for name, value in parameters.items() if name not in {"cursor_factory", "context"}}
    try:
        with psycopg.connect(**own) as session:
            session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = session.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            yield session, snapshot
    except psycopg.Error as error:
        raise BackupFailed(f"The database cannot be read: {error}") from error


def check_postgres_dump(_connection: BaseDatabaseWrapper, dumped: Path, tables: dict[str, int]) -> None:
    """Raise `BackupFailed` if pg_restore cannot read the whole dump, or if its tables differ."""
    listed = subprocess.run(
        [_find_program("pg_restore"), "--list", str(dumped)], capture_output=True, check=False
    )
    whole = subprocess.run(
        [_find_program("pg_restore"), f"--file={os.devnull}", str(dumped)], capture_output=True, check=False
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
    """Replace the content of the database with the dump, in one transaction.

    Raises `BackupFailed` on failure; the database is then unchanged.
    """
    restore, (words, environment) = (
        _find_program("pg_restore"),
        _command_and_environment(connection, _find_program("psql")),
    )
    connection.close()
    with tempfile.TemporaryFile() as messages:
        psql = subprocess.Popen(
            [*words, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=messages,
        )
        try:
            problem = _pipe_to_psql(
                psql, [restore, "--no-owner", "--no-privileges", "--file=-", str(dumped)], messages
            )
        finally:
            psql.kill()  # without the final COMMIT the server rolls everything back
            psql.wait()
    if problem:
        raise BackupFailed(
            f"The database cannot be written: {problem} It is as it was."
            " Have the server and workers been stopped?"
        )


def _pipe_to_psql(psql: "subprocess.Popen[bytes]", restore: list[str], messages: BinaryIO) -> str:
    """Pipe into psql what empties the database and then what fills it. Return an error message or
    "".

    psql commits when its input ends, so its input ends only if pg_restore finished. The stderr of
    both goes to files: an unread pipe would fill up with notices and block them.
    """
    with tempfile.TemporaryFile() as complaints:
        source = subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=complaints)
        if psql.stdin is None or source.stdout is None:  # never: both pipes were requested
            raise BackupFailed("The programs of PostgreSQL cannot be started.")
        with source.stdout:
            try:
                psql.stdin.write(EMPTY_SCHEMA_SQL.encode())
                shutil.copyfileobj(source.stdout, psql.stdin)
                psql.stdin.flush()
            except BrokenPipeError:
                source.kill()
                source.wait()
                psql.stdin = None
                psql.wait()
                return _last_line(messages)
        if source.wait():
            return f"pg_restore: {_last_line(complaints)}"
    psql.communicate()
    return _last_line(messages) if psql.returncode else ""


def _find_program(name: str) -> str:
    """Return the program's path: on PATH, or Debian's newest. Raises `BackupFailed` if not
    found."""
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


def _last_line(output: BinaryIO) -> str:
    output.seek(0)
    return _error_text(output.read())


def _error_text(stderr: bytes | None) -> str:
    lines = (stderr or b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing."


def _count_snapshot_rows(connection: BaseDatabaseWrapper, session: psycopg.Connection) -> dict[str, int]:
    cursor = session.cursor()
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return count_rows(connection, [name for (name,) in cursor.fetchall()], cursor.execute, cursor.fetchone)
