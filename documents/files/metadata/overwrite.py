"""Overwriting of parts of a file in place, without changing any offset."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final

_ZEROS: Final = bytes(256 * 1024)


class NotCleaned(Exception):
    """The metadata of a file cannot be removed. `code`: key of the sentence in `reasons.py`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """Replacement of the bytes from `start` to before `end`: `head`, then zeros."""

    start: int
    end: int
    head: bytes = b""


def apply_overwrites(file: IO[bytes], changes: Iterable[Overwrite]) -> None:
    """Write the changes into a file that is open for reading and writing."""
    for change in changes:
        file.seek(change.start)
        file.write(change.head)
        left = change.end - change.start - len(change.head)
        while left > 0:
            left -= file.write(_ZEROS[: min(left, len(_ZEROS))])
    file.flush()


def read_at(file: IO[bytes], start: int, length: int) -> bytes:
    """Return exactly `length` bytes. Raises NotCleaned if the file ends earlier."""
    file.seek(start)
    content = file.read(length)
    if len(content) != length:
        raise NotCleaned("broken")
    return content


def file_size(file: IO[bytes]) -> int:
    return file.seek(0, 2)
