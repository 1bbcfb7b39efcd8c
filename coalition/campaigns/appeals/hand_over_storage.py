"""The files of hand-overs in the private storage. They hold names, so each lies there encrypted.

The key of a hand-over stands in its row, sealed: it changes with NAMES_KEY like all sealed fields, and a file
whose row was never written, or whose key is gone, is read by nobody.
"""

import datetime
import hashlib
from collections.abc import Mapping
from functools import partial

from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from coalition.campaigns.appeals.models import HandOver
from coalition.campaigns.appeals.models.hand_over import FOLDER
from coalition.core.clock import now
from coalition.core.retention import days_ago
from documents.files.models import private_storage

KINDS = ("pdf", "csv")
DAYS_OF_ORPHANS = 1  # a file without a row may be one whose row is being written


def store_files(hand_over: HandOver, files: Mapping[str, bytes]) -> None:
    """Encrypt and store these files by kind, with their SHA-256 on the row. The caller saves the row, and
    calls `discard_files` if that fails."""
    key = Fernet.generate_key()
    hand_over.file_key = key.decode()
    for kind, content in files.items():
        getattr(hand_over, kind).save("", ContentFile(Fernet(key).encrypt(content)), save=False)
        setattr(hand_over, f"{kind}_sha256", hashlib.sha256(content).hexdigest())


def read_file(hand_over: HandOver, kind: str) -> bytes:
    """Return the file as it was made. Raises OSError if it is not there."""
    with getattr(hand_over, kind).open("rb") as stored:
        return Fernet(hand_over.file_key).decrypt(stored.read())


def discard_files(hand_over: HandOver) -> None:
    """Delete the files now, of a row that was not written."""
    for kind in KINDS:
        field = getattr(hand_over, kind)
        if field.name:
            field.storage.delete(field.name)


def delete_files(hand_overs: QuerySet[HandOver]) -> int:
    """Delete the files of these hand-overs, and their keys, with the caller's transaction. Counts and hashes
    stay. Returns how many hand-overs."""
    rows = list(hand_overs.filter(files_deleted_at=None).select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        for kind in KINDS:
            field = getattr(row, kind)
            if field.name:
                transaction.on_commit(partial(field.storage.delete, field.name))
            field.name = ""
        row.file_key = ""
        row.files_deleted_at = now()
        row.save(update_fields=[*KINDS, "file_key", "files_deleted_at"])
        row.supports.clear()
    return len(rows)


def delete_orphans() -> int:
    """Delete files without a row, which a process that was killed left behind. Returns how many."""
    storage = private_storage()
    known = {name for pair in HandOver.objects.values_list(*KINDS) for name in pair}
    gone = 0
    for folder in _listed(FOLDER)[0]:
        for name in _listed(f"{FOLDER}/{folder}")[1]:
            path = f"{FOLDER}/{folder}/{name}"
            if path not in known and _written(path) < days_ago(DAYS_OF_ORPHANS):
                storage.delete(path)
                gone += 1
    return gone


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return private_storage().listdir(folder)
    except FileNotFoundError:
        return [], []


def _written(path: str) -> datetime.datetime:
    return private_storage().get_modified_time(path)
