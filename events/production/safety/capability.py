"""What safety plans bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from events.core.capability import EventCapability
from events.production.safety import actions
from events.production.safety.presenters import photographs_in_public, safety_area

SAFETY = EventCapability(
    name="safety",
    urls="events.production.safety.urls",
    audit_actions={
        "event.safety_written": _("Safety plan of an event written"),
        "event.address_held": _("Address of an event told to the confirmed only"),
        "event.address_told": _("Address of an event told again to everyone for whom it is"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_safety_people",
            forget=actions.forget_safety_people,
            of="events.SafetyPerson, SafetyPlan: who answers for what, and notes",
            until=f"{actions.DAYS_KEPT} days after the event",
        ),
    ),
    areas={20: safety_area},
    public_parts={"photographs": photographs_in_public},
)
