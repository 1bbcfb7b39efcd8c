"""PostgreSQL: pg_dump of one snapshot, and pg_restore into psql in one transaction."""

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
from coalition.backup.row_counts import count_rows
from coalition.backup.work_folder import create_private_file

PROGRAM_FOLDERS = Path("/usr/lib/postgresql")  # where Debian keeps them, one folder a version
# Only a database of its own is emptied: what stands in the schema that the tables of Django are in.
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
    """Write the database as it is at one moment; nobody waits. Returns rows of tables at that moment.

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
    """A session of its own that holds one moment of the database, and the name by which pg_dump sees it."""
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
    """Raise `BackupFailed` if pg_restore cannot read the dump to its end, or other tables are in it."""
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
    """Put the dump in place of what is in the database, in one transaction.

    Raises `BackupFailed` if that cannot be; the database is then as it was.
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
            psql.kill()  # without its last word the server takes everything back
            psql.wait()
    if problem:
        raise BackupFailed(
            f"The database cannot be written: {problem} It is as it was."
            " Have the server and workers been stopped?"
        )


def _pipe_to_psql(psql: "subprocess.Popen[bytes]", restore: list[str], messages: BinaryIO) -> str:
    """Give psql what empties the database and then what fills it. Returns what went wrong, if anything.

    psql commits when its input ends, so it ends only if pg_restore came to its end. What both write to
    stderr goes to files: in a pipe that nobody reads meanwhile, a long list of notices would stop them.
    """
    with tempfile.TemporaryFile() as complaints:
        source = subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=complaints)
        if psql.stdin is None or source.stdout is None:  # pipes were asked for
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
    """Where the program is: on PATH, or the newest of Debian's. Raises `BackupFailed` if nowhere."""
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
    """The program with the address of the database, and the environment that holds the password."""
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
