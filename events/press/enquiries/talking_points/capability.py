"""What message guide and briefings bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.capability import EventCapability

TALKING_POINTS = EventCapability(
    name="talking_points",
    urls="events.press.enquiries.talking_points.urls",
    audit_actions={
        "enquiry.briefed": _("Briefing note written"),
        "enquiry.briefing_sent": _("Briefing note sent to who speaks"),
        "guide.written": _("Line of the message guide written"),
        "guide.taken_out": _("Line of the message guide taken out"),
        "guide.brought_back": _("Line of the message guide brought back"),
    },
)
