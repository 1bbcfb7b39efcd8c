"""What the members' calendar brings to events and to the layers below."""

from events.calendar.presenters import events_coming
from events.core.capability import EventCapability

CALENDAR = EventCapability(
    name="calendar",
    urls="events.calendar.urls",
    coming=(events_coming,),
)
