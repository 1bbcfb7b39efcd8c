"""The words of a draft text in canonical form: as they stand, for showing, and complete, for approving."""

from collections.abc import Mapping
from typing import Any, TypedDict
from uuid import UUID

from documents.canonical.build import build
from documents.canonical.form import Document
from documents.canonical.reading import PictureFile
from documents.canonical.serialise import CanonicalError, canonical_hash
from documents.drafts.enums import TextKind
from documents.drafts.models import Draft, DraftText
from documents.files.queries import pictures_for_draft, pictures_in

type Body = dict[str, Any]
type Pictures = Mapping[str, PictureFile]


class Words(TypedDict):
    """What a person writes into a draft text: title, lead and the editor's body."""

    title: str
    lead: str
    body: Body


def words_of(text: DraftText) -> Words:
    """What the text holds now. A text that nobody has written yet has an empty body."""
    return {"title": text.title, "lead": text.lead, "body": text.body or empty_body()}


def empty_body() -> Body:
    return {"type": "doc", "content": [{"type": "paragraph"}]}


def pictures_of(draft: Draft, body: object, *, reading: bool = False) -> dict[str, PictureFile]:
    """The pictures that the text may show, by UUID. Asks the database only if the body holds one.

    `reading`: also those that it may no longer show (the draft was opened to more people since): a text
    can still be read, and what is said of such a file is not told.
    """
    shown = _pictures_in(body)
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


def as_it_stands(*, draft: Draft, language: str, words: Words, pictures: Pictures | None = None) -> Document:
    """The canonical form for showing and comparing; it may lack title, words or descriptions of pictures.

    Raises CanonicalError for what no text may hold: unknown parts, links that lead to scripts, words
    beyond the limits.
    """
    return build(
        words["body"],
        title=words["title"],
        lead=words["lead"],
        language=language,
        pictures=pictures_of(draft, words["body"]) if pictures is None else pictures,
        holding_statement=True,
        complete=False,
    )


def to_approve(*, draft: Draft, language: str, words: Words, pictures: Pictures | None = None) -> Document:
    """The canonical form that a version holds. Raises CanonicalError with what is missing or open."""
    return build(
        words["body"],
        title=words["title"],
        lead=words["lead"],
        language=language,
        pictures=pictures_of(draft, words["body"]) if pictures is None else pictures,
        holding_statement=draft.kind == TextKind.HOLDING,
    )


def hash_of(*, draft: Draft, language: str, words: Words, pictures: Pictures | None = None) -> str:
    """The hash that a version of these words would have, or empty while they have no canonical form."""
    try:
        return canonical_hash(to_approve(draft=draft, language=language, words=words, pictures=pictures))
    except CanonicalError:
        return ""


def _pictures_in(body: object) -> list[str]:
    """The UUIDs of pictures. Without recursion: the body comes from outside, nested without end."""
    left, found = [body], set()
    while left:
        part = left.pop()
        if isinstance(part, list):
            left.extend(part)
        elif isinstance(part, dict):
            attrs = part.get("attrs")
            if part.get("type") == "picture" and isinstance(attrs, dict):
                found.add(_uuid(attrs.get("id")))
            left.extend(part.values())
    return sorted(found - {""})


def _uuid(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return ""
