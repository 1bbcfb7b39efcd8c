"""Going back to a version: an ordinary edit that writes its words into the text again."""

import json
from typing import cast

from coalition.workspaces.rules import Access
from documents.canonical.editor import to_editor
from documents.canonical.form import Document
from documents.domain.write import Conflict, Saved, save_text
from documents.models import Version


def document_of(version: Version) -> Document:
    """The canonical document that a version holds."""
    return cast("Document", json.loads(version.canonical))


def restore(*, access: Access, version: Version, base_revision: int) -> Saved | Conflict:
    """Write the version's words into its text as a new revision. Raises what `save_text` raises."""
    document = document_of(version)
    return save_text(
        access=access,
        text=version.text,
        title=document["title"],
        lead=document["lead"],
        body=to_editor(document),
        base_revision=base_revision,
    )
