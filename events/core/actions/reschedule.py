"""Moving an event to another time or place."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit, cohost_notifications
from events.core.actions.plan import put_place
from events.core.actions.proposal import Place, Planned, Words
from events.core.actions.replace_times import put_other
from events.core.actions.texts import write_words
from events.core.enums import EventKind, EventState
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.permissions import may_cancel, require_that


def move_event(
    *,
    access: Access,
    event: Event,
    times: Planned | None = None,
    place: Place | None = None,
    texts: Mapping[str, Words] | None = None,
) -> Event:
    """Move an announced event to other times, another place, or both; what is not given stays.

    `texts` has the words of the new place, by language. The event keeps in `moved_from` when it was first
    told to begin; who comes earlier comes as long before as they did; SEQUENCE rises. Raises NotAllowed
    without the right, Refused in words if nobody was told yet, the event is cancelled, nothing would be
    different, or the times contradict each other.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_cancel(access, locked))
        refuse_cancelled(locked)
        if not locked.is_told:
            raise Refused(_("Nobody was told of the event yet: change its time or place instead."))
        before = locked.starts_at
        told = {"starts_on": str(locked.starts_on), "starts_at_time": _clock(locked)}
        elsewhere = _put_elsewhere(locked, place, texts)
        other_times = put_other(locked, times)
        if not (elsewhere or other_times):
            raise Refused(_("This is the time and place that the event has already."))
        if locked.starts_at != before and locked.moved_from is None:
            locked.moved_from = told
        locked.state = EventState.MOVED
        audit.changed(
            locked, access, "event.moved", kind="event_moved", shifts=True, time=other_times, place=elsewhere
        )
        cohost_notifications.changed(locked, by=access)
    return locked


def _put_elsewhere(event: Event, place: Place | None, texts: Mapping[str, Words] | None) -> bool:
    elsewhere = put_place(event, place) if place is not None else False
    fields = write_words(event, texts) if texts is not None else []
    placed = event.online_link or any(text.place or text.address for text in event.texts.all())
    if not placed and event.kind != EventKind.DEADLINE:
        raise Refused(_("Say where it is, or give a link for those who join online."))
    return elsewhere or bool(fields)


def _clock(event: Event) -> str:
    return f"{event.starts_at_time:%H:%M}" if event.starts_at_time else ""
