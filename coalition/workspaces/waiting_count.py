"""How many things wait for a person: a number that stands in the rail of every page.

Counting asks every part of the coalition. The first page and the pulse count; every other page shows what was
counted last, and where nobody knows it asks by itself when it stands (`assets/js/counter_polling.js`).
"""

import datetime

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.safe_cache import cache_delete, cache_get, cache_set

KNOWN_FOR_SECONDS = 60  # seconds: as long as a page without a socket goes without asking


def remember_waiting_count(user: User, count: int) -> None:
    cache_set(_waiting_count_key(user), (count, now()), seconds=KNOWN_FOR_SECONDS)


def known_waiting_count(user: User) -> int | None:
    """The last count; None if it is older than `KNOWN_FOR`, or the person has done something since."""
    found: tuple[int, datetime.datetime] | None = cache_get(_waiting_count_key(user))
    if found is None or (now() - found[1]).total_seconds() > KNOWN_FOR_SECONDS:
        return None
    return found[0]


def forget_waiting_count(user: User) -> None:
    """The person has done something: what waited may be done."""
    cache_delete(_waiting_count_key(user))


def _waiting_count_key(user: User) -> str:
    return f"waiting:{user.pk}"
