"""Values in and out of the second database. Each call is a transaction of its own there."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from itertools import batched
from secrets import token_hex

from django.conf import settings
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from coalition.core.clock import now
from coalition.core.crypto import seal, unseal
from coalition.personal_data.database import ALIAS, ContactsAway, has_own_database
from coalition.personal_data.models import Held

PREFIX = "held:"
AT_A_TIME = 500  # keys in one query
RETRY_WITHIN_SECONDS = 1.0  # seconds within which a line is found broken, and not silent
ALL_KEYS_TIMEOUT_SECONDS = 60.0  # seconds for a list of every key, which no page asks for

logger = logging.getLogger(__name__)


def store_value(field: str, plain: str) -> str:
    """Keep one value for good and return its key. Raises `ContactsAway`; then nothing is kept."""
    return store_values([(field, plain)])[0]


def store_values(values: Iterable[tuple[str, str]]) -> list[str]:
    """Keep values of (field, plain) and return their keys, in order. Raises `ContactsAway`."""
    moment = now()
    rows = [
        Held(key=f"{PREFIX}{token_hex(16)}", field=field, sealed=_seal(plain), written_at=moment)
        for field, plain in values
    ]
    # A repeated attempt after a broken line finds its own rows there, if the first one reached the disk.
    _query_with_retry(lambda: Held.objects.using(ALIAS).bulk_create(rows, ignore_conflicts=True))
    return [row.key for row in rows]


def fetch_values(keys: Collection[str]) -> dict[str, str]:
    """Key → value, in one query for up to 500 keys; keys that lead nowhere are left out.

    Raises `ContactsAway`.
    """
    found: dict[str, str] = {}
    for some in batched(keys, AT_A_TIME, strict=False):
        rows: list[Held] = _query_with_retry(partial(_held_rows, some))
        found |= {row.key: _unseal(row.sealed) for row in rows}
    if lost := len(set(keys)) - len(found):
        logger.warning("%s values are not in the contacts' database: taken away meanwhile, or lost", lost)
    return found


def drop_values(keys: Collection[str]) -> int:
    """Delete these values. Returns how many there were. Raises `ContactsAway`."""
    return sum(_drop_in_transaction(some) for some in batched(keys, AT_A_TIME, strict=False))


def reseal_values(keys: Collection[str]) -> int:
    """Seal these values with the first of CONTACTS_KEY. Returns how many. Raises `ContactsAway`."""
    for some in batched(keys, AT_A_TIME, strict=False):
        rows = [Held(key=key, sealed=_seal(plain)) for key, plain in fetch_values(some).items()]
        _query_with_retry(partial(Held.objects.using(ALIAS).bulk_update, rows, ["sealed"]))
    return len(keys)


def keys_of_field(field: str) -> Iterator[str]:
    """All keys of one field. Raises `ContactsAway`."""
    rows = Held.objects.using(ALIAS).filter(field=field).values_list("key", flat=True)
    yield from _query_with_retry(lambda: list(rows), seconds=ALL_KEYS_TIMEOUT_SECONDS)


def _held_rows(keys: tuple[str, ...]) -> list[Held]:
    return list(Held.objects.using(ALIAS).filter(key__in=keys))


def _drop_in_transaction(keys: tuple[str, ...]) -> int:
    return _query_with_retry(lambda: Held.objects.using(ALIAS).filter(key__in=keys).delete()[0])


def _seal(plain: str) -> str:
    return seal(plain, settings.CONTACTS_KEYS)


def _unseal(sealed: str) -> str:
    return unseal(sealed, settings.CONTACTS_KEYS)


class _CircuitBreaker:
    """How long nobody asks a database that did not answer: one that hangs would hold everybody up. Longer
    than somebody waits for it: else most of the threads of a server would be waiting."""

    seconds = 15.0

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + self.seconds

    def is_on(self) -> bool:
        return time.monotonic() < self._until


_circuit_breaker = _CircuitBreaker()


def _query_with_retry[T](ask: Callable[[], T], *, seconds: float | None = None) -> T:
    """Ask once more on a new line if the old one broke; not if it was waited for. Raises `ContactsAway` when
    `seconds` (CONTACTS_PATIENCE, if not given) are over, or sooner."""
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
    """Ask, and hang up when the time is over. A server that froze still acknowledges what its network takes
    in, so that no option of the line ends the wait."""
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
    if line is None:  # it is being opened: `connect_timeout` ends that
        return
    own = ExitStack()
    with suppress(Error, OSError), connection.wrap_database_errors, own:
        own.enter_context(socket.socket(fileno=os.dup(line.fileno()))).shutdown(socket.SHUT_RDWR)
