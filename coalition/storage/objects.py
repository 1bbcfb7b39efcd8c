"""Files as objects on S3. None is public there: the application checks access and serves them."""

import io
from collections.abc import Buffer, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from coalition.storage.disk import StorageAway, StorageFull, logger

READ_CHUNK_BYTES = 256 * 1024  # bytes read ahead
# A person waits for the response: fail within seconds if nobody answers.
CLIENT_CONFIG = Config(
    connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2, "mode": "standard"}
)


@contextmanager
def _translated_errors(name: str = "") -> Iterator[None]:
    """Raise the errors of a disk: `FileNotFoundError`, `StorageFull`, else `StorageAway`."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == HTTPStatus.NOT_FOUND and name:
            raise FileNotFoundError(name) from error
        logger.error("S3 answered %s", status)
        raise (StorageFull if status == HTTPStatus.INSUFFICIENT_STORAGE else StorageAway) from error
    except (BotoCoreError, Boto3Error) as error:
        logger.error("S3 did not answer: %s", type(error).__name__)
        raise StorageAway from error


class Objects(S3Storage):
    """django-storages' storage with partial reads and the errors of a disk."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=CLIENT_CONFIG, file_overwrite=False, default_acl=None, **options)

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("objects are read as bytes, or saved whole")
        key = self._normalize_name(name)
        with _translated_errors(name):
            return ObjectFile(self.bucket.Object(key), name)

    def _save(self, name: str, content: Any) -> str:
        with _translated_errors():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _translated_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _translated_errors():
            return bool(super().exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _translated_errors():
            folders, names = super().listdir(path)
        return folders, names

    def size(self, name: str) -> int:
        with _translated_errors(name):
            return int(super().size(name))


class PrivateObjects(Objects):
    """Objects without an address: a signed address would open them to whoever learns it."""

    def url(self, name: str | None, *_args: Any, **_given: Any) -> str:
        raise ValueError("private files have no address")


class PublicObjects(Objects):
    """Objects served from the site's address, as on a disk: its CSP blocks content from elsewhere."""

    def url(self, name: str | None, *_args: Any, **_given: Any) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name or '')}"


class ObjectFile(File):
    """A read-only object, read from the current position. Its size is known."""

    def __init__(self, found: Any, name: str) -> None:
        found.load()
        self._found = found
        self.size: int = found.content_length
        super().__init__(self._reader(name), name)

    def open(self, *_mode: Any) -> "ObjectFile":
        """Rewind, or reopen after closing, like every file of Django's."""
        if self.closed:
            self.file = self._reader(str(self.name))
        self.seek(0)
        return self

    def _reader(self, name: str) -> io.BufferedReader:
        return io.BufferedReader(_ObjectReader(self._found, self.size, name), READ_CHUNK_BYTES)


class _ObjectReader(io.RawIOBase):
    """One request for everything from a position on; a new one after a seek."""

    def __init__(self, found: Any, size: int, name: str) -> None:
        self._found, self._size, self._name = found, size, name
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        place = max(0, begins + offset)
        if place != self._at:
            self._end()
        self._at = place
        return place

    def readinto(self, into: Buffer) -> int:
        room = memoryview(into)
        if self._at >= self._size:
            return 0
        with _translated_errors(self._name):
            if self._body is None:
                self._body = self._found.get(Range=f"bytes={self._at}-")["Body"]
            piece: bytes = self._body.read(len(room))
        room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._end()
        super().close()

    def _end(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()
