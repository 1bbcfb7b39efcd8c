"""Authoritative time: the database's on PostgreSQL, the host's on SQLite (one machine)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection
from django.utils import timezone

_fixed_moment: ContextVar[datetime.datetime | None] = ContextVar("fixed_moment", default=None)


@contextmanager
def freeze_clock_at(moment: datetime.datetime) -> Iterator[None]:
    """Make `now` return `moment` in the block: the demo's history is written by domain functions."""
    token = _fixed_moment.set(moment)
    try:
        yield
    finally:
        _fixed_moment.reset(token)


@contextmanager
def freeze_clock() -> Iterator[None]:
    """Make `now` return the same time throughout the block, for one act that takes milliseconds."""
    with freeze_clock_at(now()):
        yield


def now() -> datetime.datetime:
    """Return the current time as an aware UTC datetime.

    Clocks of web processes may be off; deadlines and times of record come from the database
    (`clock_timestamp()`, so that a long transaction does not freeze it).
    """
    if (fixed := _fixed_moment.get()) is not None:
        return fixed
    if settings.CLOCK == "host" or connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime.datetime = cursor.fetchone()[0]
    return moment


def clock_skew_seconds() -> float:
    """Return how many seconds this machine's clock is ahead of the authoritative one (< 0: behind).

    Always 0 on SQLite, which has no other clock. Raises `DatabaseError` if the database does not answer.
    """
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        decides: datetime.datetime = cursor.fetchone()[0]
    return ((before + (timezone.now() - before) / 2) - decides).total_seconds()
