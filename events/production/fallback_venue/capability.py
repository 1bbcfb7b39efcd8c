"""What second places bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability

FALLBACK_VENUE = EventCapability(
    name="fallback_venue",
    urls="events.production.fallback_venue.urls",
    audit_actions={
        "event.second_place_set": _("Second place of an event set"),
    },
)
