"""What files hand over to `documents.registry`."""

from documents.capability import Capability
from documents.files import messages

FILES = Capability(
    name="files",
    urls="documents.files.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    activity_links={"file": "documents:file"},
)
