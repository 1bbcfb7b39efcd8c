"""What public pages of events bring to events and to the layers below."""

from events.core.capability import EventCapability
from events.public.consent import register_pictures

PUBLIC_EVENTS = EventCapability(
    name="public_events",
    urls="events.public.urls",
    connect=register_pictures,
)
