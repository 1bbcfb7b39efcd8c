"""From the small size to the large one: files to S3, rows to PostgreSQL.

Every column is sent as the text stored by SQLite and parsed by PostgreSQL as the type of its own column.
Nothing is decrypted, so encrypted values stay encrypted, and keys, numbers and times are the same.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from django.apps import apps
from django.core.files.storage import FileSystemStorage, storages
from django.core.management.color import no_style
from django.db import Error, connections, transaction
from psycopg import sql

from coalition.backup.archive import (
    MAIN_ALIAS,
    STORAGES,
    copy_and_hash,
    iter_file_names,
    store_file,
    stored_piece,
)
from coalition.backup.database import is_empty, last_migrations
from coalition.backup.errors import BackupFailed
from coalition.core.migrations_support import has_withdrawn_migrations
from coalition.storage.disk import WholeFiles


@dataclass
class FilesCopied:
    """Number of files copied, of files already in the storages, and bytes copied."""

    copied: int = 0
    there: int = 0
    size: int = 0


def copy_files(
    folder: Path, *, dry_run: bool = False, progress: Callable[[str], None] = lambda _name: None
) -> FilesCopied:
    """Copy every file of `private/` and `public/` below `folder` under the same name; delete nothing.

    A file that the storage already has with the same bytes is not sent again, so an interrupted run can be
    continued. Each copy is read back and its SHA-256 compared. `progress` is called with each name that is
    copied (`private/…`).

    Raises `BackupFailed` if the configured storages are that folder, or if a copy differs; the storages' own
    errors (`StorageAway`, `StorageFull`) pass through.
    """
    for kind, alias in STORAGES.items():
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage) and Path(storage.location) == (folder / kind).resolve():
            raise BackupFailed(
                "The files are where the settings say already: set MEDIA_URL_S3 to the bucket first."
            )
    counts = FilesCopied()
    for kind in STORAGES:
        source = WholeFiles(location=str(folder / kind))
        for name in iter_file_names(source):
            stored_name = f"{kind}/{name}"
            with source.open(name, "rb") as content:
                piece = copy_and_hash(content, None)
                if stored_piece(stored_name) == piece:
                    counts.there += 1
                    continue
                if not dry_run:
                    content.seek(0)
                    store_file(stored_name, content)
                    if stored_piece(stored_name) != piece:
                        raise BackupFailed(f"{stored_name} is not what was sent: run the command again.")
            progress(stored_name)
            counts.copied += 1
            counts.size += piece.size
    return counts


# Tables of the new database that are not copied: its migrations, and the search index, whose form
# depends on the engine and which `manage.py wagtail_update_index` rebuilds.
TABLES_NOT_COPIED: Final = frozenset({"django_migrations", "wagtailsearch_indexentry"})
# Both exclude generated columns and everything that is no ordinary table: views, foreign tables;
# SQLite's statistics and the tables behind its full-text search.
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
    """A column of the target, with PostgreSQL's name of its type."""

    name: str
    kind: str

    def text(self, value: Any) -> Any:
        """Return SQLite's value for PostgreSQL. SQLite stores times in UTC without an offset."""
        if isinstance(value, str) and self.kind == "timestamp with time zone":
            return f"{value}+00:00"
        return value


type Tables = dict[str, list[Column]]


def import_sqlite_file(file: Path, alias: str = MAIN_ALIAS) -> dict[str, int]:
    """Copy the rows of every table into the database in use. Return the number of rows by table.

    All or nothing. Raises `BackupFailed` if the database is not PostgreSQL, is not fresh, is of another
    version than the file, has other tables or columns, or rejects a row that SQLite accepted.
    """
    target = connections[alias]
    if target.vendor != "postgresql":
        raise BackupFailed("The database in use is no PostgreSQL: DATABASE_URL has to name the new one.")
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.execute("BEGIN")  # one snapshot, in case of concurrent writes
            _refuse_unsuitable(source, alias)
            tables = _target_tables(alias)
            _refuse_other_columns(source, tables)
            return _copy_tables(source, alias, tables)
    except sqlite3.Error as error:
        raise BackupFailed(f"{file} cannot be read: {error}") from error
    except (Error, psycopg.Error) as error:  # everything outside COPY raises Django's errors
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
    """Return the tables of this project's models in this database, without an operator's own."""
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
    """Raise before anything is copied if columns differ. SQLite reads a quoted name that is no column as a
    string, and would return the name for every row; columns only in the file would be lost silently."""
    file: dict[str, set[str]] = {}
    for table, name in source.execute(_SOURCE_COLUMNS_SQL):
        if table not in TABLES_NOT_COPIED:
            file.setdefault(table, set()).add(name)
    here = {table: {column.name for column in columns} for table, columns in tables.items() if columns}
    missing, more = _missing_from(here, file), _missing_from(file, here)
    differences = [f"only in the file: {', '.join(more)}"] if more else []
    differences += [f"only in the database: {', '.join(missing)}"] if missing else []
    if differences:
        raise BackupFailed(
            f"The file has other tables or columns than the database in use ({'; '.join(differences)})."
            " Nothing was changed."
        )


def _missing_from(one: dict[str, set[str]], other: dict[str, set[str]]) -> list[str]:
    """Return names of tables missing in the other, and of missing columns of tables in both."""
    columns = [f"{table}.{name}" for table in one.keys() & other.keys() for name in one[table] - other[table]]
    return sorted([*(one.keys() - other.keys()), *columns])


def _copy_tables(source: sqlite3.Connection, alias: str, tables: Tables) -> dict[str, int]:
    target, counts = connections[alias], {}
    with transaction.atomic(using=alias), target.cursor() as cursor:
        # The file contains the rows that migrations write. One statement without CASCADE: a foreign table
        # that references ours is not truncated with it.
        names = sql.SQL(", ").join(map(sql.Identifier, target.introspection.django_table_names()))
        cursor.execute(sql.SQL("TRUNCATE {}").format(names))
        for table, columns in tables.items():
            counts[table] = _copy_table(source, cursor, table, columns)
        target.check_constraints()  # check references here, not at COMMIT
        here = [one for one in apps.get_models(include_auto_created=True) if one._meta.db_table in tables]
        for words in target.ops.sequence_reset_sql(no_style(), here):  # not rolled back: the last step
            cursor.execute(words)
    return counts


def _copy_table(source: sqlite3.Connection, cursor: Any, table: str, columns: list[Column]) -> int:
    words, count = _compose_sql("COPY {} ({}) FROM STDIN", table, columns), 0
    try:
        with cursor.copy(words) as copy:
            # SQLite quotes names as PostgreSQL does.
            for row in source.execute(_compose_sql("SELECT {1} FROM {0}", table, columns).as_string()):
                copy.write_row([column.text(value) for column, value in zip(columns, row, strict=True)])
                count += 1
    except psycopg.Error as error:
        raise BackupFailed(
            f"PostgreSQL does not take a row of {table}; nothing was changed. {error}"
        ) from error
    return count


def _compose_sql(words: LiteralString, table: str, columns: list[Column]) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    return sql.SQL(words).format(sql.Identifier(table), names)
