"""What planning an event brings to events and to the layers below."""

from events.core.capability import EventCapability

PLANNING = EventCapability(
    name="planning",
    urls="events.planning.urls",
)
