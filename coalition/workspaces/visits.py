"""When a person was here last, so that the desk can say what happened since.

A visit goes on while pages are opened at most `PAUSE` apart. What happened since the visit before is
told through all of this one.
"""

import datetime

from django.http import HttpRequest
from django.utils import timezone

from coalition.accounts.models import User

VISIT_PAUSE = datetime.timedelta(minutes=30)
VISIT_STEP = datetime.timedelta(minutes=5)  # `last_visit` is written at most this often
PREVIOUS_VISIT_KEY = "visit_since"  # session: when the visit before ended, ISO 8601, or empty


def record_visit(request: HttpRequest) -> None:
    """Note that the person is here: at most one write in five minutes."""
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
    """When the person's visit before this one ended; None at the first visit."""
    kept = request.session.get(PREVIOUS_VISIT_KEY)
    return datetime.datetime.fromisoformat(kept) if kept else None
