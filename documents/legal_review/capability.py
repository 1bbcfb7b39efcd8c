"""What legal reviews hand over to `documents.registry`."""

from documents.capability import Capability
from documents.hooks import Hooks
from documents.legal_review import messages
from documents.legal_review.retention import forget_guests

LEGAL_REVIEW = Capability(
    name="legal_review",
    urls="documents.legal_review.urls",
    audit_actions=messages.ACTIONS,
    notification_kinds=messages.KINDS,
    hooks=Hooks(guests_forgotten=[forget_guests]),
)
