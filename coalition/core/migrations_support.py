"""Migrations: create many models at once; refuse databases made by earlier migrations.

Before the first release, all migrations were replaced by one initial migration per app
(docs/decisions/0044-one-initial-migration-an-app.md). An earlier database has the current tables,
but Django would apply the renamed migrations again and fail midway.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.management import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.models.signals import pre_migrate


class CreateModels(Operation):
    """Create several models of one app, which may refer to each other in any order.

    After each `CreateModel`, Django re-renders every model connected to the new one by foreign keys.
    Almost all of our models are connected through the accounts, so an app of 60 models would render 250
    models 60 times. This operation renders them once: migrating an empty database takes half of the
    processor time (docs/decisions/0044-one-initial-migration-an-app.md).

    Args:
        models: One `CreateModel` for each model.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # `state.apps` is a cached property. Without it, adding a model renders nothing; the next access
        # renders all. Django does the same between migrations, but has no public method for it.
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


# The second migration of each app that had more than one. Migrations are linear: a database with a
# later one has this one. The current ones have other names.
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
    """Refuse every `migrate` (call from the `ready()` of any one app)."""
    pre_migrate.connect(refuse_to_migrate, sender=app, dispatch_uid="coalition.core.migrations_support")


def has_withdrawn_migrations(applied: Collection[tuple[str, str]]) -> bool:
    """Return whether any of these migrations (pairs of label and name) no longer exists."""
    return not WITHDRAWN_MIGRATIONS.isdisjoint(applied)


def is_earlier_database(connection: BaseDatabaseWrapper) -> bool:
    """Return whether this database was made by migrations that no longer exist."""
    return has_withdrawn_migrations(MigrationRecorder(connection).applied_migrations())


def earlier_database_reason(connection: BaseDatabaseWrapper) -> str:
    """Return the first part of the refusal: which database, and why."""
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
