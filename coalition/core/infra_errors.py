"""Which faults are no faults of ours: something that we stand on is away, or full."""

import sqlite3
import sys

from django.db import DatabaseError, InterfaceError, OperationalError

from coalition.storage.errors import StorageAway, is_full

AWAY, FULL = 503, 507  # RFC 9110, 15.6.4; RFC 4918, 11.5
_FULL_ON_POSTGRESQL = "53100"
# A database that is locked, cannot be opened or cannot use its disk. All else is a wrong statement.
_AWAY_ON_SQLITE = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
)


def outage_status(error: BaseException | None) -> int | None:
    """The status that says so: `AWAY` or `FULL`; None for every other fault."""
    while error is not None:
        if found := _infra_error_status(error):
            return found
        error = error.__cause__
    return None


def _infra_error_status(error: BaseException) -> int | None:
    if is_full(error):
        return FULL
    if isinstance(error, StorageAway) or _is_redis_error(error):
        return AWAY
    return _database_error_status(error) if isinstance(error, DatabaseError | InterfaceError) else None


def _is_redis_error(error: BaseException) -> bool:
    """Whoever never loaded Redis's client has no fault of it."""
    faults = sys.modules.get("redis.exceptions")
    return faults is not None and isinstance(error, faults.RedisError)


def _database_error_status(error: BaseException) -> int | None:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the rest says where it was noticed
        if code == sqlite3.SQLITE_FULL:
            return FULL
        return AWAY if code in _AWAY_ON_SQLITE else None
    state = getattr(cause, "sqlstate", None)
    if state == _FULL_ON_POSTGRESQL:
        return FULL
    # Connections (08), resources (53), an administrator or a start (57); psycopg tells no state of a server
    # that it did not reach.
    if isinstance(error, OperationalError) and (state is None or state[:2] in {"08", "53", "57"}):
        return AWAY
    return AWAY if isinstance(error, InterfaceError) else None
