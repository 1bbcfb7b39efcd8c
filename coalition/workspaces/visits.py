"""Visits of a person, so that the dashboard can list activity since the last one.

A visit continues while pages are opened at most `VISIT_PAUSE` apart. Activity since the previous
visit is displayed throughout the current one.
"""

import datetime

from django.http import HttpRequest
from django.utils import timezone

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.safe_cache import cache_delete, cache_get, cache_set

VISIT_PAUSE = datetime.timedelta(minutes=30)
VISIT_STEP = datetime.timedelta(minutes=5)  # `last_visit` is written at most this often
PREVIOUS_VISIT_KEY = "visit_since"  # session: end of the previous visit, ISO 8601, or empty


def record_visit(request: HttpRequest) -> None:
    """Record a page view: at most one write in five minutes."""
    user = request.user
    if not isinstance(user, User):
        return
    moment, last = timezone.now(), user.last_visit
    if PREVIOUS_VISIT_KEY not in request.session or last is None or moment - last > VISIT_PAUSE:
        request.session[PREVIOUS_VISIT_KEY] = last.isoformat() if last else ""
    if last is None or moment - last > VISIT_STEP:
        User.objects.filter(pk=user.pk).update(last_visit=moment)
        user.last_visit = moment


def previous_visit(request: HttpRequest) -> datetime.datetime | None:
    """Return the end of the person's previous visit; None at the first visit."""
    stored = request.session.get(PREVIOUS_VISIT_KEY)
    return datetime.datetime.fromisoformat(stored) if stored else None


# Number of items that wait for a person, displayed in the rail of every page.
#
# Counting queries every part of the coalition. The first page and the polling endpoint count; every
# other page displays the last count, or requests it after loading (`assets/js/counter_polling.js`).

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


UNDO_KEY = "undo"


def offer_undo(request: HttpRequest, *, text: str, url: str) -> None:
    """Display on the next page what was done, and the URL to which a POST undoes it."""
    request.session[UNDO_KEY] = {"text": text, "url": url}


def pop_undo(request: HttpRequest) -> dict[str, str] | None:
    """Return the previous page's offer; only once."""
    if not request.user.is_authenticated:
        return None
    offer: dict[str, str] | None = request.session.pop(UNDO_KEY, None)
    return offer
