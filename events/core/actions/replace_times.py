"""Putting other times into an event: what hung on the old ones goes along with it, or goes away."""

import datetime

from events.core.actions import times as core_times
from events.core.actions.proposal import Planned
from events.core.models.event import Event


def put_other(event: Event, times: Planned | None) -> bool:
    """Put these times into the event, and return whether they differ from those it had. None: they stay.

    In the caller's transaction, which saves the event. Special days and dates that are no longer so are
    taken away; who comes earlier comes as long before everyone as they did. Raises Refused as `settle` does.
    """
    if times is None:
        return False
    before, began = core_times.proposal_of(event), event.starts_at_time
    core_times.put(event, times)
    if core_times.proposal_of(event) == before:
        return False
    core_times.drop_outdated(event)
    _take_audiences_along(event, began)
    core_times.settle(event)
    return True


def _take_audiences_along(event: Event, began: datetime.time | None) -> None:
    """Audiences keep their distance to the beginning, within its day; whole days begin for all alike."""
    if event.starts_at_time is None or began is None:
        event.audience_times.all().delete()
        return
    first = datetime.datetime.combine(event.starts_on, datetime.time.min)
    last = datetime.datetime.combine(event.starts_on, datetime.time(23, 59))
    later = _on(event, event.starts_at_time) - _on(event, began)
    for row in event.audience_times.all():
        begins = min(max(_on(event, row.begins) + later, first), last).time()
        if begins != row.begins:
            row.begins = begins
            row.save(update_fields=["begins"])


def _on(event: Event, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(event.starts_on, time)
