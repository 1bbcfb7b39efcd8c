"""Read and write values in the second database. Each call is a separate transaction there."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import batched
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from coalition.core.clock import now
from coalition.core.crypto import seal, unseal
from coalition.personal_data.models import Held

ALIAS = "contacts"


def has_own_database() -> bool:
    """Whether CONTACTS_DATABASE_URL names a separate database."""
    return ALIAS in connections.settings


class ContactsAway(Exception):
    """The second database does not answer. Nothing was changed. `message` is a sentence for the person, in
    the language active when it is read. Not a `Refused`, since the person did nothing wrong."""

    @property
    def message(self) -> str:
        return _(
            "Names and addresses of people outside the coalition cannot be reached at the moment."
            " Nothing was changed. Try again in a few minutes."
        )

    def __str__(self) -> str:
        return self.message


LABEL = "vault"


class VaultRouter:
    """Route the values to the second database if there is one, everything else to the main one."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return ALIAS if model._meta.app_label == LABEL and has_own_database() else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Create the empty table in the main database too: every command finds every table."""
        return app_label == LABEL if db == ALIAS else None


PREFIX = "held:"
AT_A_TIME = 500  # keys per query
RETRY_WITHIN_SECONDS = 1.0  # seconds within which an error is a broken connection, not a timeout
ALL_KEYS_TIMEOUT_SECONDS = 60.0  # seconds for a list of every key, which no page needs

logger = logging.getLogger(__name__)


def store_values(values: Iterable[tuple[str, str]]) -> list[str]:
    """Store values of (field, plain) and return their keys, in order. Raises `ContactsAway`; then nothing
    is stored."""
    moment = now()
    rows = [
        Held(
            key=f"{PREFIX}{token_hex(16)}",
            field=field,
            sealed=seal(plain, settings.CONTACTS_KEYS),
            written_at=moment,
        )
        for field, plain in values
    ]
    # A retry after a broken connection finds its own rows if the first attempt was committed.
    _query_with_retry(lambda: Held.objects.using(ALIAS).bulk_create(rows, ignore_conflicts=True))
    return [row.key for row in rows]


def fetch_values(keys: Collection[str]) -> dict[str, str]:
    """Return key → value, in one query for up to 500 keys; keys without a value are omitted.

    Raises `ContactsAway`.
    """
    found: dict[str, str] = {}
    for some in batched(keys, AT_A_TIME, strict=False):
        rows: list[Held] = _query_with_retry(partial(list, Held.objects.using(ALIAS).filter(key__in=some)))
        found |= {row.key: unseal(row.sealed, settings.CONTACTS_KEYS) for row in rows}
    if lost := len(set(keys)) - len(found):
        logger.warning("%s values are not in the contacts' database: taken away meanwhile, or lost", lost)
    return found


def drop_values(keys: Collection[str]) -> int:
    """Delete these values. Return the number deleted. Raises `ContactsAway`."""
    values = Held.objects.using(ALIAS)
    return sum(
        _query_with_retry(values.filter(key__in=some).delete)[0]
        for some in batched(keys, AT_A_TIME, strict=False)
    )


def reseal_values(keys: Collection[str]) -> int:
    """Re-encrypt these values with the first key of CONTACTS_KEY. Raises `ContactsAway`."""
    for some in batched(keys, AT_A_TIME, strict=False):
        values = fetch_values(some)
        rows = [Held(key=key, sealed=seal(plain, settings.CONTACTS_KEYS)) for key, plain in values.items()]
        _query_with_retry(partial(Held.objects.using(ALIAS).bulk_update, rows, ["sealed"]))
    return len(keys)


def keys_of_field(field: str) -> Iterator[str]:
    """Yield all keys of one field. Raises `ContactsAway`."""
    rows = Held.objects.using(ALIAS).filter(field=field).values_list("key", flat=True)
    yield from _query_with_retry(lambda: list(rows), seconds=ALL_KEYS_TIMEOUT_SECONDS)


class _CircuitBreaker:
    """Until when a database that timed out is not queried, so that a hanging one does not block everybody.

    Longer than the timeout, or most of a server's threads would be waiting.
    """

    seconds = 15.0
    _until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + self.seconds

    def is_on(self) -> bool:
        return time.monotonic() < self._until


_circuit_breaker = _CircuitBreaker()


def _query_with_retry[T](ask: Callable[[], T], *, seconds: float | None = None) -> T:
    """Run the query; retry once on a new connection if the old one broke, but not after a
    timeout. Raises `ContactsAway` after `seconds` (default CONTACTS_PATIENCE) or sooner."""
    if not has_own_database():
        logger.error("CONTACTS_DATABASE_URL is not set, and rows of the main database lead there")
        raise ContactsAway
    if _circuit_breaker.is_on():
        raise ContactsAway
    connection, begun = connections[ALIAS], time.monotonic()
    patience = seconds or settings.CONTACTS_PATIENCE
    try:
        return _query_with_timeout(patience, connection, ask)
    except Error as error:
        if connection.in_atomic_block:
            raise ContactsAway from error
        connection.close()
        if time.monotonic() - begun > RETRY_WITHIN_SECONDS:
            raise _unavailable_error(error) from error
    try:
        return _query_with_timeout(patience, connection, ask)
    except Error as error:
        connection.close()
        raise _unavailable_error(error) from error


def _unavailable_error(error: Error) -> ContactsAway:
    _circuit_breaker.begin()
    logger.warning("the contacts' database does not answer: %s", type(error).__name__)
    return ContactsAway()


def _query_with_timeout[T](seconds: float, connection: BaseDatabaseWrapper, ask: Callable[[], T]) -> T:
    """Run the query and close the connection on timeout. A frozen server still acknowledges
    packets, so no connection option ends the wait."""
    if connection.vendor != "postgresql":
        return ask()
    clock = threading.Timer(seconds, _shut_down_connection, [connection])
    clock.daemon = True
    clock.start()
    try:
        return ask()
    finally:
        clock.cancel()


def _shut_down_connection(connection: BaseDatabaseWrapper) -> None:
    line = connection.connection
    if line is None:  # still connecting: `connect_timeout` ends that
        return
    with (
        suppress(Error, OSError),
        connection.wrap_database_errors,
        socket.socket(fileno=os.dup(line.fileno())) as own,
    ):
        own.shutdown(socket.SHUT_RDWR)
