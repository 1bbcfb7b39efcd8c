"""What works of an exhibition bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability
from events.exhibitions.works.actions import CODE_KIND
from events.exhibitions.works.presenters import catalogue_action, work_destination, works_area

WORKS = EventCapability(
    name="works",
    urls="events.exhibitions.works.urls",
    audit_actions={
        "event.work_added": _("A work added to an exhibition"),
        "event.work_changed": _("A work of an exhibition changed"),
        "event.work_removed": _("A work taken out of an exhibition"),
        "event.work_back": _("A work brought back into an exhibition"),
        "event.exhibition_set": _("Quiet corner and way to help of an exhibition set"),
        "event.catalogue_opened": _("Works of an exhibition shown on the site"),
        "event.catalogue_closed": _("Works of an exhibition taken off the site"),
    },
    areas={60: works_area},
    printed_codes={CODE_KIND: work_destination},
    public_actions={10: catalogue_action},
)
