"""What films of screenings bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability
from events.exhibitions.works.presenters import film_area, film_in_public

SCREENINGS = EventCapability(
    name="screenings",
    audit_actions={
        "event.film_set": _("Film of a screening noted"),
    },
    areas={70: film_area},
    public_parts={"film": film_in_public},
)
