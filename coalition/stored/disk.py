"""Files on the disk of this machine."""

import os
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

from coalition.stored.faults import in_words


class WholeFiles(FileSystemStorage):
    """A file has its name only when it is whole: Django's own leaves half of it where the disk is full.

    Raises `NoRoom` or `StorageAway` where it cannot be kept.
    """

    def _save(self, name: str, content: Any) -> str:
        half = str(PurePosixPath(name).with_name(f".{uuid4().hex}.half"))
        try:
            try:
                super()._save(half, content)  # type: ignore[misc]  # the stubs leave out what storages are made of
                return self._named(half, name)
            finally:
                Path(self.path(half)).unlink(missing_ok=True)
        except OSError as error:
            raise in_words(error) from error

    def _named(self, half: str, name: str) -> str:
        """Give it the name, or another one if that was taken meanwhile."""
        while True:
            try:
                os.link(self.path(half), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name
