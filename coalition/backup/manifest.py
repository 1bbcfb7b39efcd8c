"""The metadata of a backup: counts, hashes, versions."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from pyrage import IdentityError, RecipientError, ssh, x25519

from coalition.backup.errors import BackupFailed

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
        told: dict[str, Any] = json.loads(content)
        if told["format"] != MANIFEST_FORMAT:
            raise BackupFailed(
                f"The backup has form {told['format']}, this version reads {MANIFEST_FORMAT}:"
                " use a newer version."
            )
        told["pieces"] = {name: BackupPiece(**piece) for name, piece in told["pieces"].items()}
        made = Manifest(**told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupFailed("The list of what is in the backup cannot be read.") from error
    for name in made.files:
        storage_place(name)
    return made


def storage_place(name: str) -> tuple[str, str]:
    """Return Django's storage alias and the file's name in it, for `private/…` or `public/…`.

    Raises `BackupFailed` for every other path, so that no backup writes outside the two storages.
    """
    path = PurePosixPath(name)
    folder, inside = path.parts[0] if path.parts else "", path.parts[1:]
    if folder not in STORAGES or not inside or ".." in inside or str(path) != name:
        raise BackupFailed(f"The backup names a place where no file belongs: {name!r}.")
    return STORAGES[folder], "/".join(inside)


# --- row counts ---
# Row counts of a database: stored in the manifest, compared after a restoration.


def count_rows(
    connection: BaseDatabaseWrapper,
    tables: Iterable[str],
    execute: Callable[[str], object],
    fetchone: Callable[[], Any],
) -> dict[str, int]:
    """Return the number of rows of each table. A table name cannot be a query parameter, so it
    is quoted."""
    found = {}
    for table in sorted(tables):
        name = connection.ops.quote_name(table)
        execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608  # nosec B608  a table is no parameter; its name is quoted
        found[table] = (fetchone() or (0,))[0]
    return found


# --- keys ---
# Recipients of a backup, and the identity that decrypts it (age).


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
    """Return what decrypts a backup: a file of `age-keygen`, or a private SSH key without a
    passphrase.

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
