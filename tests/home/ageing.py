"""How old a row is, and how one sees that it is over: for the tests of what is kept how long."""

import datetime
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.timezone import localdate

from coalition.core.clock import now
from events.core.enums import EventState, Frequency
from events.models import Event
from tests.filled import filled

MINUTE = datetime.timedelta(minutes=1)
LONG = datetime.timedelta(days=30.44 * settings.AUDIT_PERSON_MONTHS)


def days(count: float) -> datetime.timedelta:
    return datetime.timedelta(days=count)


def day_of(age: datetime.timedelta) -> datetime.date:
    """The day that lies whole days back, begun ones counted."""
    return localdate(now()) - datetime.timedelta(days=math.ceil(age / days(1)))


def gone(row: Any) -> bool:
    return not type(row)._default_manager.filter(pk=row.pk).exists()


def without(*names: str) -> Callable[[Any], bool]:
    """Whether the row is there and these fields are empty."""

    def emptied(row: Any) -> bool:
        row.refresh_from_db()
        return not any(getattr(row, name) for name in names)

    return emptied


def over(age: datetime.timedelta, **more: Any) -> Event:
    """An event that is over for so long."""
    ends = now() - age
    return filled(Event, starts_at=ends - MINUTE, ends_at=ends, lasts_until=ends, **more)


def cancelled(age: datetime.timedelta, **more: Any) -> Event:
    """An event of next year that was cancelled so long ago."""
    ends = now() + days(400)
    more |= {"state": EventState.CANCELLED, "cancelled_at": now() - age}
    return filled(Event, starts_at=ends - MINUTE, ends_at=ends, lasts_until=ends, **more)


def endless(age: datetime.timedelta, **more: Any) -> Event:
    """An event that comes again without end, since long ago; nobody has changed it for so long."""
    ends = now() - 4 * LONG
    times = {"starts_at": ends - MINUTE, "ends_at": ends, "lasts_until": None, "changed_at": now() - age}
    return filled(Event, frequency=Frequency.WEEKLY, **times | more)


def half(age: datetime.timedelta) -> Path:
    """What a process that was killed while it wrote a file has left so long ago."""
    path = Path(default_storage.path("notes")) / f".{uuid4().hex}.half"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half of a file")
    moment = (now() - age).timestamp()
    os.utime(path, (moment, moment))
    return path


type Case = tuple[str, str, datetime.timedelta, Callable[[datetime.timedelta], Any], Callable[[Any], bool]]
