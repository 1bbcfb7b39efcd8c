"""A second database for one test, beside the one that every test has; the others pay nothing for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from coalition.core.crypto import unseal
from coalition.personal_data import store
from coalition.personal_data.fields import connect_signals, disconnect_signals
from coalition.personal_data.models import Held
from coalition.personal_data.orphans import raw_columns
from coalition.personal_data.store import ALIAS

NAME = f"coalition_contacts_{os.getpid()}"


@contextmanager
def second_database(folder: Path) -> Iterator[None]:
    """An empty one of the same kind as the first, with the table that its migration makes."""
    with _made(folder) as name:
        connections.settings[ALIAS] = connection.settings_dict | {"NAME": name}
        allow(connections[ALIAS])
        store._circuit_breaker.seconds = store._circuit_breaker._until = 0.0
        try:
            with connections[ALIAS].schema_editor() as editor:
                editor.create_model(Held)
            recorder = MigrationRecorder(connections[ALIAS])
            recorder.ensure_schema()
            for migration in ("0001_initial", "0002_labels_of_addresses"):
                recorder.record_applied("vault", migration)
            connect_signals()
            yield
        finally:
            disconnect_signals()
            connections[ALIAS].close()
            del connections[ALIAS]
            del connections.settings[ALIAS]


def allow(own: BaseDatabaseWrapper) -> None:
    """Django's tests refuse every database but the first: this one came later and goes before."""

    def ensure_connection() -> None:
        if own.connection is None:
            with own.wrap_database_errors:
                own.connect()

    own.ensure_connection = ensure_connection  # type: ignore[method-assign]  # of this one alone


@contextmanager
def _made(folder: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield str(folder / "contacts.sqlite3")
        return
    own = connection.settings_dict
    where = {"host": own["HOST"], "port": own["PORT"] or 5432, "user": own["USER"], "dbname": "postgres"}
    with psycopg.connect(autocommit=True, **where) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        yield NAME
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


@contextmanager
def away() -> Iterator[None]:
    """The second database does not answer meanwhile: its file lies in no folder, its server on no port."""
    own = connections[ALIAS]
    own.close()
    before = dict(own.settings_dict)
    own.settings_dict |= {"NAME": "/nowhere/contacts", "PORT": "1", "HOST": "127.0.0.1"}
    try:
        yield
    finally:
        own.close()
        own.settings_dict |= before


def kept() -> dict[str, str]:
    """All that lies in the second database: key → value."""
    return store.fetch_values(list(Held.objects.using(ALIAS).values_list("key", flat=True)))


def column(row: Model, name: str) -> str:
    """What stands in the row itself."""
    field = type(row)._meta.get_field(name)
    return raw_columns(field).values_list("raw", flat=True).get(pk=row.pk)


def main_database() -> str:
    """Every column of every table of the main database as text, and every sealed one opened."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            told += [_opened(value) for row in cursor.fetchall() for value in row]
    return "\n".join(told)


def _opened(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    text = str(value)
    return unseal(text) if text.startswith("gAAAA") else text
