"""What quotations hand over to `documents.registry`."""

from documents.capability import Capability
from documents.hooks import Hooks
from documents.quotations.queries import approved_quotations
from documents.quotations.retention import forget_guests

QUOTATIONS = Capability(
    name="quotations",
    urls="documents.quotations.urls",
    hooks=Hooks(quotations_agreed=[approved_quotations], guests_forgotten=[forget_guests]),
)
