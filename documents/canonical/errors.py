"""The one error of this package: why a text has no canonical form."""

import re
from typing import Final

from django.utils.functional import Promise

_TOP_BLOCK: Final = re.compile(r"^(?:content|blocks)\[(\d+)\]")


class CanonicalError(ValueError):
    """A text that cannot be approved as it stands, with the reason in words.

    `code` is stable and meant for code and tests. `message` is a whole sentence
    in the language that is active when it is read; its template is a lazy
    translation and `params` fill its named placeholders. `path` points to the
    place, for example `content[3].content[0]` in the editor's JSON,
    `blocks[3].content[0]` in a canonical document, or `title`.
    """

    def __init__(self, code: str, message: str | Promise, path: str = "", /, **params: object) -> None:
        self.code = code
        self.template = message
        self.path = path
        self.params = params
        super().__init__(code, message, path)

    @property
    def message(self) -> str:
        """The sentence for the person, in the active language."""
        template = str(self.template)
        return template % self.params if self.params else template

    @property
    def block(self) -> int | None:
        """The number of the block of the text, from 1, or None (title, lead)."""
        found = _TOP_BLOCK.match(self.path)
        return int(found.group(1)) + 1 if found else None

    def __str__(self) -> str:
        return self.message
