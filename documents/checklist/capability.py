"""What the checklist has to hand over to `documents.registry`."""

from documents.capability import Capability
from documents.checklist import messages

CHECKLIST = Capability(
    name="checklist",
    urls="documents.checklist.urls",
    audit_actions=messages.ACTIONS,
)
