"""Files of both storages, through Django's interface, so that a local disk and S3 are alike."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage, storages

from coalition.backup.errors import BackupFailed
from coalition.backup.manifest import STORAGES, BackupPiece, Manifest, storage_place
from coalition.storage.disk import is_partial

COPY_CHUNK_BYTES = 1 << 20  # bytes read at once
SPOOL_MAX_BYTES = 8 << 20  # bytes of one file; more goes to the private folder


def list_stored_files() -> set[str]:
    """Every file of both storages, as `private/<name>` and `public/<name>`; not what is being written."""
    return {
        f"{folder}/{name}"
        for folder, storage in STORAGES.items()
        for name in iter_file_names(storages[storage])
    }


def iter_file_names(storage: Storage) -> Iterator[str]:
    """Names of all files of a storage, in every folder; not those that are still being written."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            folders, names = storage.listdir(folder)
        except FileNotFoundError:  # nothing was stored yet, or the folder went meanwhile
            continue
        before = f"{folder}/" if folder else ""
        waiting += [f"{before}{name}" for name in folders if name]
        yield from (f"{before}{name}" for name in names if name and not is_partial(name))


def copy_and_hash(source: IO[bytes], target: IO[bytes] | None) -> BackupPiece:
    """Copy in pieces, or only read where there is no target. Returns what was read."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(COPY_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return BackupPiece(size=size, sha256=digest.hexdigest())


def open_file_copy(name: str, folder: Path) -> tuple[IO[bytes], BackupPiece] | None:
    """A copy of a stored file, to be read from its beginning and closed; None if it is no longer there.

    A copy, since a tar must know the length before the content and a file may change while it is read.
    """
    storage, inside = storage_place(name)
    with ExitStack() as closing:
        copy: IO[bytes] = closing.enter_context(
            SpooledTemporaryFile(max_size=SPOOL_MAX_BYTES, dir=str(folder))
        )
        try:
            with storages[storage].open(inside, "rb") as stored:
                piece = copy_and_hash(stored, copy)
        except FileNotFoundError:
            return None
        copy.seek(0)
        closing.pop_all()  # whoever asked closes it
        return copy, piece


def stored_piece(name: str) -> BackupPiece | None:
    """What is stored under this name now, if anything."""
    storage, inside = storage_place(name)
    try:
        with storages[storage].open(inside, "rb") as stored:
            return copy_and_hash(stored, None)
    except FileNotFoundError:
        return None


def differing_files(manifest: Manifest) -> list[str]:
    """Names under which something else is stored now than in the backup."""
    there = list_stored_files() & manifest.files.keys()
    return sorted(name for name in there if stored_piece(name) != manifest.files[name])


def store_file(name: str, content: IO[bytes]) -> None:
    """Store the content under exactly this name, instead of what is there.

    Raises `BackupFailed` if the storage gives it another name.
    """
    storage, inside = storage_place(name)
    if storages[storage].exists(inside):
        storages[storage].delete(inside)
    got = storages[storage].save(inside, File(content, name=inside))
    if got != inside:
        raise BackupFailed(f"The storage keeps {inside} as {got}: the database would not find it.")


def delete_stored_file(name: str) -> None:
    """Delete a stored file."""
    storage, inside = storage_place(name)
    storages[storage].delete(inside)
