"""What gaps of holding statements hand over to `documents.registry`."""

from documents.capability import Capability

GAPS = Capability(
    name="gaps",
    urls="documents.gaps.urls",
)
