"""Permissions on events, and row locks.

Each takes the person's access to the workspace and an event that the person may see, as already
checked by `queries`. A refusal here is answered with a message, not with 404.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext as _, gettext_lazy

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.access import get_access
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from documents.drafts.models import Handling
from documents.drafts.permissions import has_active_right, require_that
from events.core.enums import EventState, Visibility
from events.core.models import Event, Placed
from events.core.queries import events_for, prefetch_event_details, seated_events_for, text_in

GUEST_MARKS = {Handling.COALITION, Handling.PUBLIC}
PLANNING_ROLES = [role for role in SeatRole if Right.PLAN in RIGHTS[role]]


def is_admitted(access: Access, event: Event) -> bool:
    """Whether the event is of this workspace and open to the organisation the person acts for."""
    if event.workspace_id != access.workspace.pk:
        return False
    return not event.restricted or event.restricted_to.filter(pk=access.organisation.pk).exists()


def may_plan(access: Access) -> bool:
    """Whether the person may plan events, import partners' calendars and enter sittings."""
    return has_active_right(access, Right.PLAN)


def may_prepare(access: Access, event: Event) -> bool:
    """Whether the event is of this workspace, and the person reads how its events are prepared."""
    return event.workspace_id == access.workspace.pk and access.may(Right.SEE_DRAFTS)


def may_change(access: Access, event: Event) -> bool:
    """Whether the person may change, move and cancel an event, ask co-hosts and invite people."""
    return may_plan(access) and is_admitted(access, event)


def may_announce(access: Access, event: Event, visibility: Visibility) -> bool:
    """Whether the person may announce it: planners. To everyone: publishers, as for texts, since it
    is irreversible."""
    if visibility == Visibility.PUBLIC and not has_active_right(access, Right.PUBLISH):
        return False
    return may_change(access, event)


def may_restrict(access: Access, event: Event) -> bool:
    """Whether the person may restrict it to organisations: coordinators, and its planner."""
    own = event.created_by_id == access.user.pk and event.organisation_id == access.organisation.pk
    return (has_active_right(access, Right.MANAGE) or own) and may_change(access, event)


def may_answer_for(user: User, organisation: Organisation) -> bool:
    """Whether the user may give or withdraw consent to co-host: representatives of the organisation."""
    return represents(user, organisation)


def get_event_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access | None, Event]:
    """Return an event the person may see; without access if it comes from a workspace of others."""
    event = get_object_or_404(prefetch_event_details(events_for(request.user)), uuid=uuid)
    mark_subjects_read(request, event.uuid)
    try:
        access = get_access(request, event.workspace.uuid)
    except Http404:
        return None, event
    event.workspace = access.workspace
    return access, event


def get_own_event_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """Return an event of a workspace in which the person has a seat, in order to change it."""
    access, event = get_event_or_404(request, uuid)
    if access is None:
        raise NotAllowed(_("People with a seat in its workspace plan this event."))
    return access, event


def subscribed_event(user_id: int, identity: str) -> Event | None:
    """Return the event of this UUID if the user may change it, to subscribe to its live topics; else None."""
    user, uuid = User.objects.filter(pk=user_id, is_active=True).first(), parse_uuid(identity)
    if user is None or uuid is None:
        return None
    event = seated_events_for(user).filter(uuid=uuid).select_related("workspace").first()
    try:
        access = access_to(user, event.workspace.uuid) if event is not None else None
    except Http404:
        return None
    return event if event is not None and access is not None and may_change(access, event) else None


def event_title(event: Event) -> str:
    """Return the event's title in the reader's language, or in the next best."""
    return text_in(event, get_language() or "").title


def is_open_to_guests(event: Event) -> bool:
    """Whether outsiders may see the event: by its handling mark, and without a reader list."""
    return event.handling in GUEST_MARKS and not event.restricted


def lock_event(event: Event) -> Event:
    """Lock the event's row in the caller's transaction and return it as it is now."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("workspace", "organisation")
    return rows.get(pk=event.pk)


def lock_event_to_change(
    access: Access, event: Event, refusal: str | Promise = "", *, also_cancelled: bool = False
) -> Event:
    """Lock the event's row and return it as it is now, for somebody who may change it.

    Raises NotAllowed with `refusal`; Refused for a cancelled event, unless `also_cancelled`.
    """
    locked = lock_event(event)
    require_that(may_change(access, locked), refusal)
    if not also_cancelled:
        refuse_cancelled(locked)
    return locked


@contextmanager
def event_to_change(
    access: Access, event: Event, refusal: str | Promise = "", *, also_cancelled: bool = False
) -> Iterator[Event]:
    """Open a transaction with the event locked; see `lock_event_to_change`."""
    with transaction.atomic():
        yield lock_event_to_change(access, event, refusal, also_cancelled=also_cancelled)


class StaleRevision(Refused):
    """The row was changed by somebody else since the page was loaded. `current`: the row as it is now."""

    def __init__(self, current: Any, message: str | Promise, **params: object) -> None:
        super().__init__(message, **params)
        self.current = current


def refuse_cancelled(event: Event) -> None:
    """Raise Refused if the event is cancelled: a cancelled event cannot be changed."""
    if event.state == EventState.CANCELLED:
        raise Refused(gettext_lazy("The event is cancelled."))


def next_position[T: Placed](rows: QuerySet[T]) -> int:
    """Return the last position, counting removed items."""
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def move_before[T: Placed](rows: QuerySet[T], row: T, target: int) -> None:
    """Move a row before the one that has the position `target` now; shift the others."""
    if row.position < target:
        rows.filter(position__gt=row.position, position__lt=target).update(position=F("position") - 1)
        target -= 1
    else:
        rows.filter(position__gte=target, position__lt=row.position).update(position=F("position") + 1)
    row.position = target
    row.save(update_fields=["position"])


def swap_with_neighbour[T: Placed](rows: QuerySet[T], uuid: UUID, *, down: bool) -> bool:
    """Swap a row with its neighbour above or below among rows not removed; do nothing at the edge.

    Return whether the row exists.
    """
    standing = list(rows.filter(removed_at=None).order_by("position", "pk"))
    place = next((number for number, row in enumerate(standing) if row.uuid == uuid), None)
    if place is None:
        return False
    other = place + (1 if down else -1)
    if 0 <= other < len(standing):
        row, neighbour = standing[place], standing[other]
        row.position, neighbour.position = neighbour.position, row.position
        rows.bulk_update([row, neighbour], ["position"])
    return True
