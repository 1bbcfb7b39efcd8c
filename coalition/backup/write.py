"""Write a backup, and restore one."""

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections

from coalition.backup.archive import (
    DATABASE_MEMBER,
    MAIN_ALIAS,
    MANIFEST_NAME,
    SPOOL_MAX_BYTES,
    BackupPiece,
    Manifest,
    backup_work_folder,
    copy_and_hash,
    create_private_file,
    delete_stored_file,
    differing_files,
    list_stored_files,
    open_file_copy,
    parse_manifest,
    sealed_tar_reader,
    sealed_tar_writer,
    store_file,
    stored_piece,
)
from coalition.backup.database import count_table_rows, engine_for, is_empty, last_migrations, refuse_foreign
from coalition.backup.errors import BackupFailed
from coalition.core.clock import now
from coalition.personal_data.models import Held


def make_backup(folder: Path, recipients: list[Any], *, of: str = MAIN_ALIAS) -> tuple[Path, Manifest]:
    """Write `coalition-<moment>.tar.age` into the folder, readable by this user only; for a database
    other than the main one `coalition-<its name>-<moment>.tar.age`, without files. Return its path too.

    The site may run: the database snapshot is taken first and the files after it, so that every row
    finds its file. A file deleted meanwhile is listed in the manifest. Raises `BackupFailed`; then
    nothing is left in the folder.
    """
    moment = now()
    target = folder / f"coalition-{'' if of == MAIN_ALIAS else f'{of}-'}{moment:%Y%m%dT%H%M%SZ}.tar.age"
    manifest = Manifest(
        made_at=moment.isoformat(), version=settings.RELEASE, vendor=connections[of].vendor, of=of
    )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            backup_work_folder() as private,
            _atomic_file(target) as sealed,
            sealed_tar_writer(sealed, recipients) as tar,
        ):
            _fill_tar(tar, manifest, private)
        return target, manifest
    except OSError as error:
        raise BackupFailed(f"The backup cannot be made: {error}.") from error


@contextmanager
def _atomic_file(target: Path) -> Iterator[BinaryIO]:
    """Yield a temporary file that gets its name only when complete and synced to disk."""
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
    before = list_stored_files() if manifest.of == MAIN_ALIAS else set()
    dumped = private / DATABASE_MEMBER
    engine_for(manifest.of).recover(connections[manifest.of])
    manifest.migrations = last_migrations(manifest.of)
    manifest.tables = engine_for(manifest.of).dump(connections[manifest.of], dumped)
    with dumped.open("rb") as database:
        manifest.pieces[DATABASE_MEMBER] = copy_and_hash(database, None)
        database.seek(0)
        _add_member(tar, DATABASE_MEMBER, database, manifest.pieces[DATABASE_MEMBER].size)
    dumped.unlink()
    for name in sorted(before | list_stored_files()) if manifest.of == MAIN_ALIAS else ():
        if (opened := open_file_copy(name, private)) is None:
            manifest.vanished.append(name)
            continue
        copy, manifest.pieces[name] = opened
        with copy:
            _add_member(tar, name, copy, manifest.pieces[name].size)
    content = manifest.as_json()
    _add_member(tar, MANIFEST_NAME, io.BytesIO(content), len(content))


