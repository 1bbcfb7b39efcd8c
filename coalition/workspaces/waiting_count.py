"""How many things wait for a person: a number that stands in the rail of every page.

Counting asks every part of the coalition. The first page and the pulse count; every other page shows what was
counted last, and where nobody knows it asks by itself when it stands (`assets/js/counter_polling.js`).
"""

import datetime

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.safe_cache import forget, recall, remember

KNOWN_FOR = 60  # seconds: as long as a page without a socket goes without asking


def counted(user: User, count: int) -> None:
    remember(_key(user), (count, now()), seconds=KNOWN_FOR)


def known(user: User) -> int | None:
    """The last count; None if it is older than `KNOWN_FOR`, or the person has done something since."""
    found: tuple[int, datetime.datetime] | None = recall(_key(user))
    if found is None or (now() - found[1]).total_seconds() > KNOWN_FOR:
        return None
    return found[0]


def changed(user: User) -> None:
    """The person has done something: what waited may be done."""
    forget(_key(user))


def _key(user: User) -> str:
    return f"waiting:{user.pk}"
