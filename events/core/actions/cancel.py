"""Cancelling an event."""

from django.db import transaction

from coalition.core.clock import now
from coalition.workspaces.rules import Access
from events.core import audit, cohost_notifications
from events.core.enums import EventState
from events.core.locking import hold
from events.core.models.event import Event
from events.core.permissions import may_cancel, require_that


def cancel_event(*, access: Access, event: Event) -> Event:
    """Cancel an event, for good. Its page stays and says so; calendars are told for 60 days.

    One that was only planned is cancelled for the workspace, and nobody else hears of it. Cancelling twice
    is one. Raises NotAllowed without the right.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_cancel(access, locked))
        if locked.state == EventState.CANCELLED:
            return locked
        locked.state, locked.cancelled_at = EventState.CANCELLED, now()
        audit.changed(locked, access, "event.cancelled", kind="event_cancelled", shifts=True)
        cohost_notifications.changed(locked, by=access)
    return locked
