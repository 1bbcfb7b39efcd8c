"""What a file asks for: edits at places of the text that the file was made of, and remarks about them."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from documents.interchange.diff.tokens import Line, Unit

UNTRACKED: Final = -1
"""In place of the number of a file's change: nobody recorded who made it."""


class Spot(NamedTuple):
    """Before the unit `place` of the line `line`; behind the last one at the end."""

    line: int
    place: int


@dataclass(frozen=True, slots=True)
class Words:
    """Units to insert at a spot; a unit END splits the line there. `change`: the file's number of it."""

    at: Spot
    units: tuple[tuple[Unit, Line], ...]
    change: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Units of one line to delete, by their indices."""

    line: int
    units: tuple[int, ...]
    change: int


@dataclass(frozen=True, slots=True)
class NewRow:
    """A whole row to insert behind a line; -1 is before all. `source` says what it is in the file."""

    behind: int
    units: tuple[tuple[Unit, Line], ...]
    source: Line
    change: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The end of a line to delete, so that its words run on into the next one."""

    line: int
    change: int


type Edit = Words | Gone | NewRow | Joined


@dataclass(slots=True)
class Asked:
    """`edits` in the order of the text. `taken`, `refused`: ids of suggestions that the file has accepted or
    rejected: here they stay open. `not_taken`: what cannot come in, as (code of `reasons.py`, words)."""

    edits: list[Edit] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    not_taken: list[tuple[str, str]] = field(default_factory=list)
