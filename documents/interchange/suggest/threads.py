"""What a file tells of comments and of the people who suggest."""

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from documents.interchange.diff.tokens import Json


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said in a thread. `author` is a name that may stand in a file."""

    author: str
    at: datetime.datetime
    words: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and the answers to it; `remarks` begins with the comment."""

    id: str
    remarks: tuple[Remark, ...]
    resolved: bool = False

    @property
    def words(self) -> str:
        """The comment, and each answer under its author's name, for files that know no answers."""
        first, *answers = self.remarks
        return "\n".join([first.words, *(f"— {one.author}: {one.words}" for one in answers)])


def comment_numbers(threads: Iterable[Thread]) -> dict[str, list[str]]:
    """The numbers of the comments of each thread in a Word file, by the thread's id."""
    counter = itertools.count()
    return {one.id: [str(next(counter)) for _remark in one.remarks] for one in threads}


type Names = Callable[[str], str]


"""From the id of a suggestion to the name that may stand in the file: “Person (Organisation)”."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a file needs beside the text: names of those who suggest, threads by their id, and for each
    picture by its UUID where it is (a data address, or the name of a file) and how wide it is drawn."""

    name_of: Names
    threads: Mapping[str, Thread] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict)


# --- result ---
# What comes of a file's edits: the text with its new suggestions, and whose they are.


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


# --- identity ---
# The identity of a suggestion: who suggests it, on whose behalf, when.


_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """`person` and `organisation` are UUIDs as text; empty where an id is not of our making."""

    person: str
    organisation: str
    at: datetime.datetime


def identity_of(suggestion: str) -> Identity:
    """What the id of a suggestion says."""
    parts = suggestion.split(".")
    if len(parts) != 4:
        return Identity("", "", _EPOCH)
    try:
        at = _EPOCH + datetime.timedelta(milliseconds=int(parts[2], 36))
    except (ValueError, OverflowError):
        at = _EPOCH
    return Identity(parts[0], parts[1], at)
