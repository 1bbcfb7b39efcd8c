"""What a file tells of comments and of the people who suggest."""

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


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
