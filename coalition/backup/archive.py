"""The encrypted archive: work folder, tar, metadata, files of both storages.

A separate thread encrypts what comes through a pipe. age authenticates each 64 KiB and marks the
last chunk, so that a changed byte and a truncated file are both detected.
"""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import sys
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from types import FrameType
from typing import IO, Any, BinaryIO

import pyrage
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db.backends.base.base import BaseDatabaseWrapper
from pyrage import IdentityError, RecipientError, ssh, x25519

from coalition.backup.errors import BackupFailed
from coalition.storage.disk import is_partial

WORK_FOLDER_NAME = "backup-work"


@contextmanager
def backup_work_folder() -> Iterator[Path]:
    """Yield the folder `backup-work` in DATA_DIR, readable by this user only and deleted afterwards.

    Leftovers of a killed run are deleted when the next begins. Raises `BackupFailed` while another runs.
    """
    home: Path = settings.BACKUP_WORKPLACE
    home.mkdir(parents=True, exist_ok=True)
    folder = home / WORK_FOLDER_NAME
    with create_private_file(home / f".{WORK_FOLDER_NAME}.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupFailed("A backup or a restoration is running already.") from error
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            with _exit_on_signals():
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def create_private_file(path: Path) -> BinaryIO:
    """Create or truncate the file, readable by this user only."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w+b")


@contextmanager
def _exit_on_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into exceptions, so that unencrypted data is deleted."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


WRONG_KEY_MESSAGE = "No matching keys found"  # age's error message


@contextmanager
def sealed_tar_writer(target: BinaryIO, recipients: list[Any]) -> Iterator[tarfile.TarFile]:
    """Yield a tar that is encrypted into `target`. Raises `BackupFailed` if that cannot be written."""
    out_of, into = os.pipe()

    def encrypt() -> None:
        with os.fdopen(out_of, "rb") as plain:
            pyrage.encrypt_io(plain, target, recipients)

    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(encrypt)
        try:
            with os.fdopen(into, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
                yield tar
        except BrokenPipeError as error:  # the other end stopped: its own error gives the reason
            raise BackupFailed(_write_error(work)) from error
        if work.exception() is not None:
            raise BackupFailed(_write_error(work))


def _write_error(work: "Future[None]") -> str:
    return f"The backup cannot be written: {work.exception() or 'the encryption ended too early'}."


@contextmanager
def sealed_tar_reader(path: Path, identities: list[Any]) -> Iterator[tarfile.TarFile]:
    """Yield the tar inside an encrypted file, to be read once from beginning to end.

    Raises `BackupFailed` if no identity fits, a byte was changed, or the file is truncated. That
    may be after members were read, so callers must not trust anything before the block has ended.
    """
    out_of, into = os.pipe()

    def decrypt() -> None:
        with os.fdopen(into, "wb") as plain, path.open("rb") as sealed:
            pyrage.decrypt_io(sealed, plain, identities)

    with ThreadPoolExecutor(max_workers=1) as threads:
        work = threads.submit(decrypt)
        with os.fdopen(out_of, "rb") as pipe:
            try:
                with tarfile.open(fileobj=pipe, mode="r|") as tar:
                    yield tar
                while pipe.read(1 << 16):  # tar's padding: only the end authenticates the whole
                    pass
            except tarfile.TarError as error:
                # The tar ended early. The reason is the decryption error, if there was one.
                raise BackupFailed(_read_error(path, work)) from error
        if work.exception() is not None:
            raise BackupFailed(_read_error(path, work))


def _read_error(path: Path, work: "Future[None]") -> str:
    error = work.exception()
    if error is None:
        return f"{path} is encrypted as it should be, and holds no backup."
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        return f"{path} cannot be read: {error.strerror}."
    if WRONG_KEY_MESSAGE in str(error):
        return f"{path} is encrypted to somebody else: this identity does not open it."
    return f"{path} is damaged, cut or no backup ({error}). Nothing of it was used."


MANIFEST_FORMAT = 1
MANIFEST_NAME = "manifest.json"
DATABASE_MEMBER = "database"
MAIN_ALIAS = "default"  # Django's name of the main database
STORAGES = {"private": "default", "public": "public"}  # folder in the backup → Django's name of the storage


@dataclass(frozen=True)
class BackupPiece:
    """One file in the backup: its length in bytes and the hex SHA-256 of its content."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """`tables`: rows of each; `migrations`: the last of each app; `vanished`: files deleted
    during the backup; `of`: Django's alias of the database. Only the main database has files."""

    made_at: str
    version: str
    vendor: str
    tables: dict[str, int] = field(default_factory=dict)
    migrations: dict[str, str] = field(default_factory=dict)
    pieces: dict[str, BackupPiece] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    format: int = MANIFEST_FORMAT
    of: str = MAIN_ALIAS

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @property
    def files(self) -> dict[str, BackupPiece]:
        """Return everything except the database: path in the backup → piece."""
        return {name: piece for name, piece in self.pieces.items() if name != DATABASE_MEMBER}

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def parse_manifest(content: bytes) -> Manifest:
    """Parse the manifest. Raises `BackupFailed` if it is invalid or of a later format."""
    try:
        fields: dict[str, Any] = json.loads(content)
        if fields["format"] != MANIFEST_FORMAT:
            raise BackupFailed(
                f"The backup has form {fields['format']}, this version reads {MANIFEST_FORMAT}:"
                " use a newer version."
            )
        fields["pieces"] = {name: BackupPiece(**piece) for name, piece in fields["pieces"].items()}
        manifest = Manifest(**fields)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupFailed("The list of what is in the backup cannot be read.") from error
    for name in manifest.files:
        storage_place(name)
    return manifest


def storage_place(name: str) -> tuple[str, str]:
    """Return Django's storage alias and the file's name in it, for `private/…` or `public/…`.

    Raises `BackupFailed` for every other path, so that no backup writes outside the two storages.
    """
    path = PurePosixPath(name)
    folder, inside = path.parts[0] if path.parts else "", path.parts[1:]
    if folder not in STORAGES or not inside or ".." in inside or str(path) != name:
        raise BackupFailed(f"The backup names a place where no file belongs: {name!r}.")
    return STORAGES[folder], "/".join(inside)


def count_rows(
    connection: BaseDatabaseWrapper,
    tables: Iterable[str],
    execute: Callable[[str], object],
    fetchone: Callable[[], Any],
) -> dict[str, int]:
    """Return the number of rows of each table."""
    found = {}
    for table in sorted(tables):
        name = connection.ops.quote_name(table)
        execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608  # nosec B608  a table is no parameter; its name is quoted
        found[table] = (fetchone() or (0,))[0]
    return found


def parse_recipients(words: Sequence[str]) -> list[Any]:
    """Return pyrage recipients from `age1…` or lines such as `ssh-ed25519 …`.

    Raises `BackupFailed` if there is none or one is invalid: a backup must be readable by somebody.
    """
    given = [word.strip() for word in words if word.strip()]
    if not given:
        raise BackupFailed(
            "Nobody is named who could open the backup. Set BACKUP_RECIPIENTS or give --recipient (age1…);"
            " there is no backup without encryption. docs/running.md tells how to make a key."
        )
    return [_parse_recipient(word) for word in given]


def _parse_recipient(word: str) -> Any:
    if word.upper().startswith("AGE-SECRET-KEY-"):  # not in the message: logs are read
        raise BackupFailed(
            "A recipient is a secret key. Give the public one (age1…); the secret one does not belong here."
        )
    try:
        return ssh.Recipient.from_str(word) if word.startswith("ssh-") else x25519.Recipient.from_str(word)
    except RecipientError as error:
        raise BackupFailed(f"{word} is no recipient: it is age1… or the line of an SSH key.") from error


def read_identities(path: Path) -> list[Any]:
    """Return what decrypts a backup: a file of `age-keygen`, or a private SSH key without a passphrase.

    Raises `BackupFailed` if the file cannot be read or contains no such key.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BackupFailed(f"{path} cannot be read: {error.strerror}.") from error
    try:
        if b"OPENSSH PRIVATE KEY" in content or b"RSA PRIVATE KEY" in content:
            return [ssh.Identity.from_buffer(content)]
        lines = (line.strip() for line in content.decode("ascii", "replace").splitlines())
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except IdentityError as error:
        raise BackupFailed(f"{path} holds no identity that can be used (AGE-SECRET-KEY-…).") from error
    if not found:
        raise BackupFailed(f"{path} holds no identity (AGE-SECRET-KEY-…).")
    return found


COPY_CHUNK_BYTES = 1 << 20  # bytes read at once
SPOOL_MAX_BYTES = 8 << 20  # bytes of one file; larger ones use the private folder


def list_stored_files() -> set[str]:
    """Return every file of both storages, as `private/…` and `public/…`, without partial files."""
    return {
        f"{folder}/{name}"
        for folder, storage in STORAGES.items()
        for name in iter_file_names(storages[storage])
    }


def iter_file_names(storage: Storage) -> Iterator[str]:
    """Yield the names of all files of a storage, in every folder, without partial files."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            folders, names = storage.listdir(folder)
        except FileNotFoundError:  # nothing was stored yet, or the folder was deleted meanwhile
            continue
        before = f"{folder}/" if folder else ""
        waiting += [f"{before}{name}" for name in folders if name]
        yield from (f"{before}{name}" for name in names if name and not is_partial(name))


def copy_and_hash(source: IO[bytes], target: IO[bytes] | None) -> BackupPiece:
    """Copy in chunks, or only read if there is no target. Return length and hash of what was read."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(COPY_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return BackupPiece(size=size, sha256=digest.hexdigest())


def open_file_copy(name: str, folder: Path) -> tuple[IO[bytes], BackupPiece] | None:
    """Return a copy of a stored file, opened at its beginning; the caller closes it. None if it is gone.

    It is a copy because a tar needs the length before the content, and a file may change while read.
    """
    with ExitStack() as closing:
        copy: IO[bytes] = closing.enter_context(
            SpooledTemporaryFile(max_size=SPOOL_MAX_BYTES, dir=str(folder))
        )
        piece = stored_piece(name, copy)
        if piece is None:
            return None
        copy.seek(0)
        closing.pop_all()  # the caller closes it
        return copy, piece


def stored_piece(name: str, target: IO[bytes] | None = None) -> BackupPiece | None:
    """Return what is currently stored under this name, or None. Copy it to `target`, if given."""
    storage, inside = storage_place(name)
    try:
        with storages[storage].open(inside, "rb") as stored:
            return copy_and_hash(stored, target)
    except FileNotFoundError:
        return None


def differing_files(manifest: Manifest) -> list[str]:
    """Return the names under which the stored file differs from the backup."""
    there = list_stored_files() & manifest.files.keys()
    return sorted(name for name in there if stored_piece(name) != manifest.files[name])


def store_file(name: str, content: IO[bytes]) -> None:
    """Store the content under exactly this name, replacing what is there.

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
