"""Unread notifications of a request's person: counted in the rail, read once opened."""

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

MAX_UNREAD = 100  # larger numbers are displayed as this one
COUNT_CACHE_SECONDS = 30  # cache lifetime in seconds; changes of unread rows or seats are counted at once

_unread_slot = RequestSlot[list[tuple[int, UUID]]]("unread")


def get_unread(request: HttpRequest) -> list[tuple[int, UUID]]:
    """Return primary keys and subjects of unread, visible rows, at most `MAX_UNREAD`; once a request."""
    known = _unread_slot.of(request)
    if known is None:
        user = request.user
        known = _unread_slot.put(request, _read_unread(user) if isinstance(user, User) else [])
    return known


def mark_subjects_read(request: HttpRequest, *subjects: UUID) -> None:
    """Mark notifications about these subjects as read, since the page displays them. Only on GET."""
    user = request.user
    if request.method != "GET" or not isinstance(user, User):
        return
    seen = [pk for pk, subject in get_unread(request) if subject in subjects]
    if seen:
        mark_opened(person=user, pks=seen)
        _unread_slot.put(request, [one for one in get_unread(request) if one[0] not in seen])


def _read_unread(user: User) -> list[tuple[int, UUID]]:
    """Return visible unread rows. Permissions are checked at most every `COUNT_CACHE_SECONDS` while
    nothing changes: the number is on every page. The inbox itself checks permissions on each
    display."""
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
