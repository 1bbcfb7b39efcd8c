"""SQLite: its online backup, which snapshots a database in use and overwrites one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from coalition.backup.archive import count_rows, create_private_file
from coalition.backup.errors import BackupFailed


def dump(connection: BaseDatabaseWrapper, target: Path) -> dict[str, int]:
    """Copy a snapshot of the database without blocking writers. Return the rows of tables.

    Raises `BackupFailed` if the copy cannot be written.
    """
    create_private_file(target).close()
    database = Path(connection.settings_dict["NAME"]).resolve()
    try:
        with (
            closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as there,
            closing(sqlite3.connect(target)) as copy,
        ):
            there.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a WAL beside it
            return _count_database_rows(connection, copy)
    except sqlite3.Error as error:
        raise BackupFailed(f"The database cannot be copied: {error}.") from error


def check(connection: BaseDatabaseWrapper, dumped: Path, tables: dict[str, int]) -> None:
    """Raise `BackupFailed` if the copy is damaged, or its rows differ from `tables`."""
    try:
        with closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as copy:
            (word,) = copy.execute("PRAGMA quick_check").fetchone()
            counts = _count_database_rows(connection, copy)
    except sqlite3.Error as error:
        raise BackupFailed(f"The database in the backup cannot be read: {error}.") from error
    if word != "ok":
        raise BackupFailed(f"The database in the backup is damaged: {word}.")
    if counts != tables:
        raise BackupFailed("The database in the backup has other rows than its list says.")


def load(connection: BaseDatabaseWrapper, dumped: Path) -> None:
    """Overwrite the database in use with the copy, in one transaction.

    Raises `BackupFailed` if another process writes or the disk is full; the database is then unchanged.
    """
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"file:{dumped}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise BackupFailed(
            f"The database cannot be written: {error}. It is as it was."
            " Have the server and workers been stopped?"
        ) from error
    finally:
        connection.close()


def recover(connection: BaseDatabaseWrapper) -> None:
    """Nothing is left of a killed `load`: SQLite rolls it back when the database is opened."""


def _count_database_rows(connection: BaseDatabaseWrapper, database: sqlite3.Connection) -> dict[str, int]:
    cursor = database.cursor()
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return count_rows(connection, [name for (name,) in cursor.fetchall()], cursor.execute, cursor.fetchone)