def _add_member(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def check_backup(path: Path, identities: list[Any], *, of: str = MAIN_ALIAS) -> Manifest:
    """Read a whole backup and verify every hash, changing nothing. Raises `BackupFailed`."""
    with _verified_backup(path, identities, of) as (manifest, _dumped):
        return manifest


def restore_backup(
    path: Path, identities: list[Any], *, replace: bool = False, of: str = MAIN_ALIAS
) -> tuple[Manifest, dict[str, tuple[int, int]], list[str]]:
    """Replace database and files with the backup, then migrate to this version.

    Return the manifest; table → (rows in the backup, rows now) where they differ; names of deleted files.

    Without `replace` the database must be empty, and no different file may exist under a name of
    the backup; with it, files that are not in the backup are deleted at the end. `of`: Django's
    alias of the database; files are restored with the main one only.

    Raises `BackupFailed`: before anything is written if the backup is damaged or not for this site,
    and with the database unchanged if it cannot be written.
    """
    engine_for(of).recover(connections[of])
    if not replace and not is_empty(of):
        raise BackupFailed(
            f"There are {'accounts' if of == MAIN_ALIAS else 'values'} in this database: nothing was changed."
            " --replace puts the backup in its place."
        )
    with _verified_backup(path, identities, of) as (manifest, dumped):
        other = [] if replace else differing_files(manifest)
        if other:
            raise BackupFailed(
                f"Other content is stored under {len(other)} names of the backup ({other[0]}):"
                " nothing was changed. --replace puts the backup in its place."
            )
        _restore_files(path, identities, manifest, dumped.parent)
        engine_for(of).load(connections[of], dumped)
    there = count_table_rows(manifest.of)
    differing = {
        table: (was, left)
        for table in sorted(manifest.tables.keys() | there.keys())
        if (was := manifest.tables.get(table, 0)) != (left := there.get(table, 0))
    }
    call_command("migrate", *([] if of == MAIN_ALIAS else [Held._meta.app_label]), database=of, verbosity=0)
    cache.clear()  # cached values belong to the former database
    replaces_files = replace and of == MAIN_ALIAS
    removed = sorted(list_stored_files() - manifest.files.keys()) if replaces_files else []
    for name in removed:
        delete_stored_file(name)
    return manifest, differing, removed


@contextmanager
def _verified_backup(path: Path, identities: list[Any], of: str) -> Iterator[tuple[Manifest, Path]]:
    """Yield the manifest after full verification, and the path of the database dump."""
    with backup_work_folder() as private:
        dumped = private / DATABASE_MEMBER
        manifest = _read_and_compare(path, identities, dumped)
        if manifest.of != of:
            raise BackupFailed(
                "The backup is of the other database: one of the contacts' database comes back with"
                " --contacts, and only one of it. Nothing was changed."
            )
        refuse_foreign(manifest)
        engine_for(of).check(connections[of], dumped, manifest.tables)
        yield manifest, dumped


def _read_and_compare(path: Path, identities: list[Any], dumped: Path) -> Manifest:
    found: dict[str, BackupPiece] = {}
    content_of_manifest = b""
    try:
        with sealed_tar_reader(path, identities) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None:
                    raise BackupFailed(f"The backup holds what is no file: {entry.name!r}.")
                if entry.name == MANIFEST_NAME:
                    content_of_manifest = content.read()
                elif entry.name == DATABASE_MEMBER:
                    with create_private_file(dumped) as into:
                        found[DATABASE_MEMBER] = copy_and_hash(content, into)
                else:
                    found[entry.name] = copy_and_hash(content, None)
    except OSError as error:
        raise BackupFailed(f"The backup cannot be unpacked: {error.strerror or error}.") from error
    manifest = parse_manifest(content_of_manifest)
    names = found.keys() | manifest.pieces.keys()
    wrong = sorted(name for name in names if found.get(name) != manifest.pieces.get(name))
    if wrong or DATABASE_MEMBER not in found:
        raise BackupFailed(
            f"What is in the backup is not what its list says ({', '.join(wrong[:3]) or DATABASE_MEMBER}):"
            " nothing was used."
        )
    return manifest


def _restore_files(path: Path, identities: list[Any], manifest: Manifest, private: Path) -> None:
    """Read the backup a second time and store its files, each only if its hash matches again."""
    try:
        with sealed_tar_reader(path, identities) as tar:
            for entry in tar:
                expected = manifest.files.get(entry.name)
                content = tar.extractfile(entry)
                if expected is None or content is None or stored_piece(entry.name) == expected:
                    continue
                with SpooledTemporaryFile(max_size=SPOOL_MAX_BYTES, dir=str(private)) as copy:
                    if copy_and_hash(content, copy) != expected:
                        raise BackupFailed(
                            f"The backup changed while it was read ({entry.name}). The database is as it was."
                        )
                    copy.seek(0)
                    store_file(entry.name, copy)
    except OSError as error:
        raise BackupFailed(
            f"A file cannot be stored: {error.strerror or error}. The database is as it was."
        ) from error
