"""Halves of files that killed processes left: they may hold what was forgotten since."""

from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction

from coalition.core.retention import days_ago, rule
from coalition.storage.disk import WholeFiles

DAYS_HALF = 1  # no upload takes so long


def register() -> None:
    """Say how long; once."""
    rule(
        "stored.forget_halves",
        forget_halves,
        of="files on the disk: what a process wrote that was killed before the file was whole",
        until=f"{DAYS_HALF} day",
    )


def forget_halves() -> int:
    """Delete them in both storages, when the transaction ends. Returns how many. On S3 there are none."""
    before = days_ago(DAYS_HALF).timestamp()
    both = (storages[name] for name in ("default", "public"))
    places = [one for one in both if isinstance(one, WholeFiles)]
    left = [path for place in places for path in place.halves(older_than=before)]
    transaction.on_commit(lambda: _delete(left))
    return len(left)


def _delete(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
