"""Whom a backup is encrypted to, and the identity that opens it (age)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyrage import IdentityError, RecipientError, ssh, x25519

from coalition.backup.errors import BackupFailed


def parse_recipients(words: Sequence[str]) -> list[Any]:
    """Recipients as pyrage wants them, from `age1…` or lines such as `ssh-ed25519 …`.

    Raises `BackupFailed` where there is none, or one is wrong: there is no backup that anybody can read.
    """
    given = [word.strip() for word in words if word.strip()]
    if not given:
        raise BackupFailed(
            "Nobody is named who could open the backup. Set BACKUP_RECIPIENTS or give --recipient (age1…);"
            " there is no backup without encryption. docs/running.md tells how to make a key."
        )
    return [_parse_recipient(word) for word in given]


def _parse_recipient(word: str) -> Any:
    if word.upper().startswith("AGE-SECRET-KEY-"):  # not repeated in the message: logs are read
        raise BackupFailed(
            "A recipient is a secret key. Give the public one (age1…); the secret one does not belong here."
        )
    try:
        return ssh.Recipient.from_str(word) if word.startswith("ssh-") else x25519.Recipient.from_str(word)
    except RecipientError as error:
        raise BackupFailed(f"{word} is no recipient: it is age1… or the line of an SSH key.") from error


def read_identities(path: Path) -> list[Any]:
    """What opens a backup: a file of `age-keygen`, or a private SSH key without a passphrase.

    Raises `BackupFailed` where the file cannot be read or holds no such key.
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
