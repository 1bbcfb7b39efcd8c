"""Metadata of a file: changes and comments with their authors, and what was left out."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from documents.interchange.reader.markers import remove_forbidden_characters

LONGEST_MARGIN: Final = 300


"""Letters that are kept of a header, to tell whether it is one of ours."""


@dataclass(slots=True)
class FileChange:
    """One tracked change of the file. `at` is as written there, or empty."""

    author: str
    at: str


@dataclass(slots=True)
class FileComment:
    """One comment of the file. `parent`: the number of the comment that it answers; `resolved`: its
    state in the file."""

    author: str
    at: str
    words: str
    parent: int | None = None
    resolved: bool = False


@dataclass(slots=True)
class FileMetadata:
    """Metadata collected while a file is prepared. `left_out`: what was dropped, by the codes
    of `reasons.py`. `margins`: the words of its headers and footers, which are not part of its
    text."""

    changes: list[FileChange] = field(default_factory=list)
    comments: list[FileComment] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    margins: list[str] = field(default_factory=list)
    token: str = ""
    saved_by: str = ""

    def add_change(self, author: str | None, at: str | None) -> int:
        """Store the author and time of a change, and return its number."""
        self.changes.append(FileChange((author or "").strip(), (at or "").strip()))
        return len(self.changes) - 1

    def add_margin(self, words: str) -> None:
        """Store the words of a header or footer, each once."""
        words = " ".join(remove_forbidden_characters(words).split())[:LONGEST_MARGIN]
        if words and words not in self.margins:
            self.margins.append(words)

    def cleaned(self, words: str) -> str:
        """Remove characters that no text may contain, and record that there were some."""
        kept = remove_forbidden_characters(words)
        if kept != words:
            self.left_out["characters"] += 1
        return kept

    def as_json(self) -> dict[str, Any]:
        return {
            "changes": [[one.author, one.at] for one in self.changes],
            "comments": [[one.author, one.at, one.words, one.parent, one.resolved] for one in self.comments],
            "left_out": dict(self.left_out),
            "margins": self.margins,
            "token": self.token,
            "saved_by": self.saved_by,
        }
