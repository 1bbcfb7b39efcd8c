"""Files of both storages, through Django's interface, so that a local disk and S3 are alike."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage, storages

from coalition.backup.failed import BackupFailed
from coalition.backup.manifest import STORAGES, Manifest, Piece, place_of
from coalition.storage.disk import is_half

AT_A_TIME = 1 << 20  # bytes read at once
IN_MEMORY = 8 << 20  # bytes of one file; more goes to the private folder


def listed() -> set[str]:
    """Every file of both storages, as `private/<name>` and `public/<name>`; not what is being written."""
    return {
        f"{folder}/{name}" for folder, storage in STORAGES.items() for name in names_in(storages[storage])
    }


def names_in(storage: Storage) -> Iterator[str]:
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
        yield from (f"{before}{name}" for name in names if name and not is_half(name))


def copied(source: IO[bytes], target: IO[bytes] | None) -> Piece:
    """Copy in pieces, or only read where there is no target. Returns what was read."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(AT_A_TIME):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return Piece(size=size, sha256=digest.hexdigest())


def taken(name: str, folder: Path) -> tuple[IO[bytes], Piece] | None:
    """A copy of a stored file, to be read from its beginning and closed; None if it is no longer there.

    A copy, since a tar must know the length before the content and a file may change while it is read.
    """
    storage, inside = place_of(name)
    with ExitStack() as closing:
        copy: IO[bytes] = closing.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder)))
        try:
            with storages[storage].open(inside, "rb") as stored:
                piece = copied(stored, copy)
        except FileNotFoundError:
            return None
        copy.seek(0)
        closing.pop_all()  # whoever asked closes it
        return copy, piece


def piece_there(name: str) -> Piece | None:
    """What is stored under this name now, if anything."""
    storage, inside = place_of(name)
    try:
        with storages[storage].open(inside, "rb") as stored:
            return copied(stored, None)
    except FileNotFoundError:
        return None


def differing(manifest: Manifest) -> list[str]:
    """Names under which something else is stored now than in the backup."""
    there = listed() & manifest.files.keys()
    return sorted(name for name in there if piece_there(name) != manifest.files[name])


def put(name: str, content: IO[bytes]) -> None:
    """Store the content under exactly this name, instead of what is there.

    Raises `BackupFailed` if the storage gives it another name.
    """
    storage, inside = place_of(name)
    if storages[storage].exists(inside):
        storages[storage].delete(inside)
    got = storages[storage].save(inside, File(content, name=inside))
    if got != inside:
        raise BackupFailed(f"The storage keeps {inside} as {got}: the database would not find it.")


def remove(name: str) -> None:
    """Delete a stored file."""
    storage, inside = place_of(name)
    storages[storage].delete(inside)
