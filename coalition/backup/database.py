"""Dump and restore the database as one file, with the functions of each engine."""

from pathlib import Path
from typing import Protocol

from django.contrib.auth import get_user_model
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from coalition.backup import postgres, sqlite
from coalition.backup.archive import MAIN_ALIAS, Manifest, count_rows
from coalition.backup.errors import BackupFailed
from coalition.core.migrations_support import has_withdrawn_migrations
from coalition.personal_data.models import Held

type Wrapper = BaseDatabaseWrapper


class Engine(Protocol):
    """`dump(connection, target)` → rows of each table in that snapshot. `check(connection, dump,
    tables)` verifies a dump without loading it. `load(connection, dump)` replaces the database,
    entirely or not at all. `recover(connection)` undoes what a killed `load` left."""

    def dump(self, connection: Wrapper, target: Path) -> dict[str, int]: ...
    def check(self, connection: Wrapper, dumped: Path, tables: dict[str, int]) -> None: ...
    def load(self, connection: Wrapper, dumped: Path) -> None: ...
    def recover(self, connection: Wrapper) -> None: ...


def engine_for(alias: str = MAIN_ALIAS) -> Engine:
    """Return the functions for the database in use."""
    return {"sqlite": sqlite, "postgresql": postgres}[connections[alias].vendor]


def last_migrations(alias: str = MAIN_ALIAS) -> dict[str, str]:
    """Return the last applied migration of each app."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return dict(cursor.fetchall())


def count_table_rows(alias: str = MAIN_ALIAS) -> dict[str, int]:
    """Return the current number of rows of each table."""
    own = connections[alias]
    with own.cursor() as cursor:
        return count_rows(own, own.introspection.table_names(cursor), cursor.execute, cursor.fetchone)


def is_empty(alias: str = MAIN_ALIAS) -> bool:
    """Whether the database is empty: no tables yet, or only rows written by migrations."""
    people = get_user_model().objects.all() if alias == MAIN_ALIAS else Held.objects.all()
    known = connections[alias].introspection.table_names()
    return people.model._meta.db_table not in known or not people.using(alias).exists()


def refuse_foreign(manifest: Manifest) -> None:
    """Raise `BackupFailed` if the backup is of another database or another engine, of an earlier
    version whose migrations no longer exist, or of a newer version than this code."""
    if manifest.of not in connections.settings:
        raise BackupFailed("The backup is of the contacts' database: CONTACTS_DATABASE_URL has to name one.")
    vendor = connections[manifest.of].vendor
    if manifest.vendor != vendor:
        variable = "DATABASE_URL" if manifest.of == MAIN_ALIAS else "CONTACTS_DATABASE_URL"
        raise BackupFailed(
            f"The backup is of {manifest.vendor}, this database is {vendor}:"
            f" {variable} has to name one of the same kind."
        )
    if has_withdrawn_migrations(manifest.migrations.items()):
        raise BackupFailed(
            "The backup is of a database made by migrations that this version no longer has: only the version"
            " that wrote it can restore it."
        )
    known = MigrationLoader(None).disk_migrations
    ours = {app for app, _name in known}
    unknown = [
        f"{app}.{name}"
        for app, name in sorted(manifest.migrations.items())
        if app in ours and (app, name) not in known
    ]
    if unknown:
        raise BackupFailed(
            f"The backup is of a newer version than this one ({manifest.version}; not known here:"
            f" {', '.join(unknown)}). Install that version or a newer one."
        )
