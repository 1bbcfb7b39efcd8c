"""Serialisation of a canonical document, and the hash that records refer to."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

import rfc8785
from django.utils.functional import Promise

SHORT_LENGTH: Final = 20


"""Eight characters can be matched by force in an hour, twenty cannot."""


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Serialise by RFC 8785. Equal documents give equal bytes, permanently."""
    return rfc8785.dumps(dict(document))


def canonical_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes as 64 lower-case hex characters."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def short_hash(full: str) -> str:
    """Return the first 20 characters in groups of four: `9f3a 71c0 e84b 0be2 77a9`."""
    start = full[:SHORT_LENGTH]
    return " ".join(start[index : index + 4] for index in range(0, len(start), 4))


# --- errors ---
# The one error of this package: the reason why a text has no canonical form.


_TOP_BLOCK: Final = re.compile(r"^(?:content|blocks)\[(\d+)\]")


class CanonicalError(ValueError):
    """A text that cannot be approved in its current state, with the reason in words.

    `code` is stable and meant for code and tests. `message` is a whole sentence in the language
    that is active when it is read; its template is a lazy translation whose named placeholders
    are filled from `params`. `path` locates the fault, for example `content[3].content[0]` in
    the editor's JSON, `blocks[3].content[0]` in a canonical document, or `title`.
    """

    def __init__(self, code: str, message: str | Promise, path: str = "", /, **params: object) -> None:
        self.code = code
        self.template = message
        self.path = path
        self.params = params
        super().__init__(code, message, path)

    @property
    def message(self) -> str:
        """Return the sentence for the person, in the active language."""
        template = str(self.template)
        return template % self.params if self.params else template

    @property
    def block(self) -> int | None:
        """Return the number of the block in the text, from 1, or None (title, lead)."""
        found = _TOP_BLOCK.match(self.path)
        return int(found.group(1)) + 1 if found else None

    def __str__(self) -> str:
        return self.message
