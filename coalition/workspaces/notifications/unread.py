"""What the person of a request has not read yet: counted in the rail, marked when its subject is opened."""

import hashlib
from uuid import UUID

from django.http import HttpRequest

from coalition.accounts.models import User
from coalition.core.safe_cache import cache_get, cache_set
from coalition.http.request_cache import RequestSlot
from coalition.workspaces.actions.notifications import mark_opened
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.queries import unread_of
from coalition.workspaces.queries import roles_by_seat

MAX_UNREAD = 100  # more are counted as so many
COUNT_CACHE_SECONDS = (
    30  # seconds: what is counted anew at once is a change of what is unread, or of one's seats
)

_unread_slot = RequestSlot[list[tuple[int, UUID]]]("unread")


def get_unread(request: HttpRequest) -> list[tuple[int, UUID]]:
    """Primary keys and subjects of what is unread and may be seen, at most `MOST`; once a request."""
    known = _unread_slot.of(request)
    if known is None:
        user = request.user
        known = _unread_slot.put(request, _read_unread(user) if isinstance(user, User) else [])
    return known


def mark_subjects_read(request: HttpRequest, *subjects: UUID) -> None:
    """The page shows these: what the person was told of them is read. Only what a GET shows counts."""
    user = request.user
    if request.method != "GET" or not isinstance(user, User):
        return
    seen = [pk for pk, subject in get_unread(request) if subject in subjects]
    if seen:
        mark_opened(person=user, pks=seen)
        _unread_slot.put(request, [one for one in get_unread(request) if one[0] not in seen])


def _read_unread(user: User) -> list[tuple[int, UUID]]:
    """Which of them may be seen is asked of the rights at most every `COUNTED_FOR` while nothing changes:
    it stands on every page, and tells a number. The inbox itself reads rights whenever it is shown."""
    rows = Notification.objects.filter(person=user, read_at=None).order_by("-pk")
    found = list(rows.values_list("pk", "subject", "subject_kind")[:MAX_UNREAD])
    if not found:
        return []
    pks = [pk for pk, *_subject in found]
    key = _key(user, pks)
    seen: set[int] | None = cache_get(key)
    if seen is None:
        visible = unread_of(user, {kind for *_subject, kind in found})
        seen = set(visible.filter(pk__in=pks).values_list("pk", flat=True))
        cache_set(key, seen, seconds=COUNT_CACHE_SECONDS)
    return [(pk, subject) for pk, subject, _kind in found if pk in seen]


def _key(user: User, pks: list[int]) -> str:
    digest = hashlib.sha256(repr((pks, sorted(roles_by_seat(user).items()))).encode()).hexdigest()
    return f"unread:{user.pk}:{digest}"
