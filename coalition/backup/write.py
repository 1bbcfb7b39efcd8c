"""Making a backup: one moment of the database, then the files, encrypted as they are read."""

import hashlib
import io
import os
import tarfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.db import connections

from coalition.backup import encrypted_tar, files
from coalition.backup.database import engine_for, last_migrations
from coalition.backup.errors import BackupFailed
from coalition.backup.manifest import DATABASE_MEMBER, MAIN_ALIAS, MANIFEST_NAME, Manifest
from coalition.backup.work_folder import backup_work_folder, create_private_file
from coalition.core.clock import now


@dataclass(frozen=True)
class BackupResult:
    """The file, its SHA-256 in hex, and what is in it."""

    path: Path
    sha256: str
    manifest: Manifest


def make_backup(folder: Path, recipients: list[Any], *, of: str = MAIN_ALIAS) -> BackupResult:
    """Write `coalition-<moment>.tar.age` into the folder, readable by this user alone; for another database
    than the main one `coalition-<its name>-<moment>.tar.age`, without files.

    The site may run: the database is taken as it is at one moment, the files after it, so that every row
    finds its file. A file that went meanwhile is named in the manifest. Raises `BackupFailed`; then nothing
    is left in the folder.
    """
    moment = now()
    target = folder / f"coalition-{'' if of == MAIN_ALIAS else f'{of}-'}{moment:%Y%m%dT%H%M%SZ}.tar.age"
    manifest = Manifest(
        made_at=moment.isoformat(), version=app_version(), vendor=connections[of].vendor, of=of
    )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            backup_work_folder() as private,
            _atomic_file(target) as sealed,
            encrypted_tar.sealed_tar_writer(sealed, recipients) as tar,
        ):
            _fill_tar(tar, manifest, private)
        return BackupResult(path=target, sha256=_sha256_of(target), manifest=manifest)
    except OSError as error:
        raise BackupFailed(f"The backup cannot be made: {error}.") from error


def app_version() -> str:
    """The version of this application."""
    content = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(content["project"]["version"])


@contextmanager
def _atomic_file(target: Path) -> Iterator[BinaryIO]:
    """A file that has its name only when it is whole and on the disk."""
    if target.exists():
        raise BackupFailed(f"{target} is there already.")
    half = target.with_name(f".{target.name}.half")
    try:
        with create_private_file(half) as sealed:
            yield sealed
            sealed.flush()
            os.fsync(sealed.fileno())
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)


def _fill_tar(tar: tarfile.TarFile, manifest: Manifest, private: Path) -> None:
    before = files.list_stored_files() if manifest.of == MAIN_ALIAS else set()
    dumped = private / DATABASE_MEMBER
    manifest.migrations = last_migrations(manifest.of)
    manifest.tables = engine_for(manifest.of).dump(connections[manifest.of], dumped)
    with dumped.open("rb") as database:
        manifest.pieces[DATABASE_MEMBER] = files.copy_and_hash(database, None)
        database.seek(0)
        _add_member(tar, DATABASE_MEMBER, database, manifest.pieces[DATABASE_MEMBER].size)
    dumped.unlink()
    for name in sorted(before | files.list_stored_files()) if manifest.of == MAIN_ALIAS else ():
        taken = files.open_file_copy(name, private)
        if taken is None:
            manifest.vanished.append(name)
            continue
        content, piece = taken
        with content:
            _add_member(tar, name, content, piece.size)
        manifest.pieces[name] = piece
    told = manifest.as_json()
    _add_member(tar, MANIFEST_NAME, io.BytesIO(told), len(told))


def _add_member(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
