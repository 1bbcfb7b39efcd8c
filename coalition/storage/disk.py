"""Files on disk: storage, its errors, and cleanup of files without a row."""

import errno
import logging
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

logger = logging.getLogger(__name__)


class StorageFull(Refused, OSError):
    """The disk is full, or this user's quota is. Nothing of the file was stored."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is no room left for files on our side, so it was not kept. Who runs the site can make "
                "room; try again after that."
            )
        )


class StorageAway(Refused, OSError):
    """The storage does not answer, or denies access. What was committed before, stays."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The place where files are kept does not answer. What you have sent may not have been taken: "
                "look in a few minutes before you send it again."
            )
        )


def is_full(error: BaseException) -> bool:
    """Whether an operating system error means that there is no space."""
    return isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno in FULL_ERRNOS)


def storage_refusal(error: OSError) -> StorageFull | StorageAway:
    """Return the error shown to a person; the operator finds the details in the log."""
    logger.error("a file could not be kept: %s", error.strerror or type(error).__name__)
    return StorageFull() if is_full(error) else StorageAway()


PARTIAL_SUFFIX = ".half"


def is_partial(name: str) -> bool:
    """Whether a storage name is that of a partial file, being written or left by a killed process."""
    own = PurePosixPath(name).name
    return own.startswith(".") and own.endswith(PARTIAL_SUFFIX)


class WholeFiles(FileSystemStorage):
    """Atomic writes: a file gets its name only when it is completely on disk. Django's own storage leaves a
    partial file if the disk is full. The file system must support hard links, the only way to name a file
    without overwriting another. A killed process leaves a partial file; `halves` finds it.

    Raises `StorageFull` or `StorageAway` if the file cannot be stored.
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
        """Yield partial files unmodified since `older_than` (seconds of the epoch)."""
        for path in Path(self.location).rglob(f".*{PARTIAL_SUFFIX}"):
            try:
                if path.stat().st_mtime < older_than:
                    yield path
            except FileNotFoundError:  # it was renamed meanwhile
                continue

    def _named(self, half: str, name: str) -> str:
        """Link the file to the name, or to another one if that is in use by now."""
        while True:
            try:
                os.link(self.path(half), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name


def _fsync(path: Path) -> None:
    """Sync to disk: a file with its content, a folder with its entries."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
