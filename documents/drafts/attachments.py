"""Files that are approved with a text: features of higher layers say which files belong to a draft.

They stand in the canonical form with name, type and SHA-256, so organisations approve these very bytes.

register_attachments(TextKind.MEDIA_ITEM, files_of_item)
"""

from collections.abc import Callable, Iterable

from documents.canonical.form import Attachment
from documents.drafts.models import Draft

type AttachmentSource = Callable[[Draft, str], Iterable[Attachment]]

_sources: dict[str, AttachmentSource] = {}


def register_attachments(kind: str, source: AttachmentSource) -> None:
    """Register `source(draft, language)` for drafts of this kind. Call from `Capability.connect`."""
    _sources[kind] = source


def attachments_of(draft: Draft, language: str) -> list[Attachment]:
    """Return the files that are approved with the draft's text in the language."""
    source = _sources.get(draft.kind)
    return list(source(draft, language)) if source is not None else []
