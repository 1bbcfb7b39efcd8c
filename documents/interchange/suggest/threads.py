"""What a file tells of comments and of the people who suggest."""

import datetime
from collections.abc import Callable, Mapping
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

    @property
    def words(self) -> str:
        """The comment, and each answer under its author's name: Word's own answers do not survive pandoc."""
        first, *answers = self.remarks
        return "\n".join([first.words, *(f"— {one.author}: {one.words}" for one in answers)])


type Names = Callable[[str], str]
"""From the id of a suggestion to the name that may stand in the file: “Person (Organisation)”."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a file needs beside the text: names of those who suggest, threads by their id, and for each
    picture by its UUID where it is (a data address, or the name of a file) and how wide it is drawn."""

    name_of: Names
    threads: Mapping[str, Thread] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
