"""The time that decides: the database's on PostgreSQL, the host's on SQLite (one machine)."""

import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime.datetime:
    """The moment as an aware UTC datetime.

    Web processes may have clocks that are off; deadlines and moments of record come from the
    database (`clock_timestamp()`, so that a long transaction does not freeze it).
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime.datetime = cursor.fetchone()[0]
    return moment
