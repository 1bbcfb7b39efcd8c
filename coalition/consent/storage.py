"""Public storages that keep files under consent out of the public folder.

A proxy sends the public folder from the disk, to be kept for good. So names below `shown/` are stored in
the private storage, with an address below the public ones that the application answers.
"""

from typing import Any, Final

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from coalition.storage.disk import WholeFiles
from coalition.storage.objects import PublicObjects

PREFIX: Final = "shown/"


class _KeepsConsentedApart(Storage):
    """Passes names below `shown/` on to the private storage. Lists have the public files only."""

    def _open(self, name: str, mode: str = "rb") -> File:
        return _private().open(name, mode) if is_apart(name) else super()._open(name, mode)  # type: ignore[misc]  # the stubs leave it out

    def _save(self, name: str, content: Any) -> str:
        return _private().save(name, content) if is_apart(name) else super()._save(name, content)  # type: ignore[misc]  # the stubs leave it out

    def delete(self, name: str) -> None:
        _private().delete(name) if is_apart(name) else super().delete(name)

    def exists(self, name: str) -> bool:
        return _private().exists(name) if is_apart(name) else super().exists(name)

    def size(self, name: str) -> int:
        return _private().size(name) if is_apart(name) else super().size(name)

    def path(self, name: str) -> str:
        return _private().path(name) if is_apart(name) else super().path(name)


class PublicFiles(_KeepsConsentedApart, WholeFiles):
    """On a disk."""


class PublicS3Objects(_KeepsConsentedApart, PublicObjects):
    """On S3."""


def is_apart(name: str) -> bool:
    """Whether a name of the public storage is one of a file under consent."""
    return str(name).replace("\\", "/").lstrip("/").startswith(PREFIX)


def _private() -> Storage:
    return storages["default"]
