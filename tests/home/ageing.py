"""How old a row is, and how one sees that it is over: for the tests of what is kept how long."""

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings

from coalition.clock.now import now
from events.models import Event
from tests.filled import filled

MINUTE = datetime.timedelta(minutes=1)
LONG = datetime.timedelta(days=30.44 * settings.AUDIT_PERSON_MONTHS)


def days(count: float) -> datetime.timedelta:
    return datetime.timedelta(days=count)


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


type Case = tuple[str, str, datetime.timedelta, Callable[[datetime.timedelta], Any], Callable[[Any], bool]]
