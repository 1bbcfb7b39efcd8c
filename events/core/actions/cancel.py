"""Cancelling an event."""

from django.db import transaction

from coalition.clock.now import now
from coalition.workspaces.rules import Access
from events.domain import hosts_hear, trail
from events.domain.locked import hold
from events.enums import EventState
from events.models import Event
from events.rules import may_cancel, require_that


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
        trail.changed(locked, access, "event.cancelled", kind="event_cancelled", shifts=True)
        hosts_hear.changed(locked, by=access)
    return locked
