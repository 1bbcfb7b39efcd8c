"""Delete temporary files left by killed processes: they may contain erased data."""

from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction

from coalition.core.retention import days_ago, register_retention_rule
from coalition.storage.disk import WholeFiles

PARTIAL_FILE_DAYS = 1  # longer than any upload


def register_cleanup() -> None:
    """Register the retention rule. Call once."""
    register_retention_rule(
        "stored.forget_halves",
        delete_partial_files,
        of="files on the disk: what a process wrote that was killed before the file was whole",
        until=f"{PARTIAL_FILE_DAYS} day",
    )


def delete_partial_files() -> int:
    """Delete them in both storages, at the end of the transaction. Return the count. S3 has
    none."""
    before = days_ago(PARTIAL_FILE_DAYS).timestamp()
    both = (storages[name] for name in ("default", "public"))
    places = [one for one in both if isinstance(one, WholeFiles)]
    left = [path for place in places for path in place.halves(older_than=before)]
    transaction.on_commit(lambda: _delete_paths(left))
    return len(left)


def _delete_paths(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
