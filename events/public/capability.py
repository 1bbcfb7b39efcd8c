"""What public pages of events bring to events and to the layers below."""

from events.core.capability import EventCapability

PUBLIC_EVENTS = EventCapability(
    name="public_events",
    urls="events.public.urls",
)
