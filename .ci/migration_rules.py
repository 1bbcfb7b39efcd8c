"""What a new migration may do while the version before it still runs.

Several servers are changed one after the other: for some minutes the old code reads and writes what the new
migration has made. So a release only adds; what it no longer needs goes with the next one. A migration that
cannot do so says why, in a comment on a line of its own:

    # stops-the-service: what breaks for the old code, and that the upgrade note says so
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OURS = {"coalition", "documents", "events", "home"}
MARKER = re.compile(r"^# stops-the-service: \S.{19,}$", re.MULTILINE)
WAY_OUT = "or say why in a comment: # stops-the-service: …"

type Created = set[tuple[str, str]]


def findings(before: dict[str, str]) -> Iterator[str]:
    """A line for each operation of a new migration that the running version would not survive.

    `before`: the last migration of each app that is not looked at; empty before the first release, when no
    table is in use yet. Django must be set up.
    """
    from django.db.migrations.loader import MigrationLoader  # needs Django set up

    loader = MigrationLoader(None)
    new = [key for key in loader.disk_migrations if _is_new(key, loader.disk_migrations[key], before)]
    created = {
        (label, operation.name_lower)
        for label, name in new
        for operation in _single(loader.disk_migrations[label, name].operations)
        if type(operation).__name__ == "CreateModel"
    }
    for key in sorted(new):
        migration = loader.disk_migrations[key]
        if MARKER.search(_text(migration)):
            continue
        state = loader.project_state(key, at_end=False)
        for fault in faults(migration.operations, key[0], state, created):
            yield f"{key[0]}.{key[1]}: {fault}, {WAY_OUT}"


def _is_new(key: tuple[str, str], migration: Any, before: dict[str, str]) -> bool:
    label, name = key
    if type(migration).__module__.partition(".")[0] not in OURS:
        return False
    return int(name[:4]) > int(before.get(label, "0000")[:4])


def _text(migration: Any) -> str:
    return Path(str(sys.modules[type(migration).__module__].__file__)).read_text(encoding="utf-8")


def _single(operations: list[Any]) -> Iterator[Any]:
    """Yield the operations, those inside `CreateModels` one by one."""
    for operation in operations:
        if type(operation).__name__ == "CreateModels":
            yield from operation.models
        else:
            yield operation


def faults(operations: list[Any], label: str, state: Any, created: Created) -> Iterator[str]:
    """What is wrong with them, one after the other; `state` is moved along."""
    for operation in operations:
        if type(operation).__name__ == "SeparateDatabaseAndState":
            yield from faults(operation.database_operations, label, state.clone(), created)
        else:
            yield from _fault(operation, label, state, created)
        operation.state_forwards(label, state)


def _fault(operation: Any, label: str, state: Any, created: Created) -> Iterator[str]:
    kind = type(operation).__name__
    model = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
    if (label, model) in created:
        return  # the running version does not know the table
    if kind in {"RemoveField", "DeleteModel"}:
        yield f"{kind} of {_named(operation)}: the running version still reads it; remove it a release later"
    elif kind in {"RenameField", "RenameModel", "AlterModelTable"}:
        yield f"{kind} of {_named(operation)}: the running version knows the old name; add, copy, remove"
    elif kind == "RunSQL":
        yield "RunSQL: nobody can tell what it does to the running version"
    elif kind == "AddField" and _refuses_nothing(operation.field):
        yield (
            f"AddField of {_named(operation)}: rows of the running version would lack it;"
            " give it null=True or db_default"
        )
    elif kind == "AlterField":
        yield from _altered(operation, state.models[label, model].fields[operation.name], operation.field)


def _refuses_nothing(field: Any) -> bool:
    """Whether the database refuses a row without the column."""
    return bool(not field.null and not field.has_db_default() and not field.many_to_many)


def _altered(operation: Any, old: Any, new: Any) -> Iterator[str]:
    name = _named(operation)
    if old.null and not new.null and not new.has_db_default():
        yield f"AlterField of {name}: the running version writes nothing there; fill it now, forbid it later"
    if old.get_internal_type() != new.get_internal_type():
        yield f"AlterField of {name}: the running version writes another type; add a field beside it"
    shorter = old.max_length and new.max_length and new.max_length < old.max_length
    if shorter:
        yield f"AlterField of {name}: what the running version writes may be too long"


def _named(operation: Any) -> str:
    model = getattr(operation, "model_name", "")
    name = getattr(operation, "name", getattr(operation, "old_name", ""))
    return f"{model}.{name}" if model else str(name)
