"""Canonical form of a draft text: current state for display, complete one for approval."""

from collections.abc import Mapping
from typing import Any, TypedDict
from uuid import UUID

from coalition.core.crypto import parse_uuid
from documents.canonical.build import PictureFile, build
from documents.canonical.form import CanonicalError, Document, canonical_hash
from documents.drafts.attachments import attachments_of
from documents.drafts.models import Draft, DraftText, TextKind
from documents.files.queries import pictures_for_draft, pictures_in

type EditorBody = dict[str, Any]
type Pictures = Mapping[str, PictureFile]


class TextContent(TypedDict):
    """Content of a draft text: title, lead and the editor's body."""

    title: str
    lead: str
    body: EditorBody


def text_content(text: DraftText) -> TextContent:
    """Return the current content. A text that was never edited has an empty body."""
    return {"title": text.title, "lead": text.lead, "body": text.body or empty_body()}


def empty_body() -> EditorBody:
    return {"type": "doc", "content": [{"type": "paragraph"}]}


def pictures_for_text(draft: Draft, body: object, *, reading: bool = False) -> dict[str, PictureFile]:
    """Return the pictures that the text may display, by UUID. Queries only if the body contains one.

    `reading`: include pictures it may no longer display (the draft was opened to more people since), so that
    the text stays readable; their descriptions are withheld.
    """
    # The UUIDs of pictures. Not recursive: untrusted input may be nested without limit.
    left: list[object] = [body]
    found: set[UUID | None] = set()
    while left:
        part = left.pop()
        if isinstance(part, list):
            left.extend(part)
        elif isinstance(part, dict):
            attrs = part.get("attrs")
            if part.get("type") == "picture" and isinstance(attrs, dict):
                found.add(parse_uuid(attrs.get("id")))
            left.extend(part.values())
    shown = sorted(map(str, found - {None}))
    if not shown:
        return {}
    known: dict[str, PictureFile] = {}
    if reading:
        known = {str(file.uuid): {"sha256": file.sha256} for file in pictures_in(draft.workspace, shown)}
    for file in pictures_for_draft(draft).filter(uuid__in=shown):
        known[str(file.uuid)] = {
            "sha256": file.sha256,
            "alt": file.alt,
            "caption": file.caption,
            "credit": file.credit,
        }
    return known


def document_as_written(
    *, draft: Draft, language: str, words: TextContent, pictures: Pictures | None = None
) -> Document:
    """Return the canonical form for display and comparison; title, words or picture descriptions
    may be missing.

    Raises CanonicalError for invalid content: unknown parts, links that lead to scripts, words
    beyond the limits.
    """
    return build(
        words["body"],
        title=words["title"],
        lead=words["lead"],
        language=language,
        pictures=pictures_for_text(draft, words["body"]) if pictures is None else pictures,
        attachments=attachments_of(draft, language),
        holding_statement=True,
        complete=False,
    )


def document_for_approval(
    *, draft: Draft, language: str, words: TextContent, pictures: Pictures | None = None
) -> Document:
    """Return a version's canonical form. Raises CanonicalError with what is missing or open."""
    return build(
        words["body"],
        title=words["title"],
        lead=words["lead"],
        language=language,
        pictures=pictures_for_text(draft, words["body"]) if pictures is None else pictures,
        attachments=attachments_of(draft, language),
        holding_statement=draft.kind == TextKind.HOLDING,
    )


def hash_for_approval(*, draft: Draft, language: str, words: TextContent) -> str:
    """Return the hash of a version with these words, or "" while they have no canonical form."""
    try:
        return canonical_hash(document_for_approval(draft=draft, language=language, words=words))
    except CanonicalError:
        return ""
