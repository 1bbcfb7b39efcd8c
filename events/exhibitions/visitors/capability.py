"""What counting visitors brings to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability
from events.exhibitions.visitors.presenters import visitors_area

VISITORS = EventCapability(
    name="visitors",
    urls="events.exhibitions.visitors.urls",
    audit_actions={
        "event.count_link_made": _("Link for counting visitors made"),
        "event.count_link_taken_back": _("Link for counting visitors taken back"),
        "event.visitors_corrected": _("Number of visitors put right"),
    },
    areas={90: visitors_area},
)
