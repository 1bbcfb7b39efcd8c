"""What second places bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.afterwards import ReusedPart
from events.core.capability import EventCapability
from events.production.fallback_venue.actions import take_over_second_place

FALLBACK_VENUE = EventCapability(
    name="fallback_venue",
    urls="events.production.fallback_venue.urls",
    audit_actions={
        "event.second_place_set": _("Second place of an event set"),
    },
    reused_parts={
        "second": ReusedPart(40, _("Second place; its hosts are asked anew"), take_over_second_place)
    },
)
