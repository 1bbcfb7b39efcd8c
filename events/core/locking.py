"""Taking hold of an event to change it."""

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.core.enums import EventState
from events.core.models import Event


def hold(event: Event) -> Event:
    """The event's row, locked in the caller's transaction, as it stands now."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("workspace", "organisation")
    return rows.get(pk=event.pk)


def refuse_cancelled(event: Event) -> None:
    """Raise Refused if the event is cancelled: nothing about it changes any more."""
    if event.state == EventState.CANCELLED:
        raise Refused(_("The event is cancelled."))
