"""Detection of infrastructure errors: a service is unavailable, or storage is full."""

import sqlite3
import sys

from django.db import DatabaseError, InterfaceError, OperationalError

from coalition.storage.disk import StorageAway, is_full

AWAY, FULL = 503, 507  # RFC 9110, 15.6.4; RFC 4918, 11.5
_FULL_ON_POSTGRESQL = "53100"
# The database is locked, cannot be opened or cannot use its disk. All else is an invalid statement.
_AWAY_ON_SQLITE = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
)


def outage_status(error: BaseException | None) -> int | None:
    """Return the HTTP status for the error: `AWAY` or `FULL`; None for every other error."""
    while error is not None:
        if is_full(error):
            return FULL
        redis = sys.modules.get("redis.exceptions")  # its client may not be loaded
        if isinstance(error, StorageAway) or (redis is not None and isinstance(error, redis.RedisError)):
            return AWAY
        if isinstance(error, DatabaseError | InterfaceError) and (status := _database_error_status(error)):
            return status
        error = error.__cause__
    return None


def _database_error_status(error: BaseException) -> int | None:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the other bits are the extended code
        if code == sqlite3.SQLITE_FULL:
            return FULL
        return AWAY if code in _AWAY_ON_SQLITE else None
    state = getattr(cause, "sqlstate", None)
    if state == _FULL_ON_POSTGRESQL:
        return FULL
    # Connections (08), resources (53), an administrator or a start (57); psycopg gives no SQLSTATE for
    # a server that it did not reach.
    if isinstance(error, OperationalError) and (state is None or state[:2] in {"08", "53", "57"}):
        return AWAY
    return AWAY if isinstance(error, InterfaceError) else None
