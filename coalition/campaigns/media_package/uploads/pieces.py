"""Pieces of uploads in the private storage: store one, read all as one file, delete them.

Names are `uploads/<UUID of the upload>/<offset>-<random>`: two requests with the same piece never share an
object, so that the one that comes too late deletes its own.
"""

import errno
import io
import secrets
from collections.abc import Buffer, Callable, Sequence
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.media_package.models import FileUpload, UploadPiece
from coalition.core.errors import Refused, undo_on_failure
from coalition.storage.disk import storage_refusal

PIECE_BYTES: Final = 8 * 1024**2  # the largest piece: so much is lost when the line breaks
SMALLEST_PIECE_BYTES: Final = 64 * 1024  # but for the last one; else a file is millions of objects
FOLDER: Final = "uploads"
_CHUNK: Final = 256 * 1024
_SECONDS_BETWEEN_CALLS: Final = 30


class PieceTooLarge(Refused):
    """More bytes than a piece may have, or than were announced for the whole file."""


class PieceBroken(Refused):
    """The body ended before its announced length: the line was lost. Nothing of it is stored."""


def piece_storage() -> Storage:
    return storages["default"]


def folder_of(upload: FileUpload) -> str:
    return f"{FOLDER}/{upload.uuid}"


def receive_piece(request: HttpRequest, *, most: int) -> tuple[IO[bytes], int]:
    """Read the body in chunks into a temporary file, which the caller closes; return it with its size.

    `most`: bytes that still belong to the file. Raises PieceTooLarge, PieceBroken, and StorageFull where the
    disk has no room for the temporary file.
    """
    announced = request.headers.get("Content-Length", "")
    limit = min(most, PIECE_BYTES)
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(most)
    piece: IO[bytes] = SpooledTemporaryFile(max_size=1024**2)  # noqa: SIM115  the caller closes it
    with undo_on_failure(piece.close):
        size = _copy_body(request, piece, most, limit)
        if announced.isdigit() and size < int(announced):
            raise _broken()
        piece.seek(0)
    return piece, size


def _copy_body(request: HttpRequest, piece: IO[bytes], most: int, limit: int) -> int:
    size = 0
    try:
        while chunk := request.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise _too_large(most)
            piece.write(chunk)
    except UnreadablePostError as error:
        raise _broken() from error
    except OSError as error:  # of the temporary file
        raise storage_refusal(error) from error
    return size


def store_piece(upload: FileUpload, offset: int, piece: IO[bytes]) -> str:
    """Save the bytes as one object; return its name. Raises StorageFull, StorageAway."""
    content: File[Any] = File(piece)
    return piece_storage().save(f"{folder_of(upload)}/{offset}-{secrets.token_hex(4)}", content)


def delete_objects(names: Sequence[str], folder: str = "") -> None:
    """Delete objects, and the folder on a disk if it is empty then. Call after the commit."""
    storage = piece_storage()
    for name in names:
        storage.delete(name)
    if folder and isinstance(storage, FileSystemStorage):
        try:
            storage.delete(folder)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise


def open_pieces(upload: FileUpload, *, in_progress: Callable[[], object] = lambda: None) -> io.BufferedReader:
    """Return all pieces as one read-only file; `in_progress` is called every half minute while it is read.

    Raises ValueError if bytes are missing between them.
    """
    rows = list(upload.pieces.order_by("offset"))
    at = 0
    for row in rows:
        if row.offset != at:
            raise ValueError("a piece of the upload is missing")
        at += row.size
    return io.BufferedReader(_PiecesReader(rows, at, in_progress), _CHUNK)


class _PiecesReader(io.RawIOBase):
    """Pieces one after the other. One of them is open at a time: memory does not grow with the file."""

    def __init__(self, pieces: Sequence[UploadPiece], size: int, in_progress: Callable[[], object]) -> None:
        self._pieces, self._size = pieces, size
        self._in_progress, self._called_at = in_progress, monotonic()
        self._at = 0
        self._index = -1  # of the open piece
        self._open: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if begins + offset < 0:
            raise OSError(errno.EINVAL, "before the beginning")  # as a file on disk says
        self._at = begins + offset
        return self._at

    def readinto(self, into: Buffer) -> int:
        room = memoryview(into)
        if self._at >= self._size:
            return 0
        row = self._piece_at(self._at)
        inside = self._at - row.offset
        if self._open.tell() != inside:
            self._open.seek(inside)
        found: bytes = self._open.read(min(len(room), row.size - inside))
        if not found:
            raise ValueError("a stored piece is shorter than it was")
        room[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._leave()
        super().close()

    def _piece_at(self, place: int) -> UploadPiece:
        low, high = 0, len(self._pieces) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._pieces[middle].offset <= place else (low, middle - 1)
        if low != self._index:
            self._leave()
            if monotonic() - self._called_at > _SECONDS_BETWEEN_CALLS:
                self._in_progress()
                self._called_at = monotonic()
            self._open, self._index = piece_storage().open(self._pieces[low].name, "rb"), low
        return self._pieces[low]

    def _leave(self) -> None:
        opened, self._open, self._index = self._open, None, -1
        if opened is not None:
            with suppress(OSError):
                opened.close()


def _too_large(most: int) -> PieceTooLarge:
    if most < PIECE_BYTES:
        return PieceTooLarge(_("More was sent than the file was said to have. Choose the file again."))
    return PieceTooLarge(_("A piece has 8 MB at most. Reload the page and choose the file again."))


def _broken() -> PieceBroken:
    return PieceBroken(_("The connection broke within a piece. Choose the same file again to go on."))
