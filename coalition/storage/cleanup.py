"""Delete temporary files left by killed processes: they may contain erased data."""

from functools import partial

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
    """Delete them in both storages after the commit. Return the count. S3 has none."""
    before = days_ago(PARTIAL_FILE_DAYS).timestamp()
    both = (storages[name] for name in ("default", "public"))
    on_disk = [one for one in both if isinstance(one, WholeFiles)]
    partial_files = [path for storage in on_disk for path in storage.halves(older_than=before)]
    for path in partial_files:
        transaction.on_commit(partial(path.unlink, missing_ok=True))
    return len(partial_files)
