"""What conflicts of dates, and sittings bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability

CONFLICTS = EventCapability(
    name="conflicts",
    urls="events.conflicts.urls",
    audit_actions={
        "sitting.entered": _("Sitting entered"),
        "sitting.removed": _("Sitting removed"),
        "sitting.brought_back": _("Sitting brought back"),
    },
)
