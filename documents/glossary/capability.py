"""What the glossary has to hand over to `documents.registry`."""

from documents.capability import Capability
from documents.glossary import messages

GLOSSARY = Capability(
    name="glossary",
    urls="documents.glossary.urls",
    audit_actions=messages.ACTIONS,
)
