"""Lessons of earlier events, and events that can be planned again."""

from django.db.models import Q

from coalition.accounts.models import User
from events.core.models import Event
from events.core.queries import prefetch_event_details, seated_events_for
from events.production.debrief.models import Afterwards

MAX_EARLIER_DEBRIEFS = 3


def earlier_debriefs(user: User, event: Event) -> list[Afterwards]:
    """Return the advice for next time from the workspace's latest earlier events of the same kind
    that the user may see. One query for the rows, one for the titles."""
    written = Q(afterwards__next_time__gt="")
    rows = prefetch_event_details(seated_events_for(user, event.workspace)).filter(written, kind=event.kind)
    earlier = rows.filter(starts_at__lt=event.starts_at).exclude(pk=event.pk).select_related("afterwards")
    found = []
    for one in earlier.order_by("-starts_at")[:MAX_EARLIER_DEBRIEFS]:
        row: Afterwards = one.afterwards
        row.event = one
        found.append(row)
    return found
