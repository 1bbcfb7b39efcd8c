"""The rows of a SQLite file into a PostgreSQL database: the way from the small size to the large one.

Every column is sent as the text that SQLite holds, and read by PostgreSQL as what its own column is: nothing
is opened, so sealed values stay sealed, and keys, numbers and moments are the same.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, transaction
from psycopg import sql

from coalition.backup.database import is_empty, last_migrations
from coalition.backup.failed import BackupFailed
from coalition.backup.manifest import MAIN

# Written by each engine in its own way, and written anew from the rest (`manage.py update_index`).
OWN: Final = frozenset({"django_migrations", "wagtailsearch_indexentry"})
_COLUMNS: Final = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position
"""


@dataclass(frozen=True)
class Column:
    """A column of the target, and PostgreSQL's name of its type."""

    name: str
    kind: str

    def text(self, value: Any) -> Any:
        """What SQLite holds, as PostgreSQL reads it. Moments are kept in UTC there, without saying so."""
        if isinstance(value, str) and self.kind == "timestamp with time zone":
            return f"{value}+00:00"
        return value


def take_over(file: Path, alias: str = MAIN) -> dict[str, int]:
    """Copy the rows of every table into the database in use. Returns how many, by table.

    All of it or nothing. Raises `BackupFailed` if the database is no PostgreSQL, is not fresh, is of another
    version than the file, or takes a row otherwise than SQLite did."""
    target = connections[alias]
    if target.vendor != "postgresql":
        raise BackupFailed("The database in use is no PostgreSQL: DATABASE_URL has to name the new one.")
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.execute("BEGIN")  # one moment, should somebody write after all
            _refuse(source, alias)
            return _copied(source, alias)
    except sqlite3.Error as error:
        raise BackupFailed(f"{file} cannot be read: {error}") from error
    except psycopg.Error as error:
        raise BackupFailed(f"PostgreSQL does not take it; nothing was changed. {error}") from error


def _refuse(source: sqlite3.Connection, alias: str) -> None:
    found = dict(source.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall())
    migrated = "django_migrations" in connections[alias].introspection.table_names()
    here = last_migrations(alias) if migrated else {}
    if not here or not is_empty(alias):
        raise BackupFailed("The database in use has to be fresh: run `manage.py migrate` on an empty one.")
    other = [app for app in sorted({*found, *here}) if found.get(app) != here.get(app)]
    if other:
        names = ", ".join(f"{app}.{found.get(app) or here.get(app)}" for app in other)
        raise BackupFailed(f"The file is of another version ({names}): migrate both with this one first.")


def _copied(source: sqlite3.Connection, alias: str) -> dict[str, int]:
    target, counts = connections[alias], {}
    with transaction.atomic(using=alias), target.cursor() as cursor:
        cursor.execute(_COLUMNS)
        tables: dict[str, list[Column]] = {}
        for table, name, kind in cursor.fetchall():
            tables.setdefault(table, []).append(Column(name, kind))
        for own in OWN:
            tables.pop(own, None)
        _empty(cursor, [*tables])
        for table, columns in tables.items():
            counts[table] = _copy(source, cursor, table, columns)
        here = [one for one in apps.get_models(include_auto_created=True) if one._meta.db_table in tables]
        for words in target.ops.sequence_reset_sql(no_style(), here):
            cursor.execute(words)
    return counts


def _empty(cursor: Any, tables: Sequence[str]) -> None:
    """What migrations wrote goes, since the file has its own."""
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def _copy(source: sqlite3.Connection, cursor: Any, table: str, columns: list[Column]) -> int:
    words, count = _composed("COPY {} ({}) FROM STDIN", table, columns), 0
    try:
        with cursor.copy(words) as copy:
            for row in _rows(source, table, columns):
                copy.write_row([column.text(value) for column, value in zip(columns, row, strict=True)])
                count += 1
    except psycopg.Error as error:
        raise BackupFailed(
            f"PostgreSQL does not take a row of {table}; nothing was changed. {error}"
        ) from error
    return count


def _rows(source: sqlite3.Connection, table: str, columns: list[Column]) -> Iterator[Any]:
    """SQLite quotes names as PostgreSQL does."""
    yield from source.execute(_composed("SELECT {1} FROM {0}", table, columns).as_string())


def _composed(words: LiteralString, table: str, columns: list[Column]) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    return sql.SQL(words).format(sql.Identifier(table), names)
