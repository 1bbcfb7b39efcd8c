"""What guests hand over to `documents.registry`."""

from coalition.core.retention import RetentionRule
from documents.capability import Capability
from documents.guests import messages
from documents.guests.actions import end_invalid_guest_links
from documents.guests.retention import forget_guests
from documents.hooks import Hooks

GUESTS_OF_DRAFTS = Capability(
    name="guests",
    urls="documents.guests.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    notification_kinds=messages.KINDS,
    retention_rules=(
        RetentionRule(
            "documents.forget_guests",
            of="documents.GuestLink, OneTimeLink, QuotationConsent, Comment, Clearance, Approval: names and"
            " addresses of guests",
            until="AUDIT_PERSON_MONTHS after the link's end; what they did stays, as a guest's",
            forget=forget_guests,
        ),
    ),
    hooks=Hooks(readers_changed=[end_invalid_guest_links]),
)
