"""Row locks on events."""

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from events.core.enums import EventState
from events.core.models import Event


def lock_event(event: Event) -> Event:
    """Lock the event's row in the caller's transaction and return it as it is now."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("workspace", "organisation")
    return rows.get(pk=event.pk)


def refuse_cancelled(event: Event) -> None:
    """Raise Refused if the event is cancelled: a cancelled event cannot be changed."""
    if event.state == EventState.CANCELLED:
        raise Refused(_("The event is cancelled."))
