"""State collected while a text is read from beginning to end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.characters import normal_text
from documents.canonical.editor_schema import LIMITS
from documents.canonical.form import Footnote, JsonValue, Picture
from documents.canonical.serialise import CanonicalError


class PictureFile(TypedDict):
    """A picture's file; its texts are the defaults where the draft text has none of its own."""

    sha256: str
    alt: NotRequired[str]
    caption: NotRequired[str]
    credit: NotRequired[str]


@dataclass(slots=True)
class DocumentReading:
    """The state of one reading. `complete`: enforce what an approval needs."""

    files: Mapping[str, PictureFile]
    holding_statement: bool
    complete: bool
    footnotes: list[Footnote] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)

    def add_footnote(self, words: str) -> int:
        """Store a footnote and return its number."""
        number = len(self.footnotes) + 1
        self.footnotes.append({"type": "footnote", "number": number, "words": words})
        return number


def read_attribute_words(value: JsonValue, path: str) -> str:
    """Return the normal form of the text in an attribute. Raises CanonicalError."""
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


def require_attribute_words(value: JsonValue, path: str, *, code: str, message: str | Promise) -> str:
    """As `words_of`, but raise CanonicalError with `code` and `message` if the text is empty."""
    words = read_attribute_words(value, path)
    if not words:
        raise CanonicalError(code, message, path)
    return words
