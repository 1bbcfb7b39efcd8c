"""The database as one file and back, by what each engine brings for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from coalition.backup import postgres, sqlite
from coalition.backup.counting import counted
from coalition.backup.failed import BackupFailed
from coalition.backup.manifest import Manifest


@dataclass(frozen=True)
class Engine:
    """`dump(target)` → rows of each table at that one moment. `look(dump, tables)` reads a dump without
    using it. `load(dump)` puts it in place of what is there, wholly or not at all."""

    dump: Callable[[Path], dict[str, int]]
    look: Callable[[Path, dict[str, int]], None]
    load: Callable[[Path], None]


ENGINES = {
    "sqlite": Engine(sqlite.dump, sqlite.look, sqlite.load),
    "postgresql": Engine(postgres.dump, postgres.look, postgres.load),
}


def engine() -> Engine:
    """What the database in use needs."""
    return ENGINES[connection.vendor]


def last_migrations() -> dict[str, str]:
    """The last migration of each app that this database has had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return dict(cursor.fetchall())


def counted_now() -> dict[str, int]:
    """Rows of each table as they are now."""
    with connection.cursor() as cursor:
        return counted(connection.introspection.table_names(cursor), cursor.execute, cursor.fetchone)


def is_empty() -> bool:
    """Whether nobody has an account here: no tables yet, or only what migrations write."""
    people = get_user_model()
    known = connection.introspection.table_names()
    return people._meta.db_table not in known or not people.objects.exists()


def refuse_foreign(manifest: Manifest) -> None:
    """Raise `BackupFailed` if the backup is of another engine, or of a newer version than this code."""
    if manifest.vendor != connection.vendor:
        raise BackupFailed(
            f"The backup is of {manifest.vendor}, this database is {connection.vendor}:"
            " DATABASE_URL has to name one of the same kind."
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
