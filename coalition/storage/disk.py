"""Files on the disk of this machine."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

from coalition.storage.errors import storage_refusal

PARTIAL_SUFFIX = ".half"


def is_partial(name: str) -> bool:
    """Whether a name of the storage is that of a file which is being written, or was when a process died."""
    own = PurePosixPath(name).name
    return own.startswith(".") and own.endswith(PARTIAL_SUFFIX)


class WholeFiles(FileSystemStorage):
    """A file has its name only when all of it lies on the disk: Django's own leaves half of it where the disk
    is full. The file system must know hard links: they alone name a file without putting it in another's
    place. A process that is killed leaves the half; `halves` finds it.

    Raises `NoRoom` or `StorageAway` where it cannot be kept.
    """

    def _save(self, name: str, content: Any) -> str:
        half = str(PurePosixPath(name).with_name(f".{uuid4().hex}{PARTIAL_SUFFIX}"))
        try:
            try:
                super()._save(half, content)  # type: ignore[misc]  # the stubs leave out what storages are made of
                _fsync(Path(self.path(half)))
                name = self._named(half, name)
            finally:
                Path(self.path(half)).unlink(missing_ok=True)
            _fsync(Path(self.path(name)).parent)
        except OSError as error:
            raise storage_refusal(error) from error
        return name

    def halves(self, *, older_than: float) -> Iterator[Path]:
        """Halves that nobody has written to since (seconds of the epoch)."""
        for path in Path(self.location).rglob(f".*{PARTIAL_SUFFIX}"):
            try:
                if path.stat().st_mtime < older_than:
                    yield path
            except FileNotFoundError:  # it has its name by now
                continue

    def _named(self, half: str, name: str) -> str:
        """Give it the name, or another one if that was taken meanwhile."""
        while True:
            try:
                os.link(self.path(half), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _fsync(path: Path) -> None:
    """Wait until it lies on the disk: a file with its words, a folder with its names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
