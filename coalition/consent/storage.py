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


class _ConsentedFilesMixin(Storage):
    """Passes names below `shown/` on to the private storage. Lists have the public files only."""

    def _open(self, name: str, mode: str = "rb") -> File:
        if is_consented_name(name):
            return _private().open(name, mode)
        return super()._open(name, mode)  # type: ignore[misc]  # django-stubs declare no Storage._open

    def _save(self, name: str, content: Any) -> str:
        if is_consented_name(name):
            return _private().save(name, content)
        return super()._save(name, content)  # type: ignore[misc]  # django-stubs declare no Storage._save

    def delete(self, name: str) -> None:
        _private().delete(name) if is_consented_name(name) else super().delete(name)

    def exists(self, name: str) -> bool:
        return _private().exists(name) if is_consented_name(name) else super().exists(name)

    def size(self, name: str) -> int:
        return _private().size(name) if is_consented_name(name) else super().size(name)

    def path(self, name: str) -> str:
        return _private().path(name) if is_consented_name(name) else super().path(name)


class PublicFiles(_ConsentedFilesMixin, WholeFiles):
    """On a disk."""


class PublicS3Objects(_ConsentedFilesMixin, PublicObjects):
    """On S3."""


def is_consented_name(name: str) -> bool:
    """Whether a name of the public storage is one of a file under consent."""
    return str(name).replace("\\", "/").lstrip("/").startswith(PREFIX)


def _private() -> Storage:
    return storages["default"]
