"""Overwrite parts of a file in place, so that no offset in it changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final

_ZEROS: Final = bytes(256 * 1024)


class NotCleaned(Exception):
    """The metadata of a file cannot be removed. `code` stands for the sentence in `reasons.py`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """Bytes from `start` to before `end` become `head`, then zeros."""

    start: int
    end: int
    head: bytes = b""


def apply(file: IO[bytes], changes: Iterable[Overwrite]) -> None:
    """Write the changes into a file that is open for reading and writing."""
    for change in changes:
        file.seek(change.start)
        file.write(change.head)
        left = change.end - change.start - len(change.head)
        while left > 0:
            left -= file.write(_ZEROS[: min(left, len(_ZEROS))])
    file.flush()


def read_at(file: IO[bytes], start: int, length: int) -> bytes:
    """Return exactly `length` bytes. Raises NotCleaned if the file ends before."""
    file.seek(start)
    content = file.read(length)
    if len(content) != length:
        raise NotCleaned("broken")
    return content


def size_of(file: IO[bytes]) -> int:
    return file.seek(0, 2)
