"""From an address to the event and the person's access to its workspace; 404 for who may not see it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.workspaces import access as door
from coalition.workspaces.notifications.reading import opened
from coalition.workspaces.rules import Access, NotAllowed
from events.core.models.event import Event
from events.core.queries.events import events_for, with_words
from events.core.queries.texts import text_in


def to_event(request: HttpRequest, uuid: UUID) -> tuple[Access | None, Event]:
    """An event the person may see; without access if it is told to them from a workspace of others."""
    event = get_object_or_404(with_words(events_for(request.user)), uuid=uuid)
    opened(request, event.uuid)
    try:
        access = door.enter(request, event.workspace.uuid)
    except Http404:
        return None, event
    event.workspace = access.workspace
    return access, event


def to_own_event(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    """An event of a workspace in which the person has a seat, to do something to it."""
    access, event = to_event(request, uuid)
    if access is None:
        raise NotAllowed(_("People with a seat in its workspace plan this event."))
    return access, event


def title_of(event: Event) -> str:
    """The event's title in the reader's language, or in the next best."""
    return text_in(event, get_language() or "").title
