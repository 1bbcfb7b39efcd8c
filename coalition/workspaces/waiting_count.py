"""Number of items that wait for a person, displayed in the rail of every page.

Counting queries every part of the coalition. The first page and the polling endpoint count; every
other page displays the last count, or requests it after loading (`assets/js/counter_polling.js`).
"""

import datetime

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.safe_cache import cache_delete, cache_get, cache_set

KNOWN_FOR_SECONDS = 60  # seconds: the polling interval of a page without a socket


def remember_waiting_count(user: User, count: int) -> None:
    cache_set(_waiting_count_key(user), (count, now()), seconds=KNOWN_FOR_SECONDS)


def known_waiting_count(user: User) -> int | None:
    """Return the last count; None if older than `KNOWN_FOR_SECONDS`, or the person has acted since."""
    found: tuple[int, datetime.datetime] | None = cache_get(_waiting_count_key(user))
    if found is None or (now() - found[1]).total_seconds() > KNOWN_FOR_SECONDS:
        return None
    return found[0]


def forget_waiting_count(user: User) -> None:
    """Discard the count after an action of the person, which may have done what waited."""
    cache_delete(_waiting_count_key(user))


def _waiting_count_key(user: User) -> str:
    return f"waiting:{user.pk}"
