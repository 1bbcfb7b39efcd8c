"""Copy files from a disk into the configured storages: from the small size's disk to S3."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import FileSystemStorage, storages

from coalition.backup.errors import BackupFailed
from coalition.backup.files import copy_and_hash, iter_file_names, store_file, stored_piece
from coalition.backup.manifest import STORAGES
from coalition.storage.disk import WholeFiles


@dataclass
class FilesCopied:
    """Number of files copied, of files already in the storages, and bytes copied."""

    copied: int = 0
    there: int = 0
    size: int = 0


def copy_files(
    folder: Path, *, dry_run: bool = False, progress: Callable[[str], None] = lambda _name: None
) -> FilesCopied:
    """Copy every file of `private/` and `public/` below `folder` under the same name; delete
    nothing.

    A file that the storage already has with the same bytes is not sent again, so an interrupted run
    can be continued. Each copy is read back and its SHA-256 compared. `progress` is called with
    each name that is copied (`private/…`).

    Raises `BackupFailed` if the configured storages are that folder, or if a copy differs; the
    storages' own errors (`StorageAway`, `StorageFull`) pass through.
    """
    _require_other_storages(folder)
    counts = FilesCopied()
    for kind in STORAGES:
        source = WholeFiles(location=str(folder / kind))
        for name in iter_file_names(source):
            _copy_file(source, kind, name, counts=counts, dry_run=dry_run, progress=progress)
    return counts


def _copy_file(
    source: WholeFiles,
    kind: str,
    name: str,
    *,
    counts: FilesCopied,
    dry_run: bool,
    progress: Callable[[str], None],
) -> None:
    stored_name = f"{kind}/{name}"
    with source.open(name, "rb") as content:
        piece = copy_and_hash(content, None)
        if stored_piece(stored_name) == piece:
            counts.there += 1
            return
        if not dry_run:
            content.seek(0)
            store_file(stored_name, content)
            if stored_piece(stored_name) != piece:
                raise BackupFailed(f"{stored_name} is not what was sent: run the command again.")
    progress(stored_name)
    counts.copied += 1
    counts.size += piece.size


def _require_other_storages(folder: Path) -> None:
    for kind, alias in STORAGES.items():
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage) and Path(storage.location) == (folder / kind).resolve():
            raise BackupFailed(
                "The files are where the settings say already: set MEDIA_URL_S3 to the bucket first."
            )
