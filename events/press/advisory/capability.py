"""What media advisories bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability

ADVISORY = EventCapability(
    name="advisory",
    urls="events.press.advisory.urls",
    audit_actions={
        "event.advisory_made": _("Advisory of an event made"),
    },
)
