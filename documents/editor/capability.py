"""What pages of the editor hand over to `documents.registry`."""

from documents.capability import Capability

EDITOR = Capability(
    name="editor",
    urls="documents.editor.urls",
)
