"""What comes of a file's edits: the text with its new suggestions, and whose they are."""

from collections.abc import Callable
from dataclasses import dataclass, field

from documents.interchange.diff.tokens import Json


@dataclass(frozen=True, slots=True)
class Authors:
    """`new_id` gives the id of a new suggestion for the number of a file's change (or UNTRACKED), `name` the
    name under which it comes in."""

    new_id: Callable[[int], str]
    name: Callable[[int], str]


@dataclass(slots=True)
class Suggested:
    """`ids`: each new suggestion with the number of the file's change. `already` counts what stood there
    before, from an earlier time that the file was brought in. `not_taken`: what cannot come in, as (code of
    `reasons.py`, words)."""

    marked: Json
    authors: Authors
    ids: list[tuple[str, int]] = field(default_factory=list)
    already: int = 0
    not_taken: list[tuple[str, str]] = field(default_factory=list)

    def new_id(self, change: int) -> str:
        made = self.authors.new_id(change)
        self.ids.append((made, change))
        return made
