"""The way back: the whole file is read and compared before the first byte is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.cache import cache
from django.core.management import call_command
from django.db import connections

from coalition.backup import encrypted_tar, files
from coalition.backup.database import count_table_rows, engine_for, is_empty, refuse_foreign
from coalition.backup.errors import BackupFailed
from coalition.backup.manifest import (
    DATABASE_MEMBER,
    MAIN_ALIAS,
    MANIFEST_NAME,
    BackupPiece,
    Manifest,
    parse_manifest,
)
from coalition.backup.work_folder import backup_work_folder, create_private_file
from coalition.personal_data.models import Held


@dataclass
class RestoreResult:
    """What came back. `differing`: table → (rows in the backup, rows now), where they are not the same."""

    manifest: Manifest
    differing: dict[str, tuple[int, int]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)


def check_backup(path: Path, identities: list[Any], *, of: str = MAIN_ALIAS) -> Manifest:
    """Read a backup to its end and compare every hash; nothing is changed. Raises `BackupFailed`."""
    with _verified_backup(path, identities, of) as (manifest, _dumped):
        return manifest


def restore_backup(
    path: Path, identities: list[Any], *, replace: bool = False, of: str = MAIN_ALIAS
) -> RestoreResult:
    """Put the backup in place of database and files, then migrate to this version.

    Without `replace` the database must be empty, and no other file may lie under a name of the backup; with
    it, files that the backup does not know are deleted at the end. `of`: which database, by Django's name;
    files are touched with the main one alone. Raises `BackupFailed`: before anything
    was written if the backup is not whole or is not for here, and with the database as it was if that
    cannot be written.
    """
    if not replace and not is_empty(of):
        raise BackupFailed(
            f"There are {'accounts' if of == MAIN_ALIAS else 'values'} in this database: nothing was changed."
            " --replace puts the backup in its place."
        )
    with _verified_backup(path, identities, of) as (manifest, dumped):
        other = [] if replace else files.differing_files(manifest)
        if other:
            raise BackupFailed(
                f"Other content is stored under {len(other)} names of the backup ({other[0]}):"
                " nothing was changed. --replace puts the backup in its place."
            )
        _restore_files(path, identities, manifest, dumped.parent)
        engine_for(of).load(connections[of], dumped)
    result = RestoreResult(manifest, differing=_differing_tables(manifest))
    call_command("migrate", *([] if of == MAIN_ALIAS else [Held._meta.app_label]), database=of, verbosity=0)
    cache.clear()  # what was kept before knows another past
    if replace and of == MAIN_ALIAS:
        result.removed = sorted(files.list_stored_files() - manifest.files.keys())
        for name in result.removed:
            files.delete_stored_file(name)
    return result


def _differing_tables(manifest: Manifest) -> dict[str, tuple[int, int]]:
    there = count_table_rows(manifest.of)
    tables = manifest.tables.keys() | there.keys()
    pairs = {table: (manifest.tables.get(table, 0), there.get(table, 0)) for table in sorted(tables)}
    return {table: pair for table, pair in pairs.items() if pair[0] != pair[1]}


@contextmanager
def _verified_backup(path: Path, identities: list[Any], of: str) -> Iterator[tuple[Manifest, Path]]:
    """What the backup says of itself, after all of it was found to be true; and its database, on the disk."""
    with backup_work_folder() as private:
        dumped = private / DATABASE_MEMBER
        manifest = _read_and_compare(path, identities, dumped)
        if manifest.of != of:
            raise BackupFailed(
                "The backup is of the other database: one of the contacts' database comes back with"
                " --contacts, and only one of it. Nothing was changed."
            )
        refuse_foreign(manifest)
        engine_for(of).look(connections[of], dumped, manifest.tables)
        yield manifest, dumped


def _read_and_compare(path: Path, identities: list[Any], dumped: Path) -> Manifest:
    found: dict[str, BackupPiece] = {}
    told = b""
    try:
        with encrypted_tar.sealed_tar_reader(path, identities) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None:
                    raise BackupFailed(f"The backup holds what is no file: {entry.name!r}.")
                if entry.name == MANIFEST_NAME:
                    told = content.read()
                elif entry.name == DATABASE_MEMBER:
                    with create_private_file(dumped) as into:
                        found[DATABASE_MEMBER] = files.copy_and_hash(content, into)
                else:
                    found[entry.name] = files.copy_and_hash(content, None)
    except OSError as error:
        raise BackupFailed(f"The backup cannot be unpacked: {error.strerror or error}.") from error
    manifest = parse_manifest(told)
    _compare_pieces(found, manifest)
    return manifest


def _compare_pieces(found: dict[str, BackupPiece], manifest: Manifest) -> None:
    wrong = sorted(
        name for name in found.keys() | manifest.pieces.keys() if found.get(name) != manifest.pieces.get(name)
    )
    if wrong or DATABASE_MEMBER not in found:
        raise BackupFailed(
            f"What is in the backup is not what its list says ({', '.join(wrong[:3]) or DATABASE_MEMBER}):"
            " nothing was used."
        )


def _restore_files(path: Path, identities: list[Any], manifest: Manifest, private: Path) -> None:
    """Read the backup a second time and store its files, each only if it is the one that was compared."""
    try:
        with encrypted_tar.sealed_tar_reader(path, identities) as tar:
            for entry in tar:
                expected = manifest.files.get(entry.name)
                content = tar.extractfile(entry)
                if expected is None or content is None or files.stored_piece(entry.name) == expected:
                    continue
                with SpooledTemporaryFile(max_size=files.SPOOL_MAX_BYTES, dir=str(private)) as copy:
                    _restore_file(entry.name, content, expected, copy)
    except OSError as error:
        raise BackupFailed(
            f"A file cannot be stored: {error.strerror or error}. The database is as it was."
        ) from error


def _restore_file(name: str, content: IO[bytes], expected: BackupPiece, copy: IO[bytes]) -> None:
    if files.copy_and_hash(content, copy) != expected:
        raise BackupFailed(f"The backup changed while it was read ({name}). The database is as it was.")
    copy.seek(0)
    files.store_file(name, copy)
