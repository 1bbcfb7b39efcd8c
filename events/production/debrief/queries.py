"""What was learned from earlier events."""

from django.db.models import Q

from coalition.accounts.models import User
from events.core.models import Event
from events.core.queries import seated_events_for, with_words
from events.production.debrief.models import Afterwards

MOST = 3


def learned_before(user: User, event: Event) -> list[Afterwards]:
    """What the latest earlier events of the same kind in the workspace say about next time; those that the
    person may see. One query for the rows, one for the titles."""
    written = Q(afterwards__next_time__gt="")
    rows = with_words(seated_events_for(user, event.workspace)).filter(written, kind=event.kind)
    earlier = rows.filter(starts_at__lt=event.starts_at).exclude(pk=event.pk).select_related("afterwards")
    found = []
    for one in earlier.order_by("-starts_at")[:MOST]:
        row: Afterwards = one.afterwards
        row.event = one
        found.append(row)
    return found
