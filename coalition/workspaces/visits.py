"""Visits of a person, so that the dashboard can list activity since the last one.

A visit continues while pages are opened at most `VISIT_PAUSE` apart. Activity since the previous
visit is displayed throughout the current one.
"""

import datetime

from django.http import HttpRequest
from django.utils import timezone

from coalition.accounts.models import User

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
    kept = request.session.get(PREVIOUS_VISIT_KEY)
    return datetime.datetime.fromisoformat(kept) if kept else None
