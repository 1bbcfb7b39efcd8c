"""The words of a draft text in canonical form: as they stand, for showing, and complete, for approving."""

from collections.abc import Mapping
from typing import Any, TypedDict

from documents.canonical.build import build
from documents.canonical.errors import CanonicalError
from documents.canonical.form import Document
from documents.canonical.reading import PictureFile
from documents.canonical.serialise import canonical_hash
from documents.enums import TextKind
from documents.models import Draft, DraftText
from documents.queries.files import pictures_for_draft

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


def pictures_of(draft: Draft, body: object) -> dict[str, PictureFile]:
    """The pictures that the text may show, by UUID. Asks the database only if the body holds one."""
    if not _holds_picture(body):
        return {}
    return {
        str(file.uuid): {
            "sha256": file.sha256,
            "alt": file.alt,
            "caption": file.caption,
            "credit": file.credit,
        }
        for file in pictures_for_draft(draft)
    }


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


def _holds_picture(body: object) -> bool:
    """Without recursion: the body comes from outside and may be nested without end."""
    left = [body]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            if part.get("type") == "picture":
                return True
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
    return False
