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
from django.db import Error, connections, transaction
from psycopg import sql

from coalition.backup.database import is_empty, last_migrations
from coalition.backup.errors import BackupFailed
from coalition.backup.manifest import MAIN_ALIAS
from coalition.core.earlier_database import has_withdrawn_migrations

# The new database's own: what it was migrated by, and the search index, which each engine keeps in its own
# way and `manage.py wagtail_update_index` makes anew from the rest.
TABLES_NOT_COPIED: Final = frozenset({"django_migrations", "wagtailsearch_indexentry"})
# Both leave out what the database works out by itself, and all that is no table with rows of its own: views,
# tables of other servers; SQLite's statistics and what lies behind its full-text search.
_TARGET_COLUMNS_SQL: Final = """
SELECT table_name, column_name, data_type
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
ORDER BY table_name, ordinal_position
"""
_SOURCE_COLUMNS_SQL: Final = """
SELECT one.name, held.name FROM pragma_table_list AS one JOIN pragma_table_info(one.name) AS held
WHERE one.schema = 'main' AND one.type = 'table' AND one.name NOT GLOB 'sqlite_*'
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


type Tables = dict[str, list[Column]]


def import_sqlite_file(file: Path, alias: str = MAIN_ALIAS) -> dict[str, int]:
    """Copy the rows of every table into the database in use. Returns how many, by table.

    All of it or nothing. Raises `BackupFailed` if the database is no PostgreSQL, is not fresh, is of another
    version than the file, has other tables or columns, or does not take a row that SQLite took."""
    target = connections[alias]
    if target.vendor != "postgresql":
        raise BackupFailed("The database in use is no PostgreSQL: DATABASE_URL has to name the new one.")
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.execute("BEGIN")  # one moment, should somebody write after all
            _refuse_unsuitable(source, alias)
            tables = _target_tables(alias)
            _refuse_other_columns(source, tables)
            return _copy_tables(source, alias, tables)
    except sqlite3.Error as error:
        raise BackupFailed(f"{file} cannot be read: {error}") from error
    except (Error, psycopg.Error) as error:  # what does not go through COPY comes in Django's words
        raise BackupFailed(f"PostgreSQL does not take it; nothing was changed. {error}") from error


def _refuse_unsuitable(source: sqlite3.Connection, alias: str) -> None:
    found = dict(source.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall())
    if has_withdrawn_migrations(found.items()):
        raise BackupFailed(
            "The file was made by migrations that this version no longer has, and cannot be taken over."
        )
    migrated = "django_migrations" in connections[alias].introspection.table_names()
    here = last_migrations(alias) if migrated else {}
    if not here or not is_empty(alias):
        raise BackupFailed("The database in use has to be fresh: run `manage.py migrate` on an empty one.")
    other = [app for app in sorted({*found, *here}) if found.get(app) != here.get(app)]
    if other:
        names = ", ".join(f"{app}.{found.get(app) or here.get(app)}" for app in other)
        raise BackupFailed(f"The file is of another version ({names}): migrate both with this one first.")


def _target_tables(alias: str) -> Tables:
    """The tables of this project's models that lie in this database. An operator's own are left alone."""
    target = connections[alias]
    tables: Tables = {
        name: []
        for name in sorted(target.introspection.django_table_names())
        if name not in TABLES_NOT_COPIED
    }
    with target.cursor() as cursor:
        cursor.execute(_TARGET_COLUMNS_SQL)
        for table, name, kind in cursor.fetchall():
            if table in tables:
                tables[table].append(Column(name, kind))
    return tables


def _refuse_other_columns(source: sqlite3.Connection, tables: Tables) -> None:
    """Before anything is copied: SQLite reads a quoted name that is no column as words, and would give the
    name for every row; and what is only in the file would be lost without a word."""
    file: dict[str, set[str]] = {}
    for table, name in source.execute(_SOURCE_COLUMNS_SQL):
        if table not in TABLES_NOT_COPIED:
            file.setdefault(table, set()).add(name)
    here = {table: {column.name for column in columns} for table, columns in tables.items() if columns}
    missing, more = _missing_from(here, file), _missing_from(file, here)
    told = [f"only in the file: {', '.join(more)}"] if more else []
    told += [f"only in the database: {', '.join(missing)}"] if missing else []
    if told:
        raise BackupFailed(
            f"The file has other tables or columns than the database in use ({'; '.join(told)})."
            " Nothing was changed."
        )


def _missing_from(one: dict[str, set[str]], other: dict[str, set[str]]) -> list[str]:
    """Tables by their names, and columns of tables that are in both."""
    columns = [f"{table}.{name}" for table in one.keys() & other.keys() for name in one[table] - other[table]]
    return sorted([*(one.keys() - other.keys()), *columns])


def _copy_tables(source: sqlite3.Connection, alias: str, tables: Tables) -> dict[str, int]:
    target, counts = connections[alias], {}
    with transaction.atomic(using=alias), target.cursor() as cursor:
        _empty_tables(cursor, target.introspection.django_table_names())
        for table, columns in tables.items():
            counts[table] = _copy_table(source, cursor, table, columns)
        target.check_constraints()  # references are looked at here, not by COMMIT
        here = [one for one in apps.get_models(include_auto_created=True) if one._meta.db_table in tables]
        for words in target.ops.sequence_reset_sql(no_style(), here):  # no rollback undoes it: the last step
            cursor.execute(words)
    return counts


def _empty_tables(cursor: Any, tables: Sequence[str]) -> None:
    """What migrations wrote goes, since the file has its own. All in one, without CASCADE: a table of
    somebody else that points at ours is not emptied with it."""
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    cursor.execute(sql.SQL("TRUNCATE {}").format(names))


def _copy_table(source: sqlite3.Connection, cursor: Any, table: str, columns: list[Column]) -> int:
    words, count = _compose_sql("COPY {} ({}) FROM STDIN", table, columns), 0
    try:
        with cursor.copy(words) as copy:
            for row in _iter_source_rows(source, table, columns):
                copy.write_row([column.text(value) for column, value in zip(columns, row, strict=True)])
                count += 1
    except psycopg.Error as error:
        raise BackupFailed(
            f"PostgreSQL does not take a row of {table}; nothing was changed. {error}"
        ) from error
    return count


def _iter_source_rows(source: sqlite3.Connection, table: str, columns: list[Column]) -> Iterator[Any]:
    """SQLite quotes names as PostgreSQL does."""
    yield from source.execute(_compose_sql("SELECT {1} FROM {0}", table, columns).as_string())


def _compose_sql(words: LiteralString, table: str, columns: list[Column]) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    return sql.SQL(words).format(sql.Identifier(table), names)
