"""What is gathered while a text is read from beginning to end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.characters import normal_text
from documents.canonical.editor_schema import LIMITS
from documents.canonical.form import Footnote, Json, Picture
from documents.canonical.serialise import CanonicalError


class PictureFile(TypedDict):
    """What is known of a picture's file; the words are used where the text has none of its own."""

    sha256: str
    alt: NotRequired[str]
    caption: NotRequired[str]
    credit: NotRequired[str]


@dataclass(slots=True)
class Reading:
    """The state of one reading. `complete` demands what an approval needs."""

    files: Mapping[str, PictureFile]
    holding_statement: bool
    complete: bool
    footnotes: list[Footnote] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)

    def add_footnote(self, words: str) -> int:
        """Keep a footnote and return its number."""
        number = len(self.footnotes) + 1
        self.footnotes.append({"type": "footnote", "number": number, "words": words})
        return number


def words_of(value: Json, path: str) -> str:
    """The normal form of words that stand in an attribute. Raises CanonicalError."""
    words = normal_text("" if value is None else value, path)
    if len(words) > LIMITS.attribute:
        raise CanonicalError(
            "words_long",
            _("The words beginning with “%(words)s” are too long here. The limit is %(limit)d characters."),
            path,
            words=words[:40],
            limit=LIMITS.attribute,
        )
    return words


def required_words(value: Json, path: str, *, code: str, message: str | Promise) -> str:
    """The same, and raise CanonicalError with `code` and `message` if there are none."""
    words = words_of(value, path)
    if not words:
        raise CanonicalError(code, message, path)
    return words
