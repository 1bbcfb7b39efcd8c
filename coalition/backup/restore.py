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

from coalition.backup import files, sealed_tar
from coalition.backup.database import counted_now, engine, is_empty, refuse_foreign
from coalition.backup.failed import BackupFailed
from coalition.backup.manifest import DATABASE, MAIN, NAME, Manifest, Piece, from_json
from coalition.backup.workplace import created, workplace
from coalition.personal_data.models import Held


@dataclass
class Restored:
    """What came back. `differing`: table → (rows in the backup, rows now), where they are not the same."""

    manifest: Manifest
    differing: dict[str, tuple[int, int]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)


def check_backup(path: Path, identities: list[Any], *, of: str = MAIN) -> Manifest:
    """Read a backup to its end and compare every hash; nothing is changed. Raises `BackupFailed`."""
    with _verified(path, identities, of) as (manifest, _dumped):
        return manifest


def restore_backup(path: Path, identities: list[Any], *, replace: bool = False, of: str = MAIN) -> Restored:
    """Put the backup in place of database and files, then migrate to this version.

    Without `replace` the database must be empty, and no other file may lie under a name of the backup; with
    it, files that the backup does not know are deleted at the end. `of`: which database, by Django's name;
    files are touched with the main one alone. Raises `BackupFailed`: before anything
    was written if the backup is not whole or is not for here, and with the database as it was if that
    cannot be written.
    """
    if not replace and not is_empty(of):
        raise BackupFailed(
            f"There are {'accounts' if of == MAIN else 'values'} in this database: nothing was changed."
            " --replace puts the backup in its place."
        )
    with _verified(path, identities, of) as (manifest, dumped):
        other = [] if replace else files.differing(manifest)
        if other:
            raise BackupFailed(
                f"Other content is stored under {len(other)} names of the backup ({other[0]}):"
                " nothing was changed. --replace puts the backup in its place."
            )
        _put_files(path, identities, manifest, dumped.parent)
        engine(of).load(connections[of], dumped)
    result = Restored(manifest, differing=_differing(manifest))
    call_command("migrate", *([] if of == MAIN else [Held._meta.app_label]), database=of, verbosity=0)
    cache.clear()  # what was kept before knows another past
    if replace and of == MAIN:
        result.removed = sorted(files.listed() - manifest.files.keys())
        for name in result.removed:
            files.remove(name)
    return result


def _differing(manifest: Manifest) -> dict[str, tuple[int, int]]:
    there = counted_now(manifest.of)
    tables = manifest.tables.keys() | there.keys()
    pairs = {table: (manifest.tables.get(table, 0), there.get(table, 0)) for table in sorted(tables)}
    return {table: pair for table, pair in pairs.items() if pair[0] != pair[1]}


@contextmanager
def _verified(path: Path, identities: list[Any], of: str) -> Iterator[tuple[Manifest, Path]]:
    """What the backup says of itself, after all of it was found to be true; and its database, on the disk."""
    with workplace() as private:
        dumped = private / DATABASE
        manifest = _read_through(path, identities, dumped)
        if manifest.of != of:
            raise BackupFailed(
                "The backup is of the other database: one of the contacts' database comes back with"
                " --contacts, and only one of it. Nothing was changed."
            )
        refuse_foreign(manifest)
        engine(of).look(connections[of], dumped, manifest.tables)
        yield manifest, dumped


def _read_through(path: Path, identities: list[Any], dumped: Path) -> Manifest:
    found: dict[str, Piece] = {}
    told = b""
    try:
        with sealed_tar.read(path, identities) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None:
                    raise BackupFailed(f"The backup holds what is no file: {entry.name!r}.")
                if entry.name == NAME:
                    told = content.read()
                elif entry.name == DATABASE:
                    with created(dumped) as into:
                        found[DATABASE] = files.copied(content, into)
                else:
                    found[entry.name] = files.copied(content, None)
    except OSError as error:
        raise BackupFailed(f"The backup cannot be unpacked: {error.strerror or error}.") from error
    manifest = from_json(told)
    _compare(found, manifest)
    return manifest


def _compare(found: dict[str, Piece], manifest: Manifest) -> None:
    wrong = sorted(
        name for name in found.keys() | manifest.pieces.keys() if found.get(name) != manifest.pieces.get(name)
    )
    if wrong or DATABASE not in found:
        raise BackupFailed(
            f"What is in the backup is not what its list says ({', '.join(wrong[:3]) or DATABASE}):"
            " nothing was used."
        )


def _put_files(path: Path, identities: list[Any], manifest: Manifest, private: Path) -> None:
    """Read the backup a second time and store its files, each only if it is the one that was compared."""
    try:
        with sealed_tar.read(path, identities) as tar:
            for entry in tar:
                expected = manifest.files.get(entry.name)
                content = tar.extractfile(entry)
                if expected is None or content is None or files.piece_there(entry.name) == expected:
                    continue
                with SpooledTemporaryFile(max_size=files.IN_MEMORY, dir=str(private)) as copy:
                    _put_one(entry.name, content, expected, copy)
    except OSError as error:
        raise BackupFailed(
            f"A file cannot be stored: {error.strerror or error}. The database is as it was."
        ) from error


def _put_one(name: str, content: IO[bytes], expected: Piece, copy: IO[bytes]) -> None:
    if files.copied(content, copy) != expected:
        raise BackupFailed(f"The backup changed while it was read ({name}). The database is as it was.")
    copy.seek(0)
    files.put(name, copy)
