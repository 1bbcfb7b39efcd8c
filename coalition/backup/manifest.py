"""What stands in a backup about itself: counts, hashes, versions."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from coalition.backup.errors import BackupFailed

MANIFEST_FORMAT = 1
MANIFEST_NAME = "manifest.json"
DATABASE_MEMBER = "database"
MAIN_ALIAS = "default"  # Django's name of the main database
STORAGES = {"private": "default", "public": "public"}  # folder in the backup → Django's name of the storage


@dataclass(frozen=True)
class BackupPiece:
    """One file in the backup: its length in bytes and the SHA-256 of its content, in hex."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """`tables`: rows of each; `migrations`: the last of each app; `vanished`: files that went meanwhile;
    `of`: which database, by Django's name. Files are the main one's."""

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
        """What is not the database: place in the backup → piece."""
        return {name: piece for name, piece in self.pieces.items() if name != DATABASE_MEMBER}

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def parse_manifest(content: bytes) -> Manifest:
    """Read it. Raises `BackupFailed` for what is none, or one of a later form."""
    try:
        told: dict[str, Any] = json.loads(content)
        if told["format"] != MANIFEST_FORMAT:
            raise BackupFailed(
                f"The backup has form {told['format']}, this version reads {MANIFEST_FORMAT}: use a newer version."
            )
        told["pieces"] = {name: BackupPiece(**piece) for name, piece in told["pieces"].items()}
        made = Manifest(**told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupFailed("The list of what is in the backup cannot be read.") from error
    for name in made.files:
        storage_place(name)
    return made


def storage_place(name: str) -> tuple[str, str]:
    """Django's name of the storage, and the file's name in it, for `private/…` or `public/…`.

    Raises `BackupFailed` for every other place, so that no backup writes outside of the two.
    """
    path = PurePosixPath(name)
    folder, inside = path.parts[0] if path.parts else "", path.parts[1:]
    if folder not in STORAGES or not inside or ".." in inside or str(path) != name:
        raise BackupFailed(f"The backup names a place where no file belongs: {name!r}.")
    return STORAGES[folder], "/".join(inside)
