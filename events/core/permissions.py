"""Who may do what with events: named predicates, composed.

Each takes the person's access to the workspace and an event that the person may see: `queries` has
decided that before. What is refused here is answered with words, not with 404.
"""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.roles import Right
from coalition.workspaces.access import get_access
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.permissions import works_here
from events.core.enums import Visibility
from events.core.models import Event
from events.core.queries import events_for, text_in, with_words


def is_admitted(access: Access, event: Event) -> bool:
    """Whether the event is of this workspace and open to the organisation in whose name the person acts."""
    if event.workspace_id != access.workspace.pk:
        return False
    return not event.restricted or event.restricted_to.filter(pk=access.organisation.pk).exists()


def may_plan(access: Access) -> bool:
    """Plan events, bring in partners' calendars, enter sittings."""
    return works_here(access, Right.PLAN)


def may_change(access: Access, event: Event) -> bool:
    """Change what is told of an event, its hours and its co-hosts; invite people to it."""
    return may_plan(access) and is_admitted(access, event)


def may_announce(access: Access, event: Event, visibility: Visibility) -> bool:
    """Tell of it: who plans. To everyone: who publishes, as with texts, since it cannot be taken back."""
    if visibility == Visibility.PUBLIC and not works_here(access, Right.PUBLISH):
        return False
    return may_change(access, event)


def may_cancel(access: Access, event: Event) -> bool:
    """Also move it."""
    return may_change(access, event)


def may_restrict(access: Access, event: Event) -> bool:
    """Say for which organisations an event is: who coordinates, and who planned it."""
    own = event.created_by_id == access.user.pk and event.organisation_id == access.organisation.pk
    return (works_here(access, Right.MANAGE) or own) and may_change(access, event)


def may_answer_for(user: User, organisation: Organisation) -> bool:
    """Consent to co-hosting, or take consent back: representatives of the organisation asked."""
    return represents(user, organisation)


# --- access ---
# From an address to the event and the person's access to its workspace; 404 for who may not see it.


def to_event(request: HttpRequest, uuid: UUID) -> tuple[Access | None, Event]:
    """An event the person may see; without access if it is told to them from a workspace of others."""
    event = get_object_or_404(with_words(events_for(request.user)), uuid=uuid)
    mark_subjects_read(request, event.uuid)
    try:
        access = get_access(request, event.workspace.uuid)
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
