"""Permissions on events as named predicates, composed.

Each takes the person's access to the workspace and an event that the person may see, as already
checked by `queries`. A refusal here is answered with a message, not with 404.
"""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.access import get_access
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.enums import Handling
from documents.drafts.permissions import has_active_right
from events.core.enums import Visibility
from events.core.models import Event
from events.core.queries import events_for, prefetch_event_details, text_in

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


def may_change(access: Access, event: Event) -> bool:
    """Whether the person may change an event's details, hours and co-hosts, and invite people."""
    return may_plan(access) and is_admitted(access, event)


def may_announce(access: Access, event: Event, visibility: Visibility) -> bool:
    """Whether the person may announce it: planners. To everyone: publishers, as for texts, since it
    is irreversible."""
    if visibility == Visibility.PUBLIC and not has_active_right(access, Right.PUBLISH):
        return False
    return may_change(access, event)


def may_cancel(access: Access, event: Event) -> bool:
    """Whether the person may cancel or move it."""
    return may_change(access, event)


def may_restrict(access: Access, event: Event) -> bool:
    """Whether the person may restrict it to organisations: coordinators, and its planner."""
    own = event.created_by_id == access.user.pk and event.organisation_id == access.organisation.pk
    return (has_active_right(access, Right.MANAGE) or own) and may_change(access, event)


def may_answer_for(user: User, organisation: Organisation) -> bool:
    """Whether the user may give or withdraw consent to co-host: representatives of the
    organisation."""
    return represents(user, organisation)


# --- access ---
# From a URL to the event and the person's access to its workspace; 404 without permission.


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


def event_title(event: Event) -> str:
    """Return the event's title in the reader's language, or in the next best."""
    return text_in(event, get_language() or "").title


def is_open_to_guests(event: Event) -> bool:
    """Whether outsiders may see the event: by its handling mark, and without a reader list."""
    return event.handling in GUEST_MARKS and not event.restricted
