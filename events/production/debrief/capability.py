"""What what follows an event brings to events and to the layers below."""

from events.core.capability import EventCapability
from events.production.debrief.presenters import debrief_area

DEBRIEF = EventCapability(
    name="debrief",
    urls="events.production.debrief.urls",
    areas={120: debrief_area},
)
