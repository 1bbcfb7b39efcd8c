"""Refuse databases that were made by earlier migrations.

Before the first release, all migrations were replaced by one initial migration an app
(docs/decisions/0044-one-initial-migration-an-app.md). An earlier database has the tables of today, but Django
would apply what has a new name once more, and fail in the middle.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.management import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate

# The second migration of each app that had more than one. Migrations are linear: whoever has a later one has
# this one. Today's have other names.
WITHDRAWN_MIGRATIONS = frozenset(
    {
        ("audit", "0002_initial"),
        ("documents", "0002_initial"),
        ("events", "0002_running_order"),
        ("home", "0002_names_of_pages"),
        ("outbox", "0002_calendar"),
        ("partners", "0002_freeze_asked_for"),
        ("realtime", "0002_kicks"),
        ("workspaces", "0002_notifications"),
    }
)


def register_refusal(app: AppConfig) -> None:
    """Refuse whenever somebody migrates (from the `ready()` of any one app)."""
    pre_migrate.connect(refuse_to_migrate, sender=app, dispatch_uid="coalition.core.earlier_database")


def has_withdrawn_migrations(applied: Collection[tuple[str, str]]) -> bool:
    """Return whether migrations (pairs of label and name) are among these that no longer exist."""
    return not WITHDRAWN_MIGRATIONS.isdisjoint(applied)


def is_earlier_database(connection: BaseDatabaseWrapper) -> bool:
    """Return whether migrations that no longer exist have made this database."""
    return has_withdrawn_migrations(MigrationRecorder(connection).applied_migrations())


def earlier_database_reason(connection: BaseDatabaseWrapper) -> str:
    """Return the beginning of the sentence that refuses: which database, and why."""
    name = str(connection.settings_dict["NAME"])
    what = str(Path(name).absolute()) if connection.vendor == "sqlite" else f"The database {name}"
    return f"{what} was made by migrations that this version no longer has, and cannot be brought up to date"


def refuse_to_migrate(using: str, **_given: Any) -> None:
    """Raise `CommandError` before the first change if the database was made by earlier migrations."""
    connection = connections[using]
    if not is_earlier_database(connection):
        return
    other = "another file" if connection.vendor == "sqlite" else "another database"
    variable = "DATABASE_URL" if using == DEFAULT_DB_ALIAS else f"{using.upper()}_DATABASE_URL"
    way_out = f"delete it, or name {other} in {variable}, and migrate again"
    raise CommandError(f"{earlier_database_reason(connection)}: {way_out}.")
