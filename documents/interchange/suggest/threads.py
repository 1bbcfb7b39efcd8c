"""Comments and suggesters in a file."""

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from documents.canonical.form import Json


@dataclass(frozen=True, slots=True)
class ThreadRemark:
    """One comment in a thread. `author` is a name allowed in a file."""

    author: str
    at: datetime.datetime
    words: str


@dataclass(frozen=True, slots=True)
class FileThread:
    """A comment and the answers to it; `remarks` begins with the comment."""

    id: str
    remarks: tuple[ThreadRemark, ...]
    resolved: bool = False

    @property
    def words(self) -> str:
        """Return the comment and each answer with its author, for formats without replies."""
        first, *answers = self.remarks
        return "\n".join([first.words, *(f"— {one.author}: {one.words}" for one in answers)])


def comment_numbers(threads: Iterable[FileThread]) -> dict[str, list[str]]:
    """Return the numbers of the comments of each thread in a Word file, by the thread's id."""
    counter = itertools.count()
    return {one.id: [str(next(counter)) for _remark in one.remarks] for one in threads}


type NameLookup = Callable[[str], str]


"""From the id of a suggestion to the name that may stand in the file: “Person (Organisation)”."""


@dataclass(frozen=True, slots=True)
class FileContext:
    """Data for a file besides the text: names of suggesters, threads by id, and for each picture by
    UUID its location (a data URL, or a file name) and display width."""

    name_of: NameLookup
    threads: Mapping[str, FileThread] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict)


# --- result ---
# The result of applying a file's changes: the text with its new suggestions and their authors.


@dataclass(frozen=True, slots=True)
class SuggestionAuthors:
    """`new_id` returns the id of a new suggestion for the number of a file's change (or UNTRACKED),
    `name` the name of its author."""

    new_id: Callable[[int], str]
    name: Callable[[int], str]


@dataclass(slots=True)
class SuggestionOutcome:
    """`ids`: each new suggestion with the number of the file's change. `already`: the number of
    changes already present from an earlier import of the file. `not_taken`: what cannot be
    imported, as (code of `reasons.py`, words)."""

    marked: Json
    authors: SuggestionAuthors
    ids: list[tuple[str, int]] = field(default_factory=list)
    already: int = 0
    not_taken: list[tuple[str, str]] = field(default_factory=list)

    def new_id(self, change: int) -> str:
        made = self.authors.new_id(change)
        self.ids.append((made, change))
        return made


# --- identity ---
# The identity of a suggestion: author, organisation, time.


_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class SuggestionIdentity:
    """`person` and `organisation` are UUIDs as text; empty if we did not generate the id."""

    person: str
    organisation: str
    at: datetime.datetime


def suggestion_identity(suggestion: str) -> SuggestionIdentity:
    """Return the identity encoded in the id of a suggestion."""
    parts = suggestion.split(".")
    if len(parts) != 4:
        return SuggestionIdentity("", "", _EPOCH)
    try:
        at = _EPOCH + datetime.timedelta(milliseconds=int(parts[2], 36))
    except (ValueError, OverflowError):
        at = _EPOCH
    return SuggestionIdentity(parts[0], parts[1], at)
