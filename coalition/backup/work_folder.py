"""A private folder for what lies on a disk in the clear for a while: one run at a time, always emptied."""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from django.conf import settings

from coalition.backup.errors import BackupFailed

WORK_FOLDER_NAME = "backup-work"


@contextmanager
def backup_work_folder() -> Iterator[Path]:
    """The folder `backup-work` in DATA_DIR, readable by this user alone, gone afterwards.

    What a run left that was killed goes when the next begins. Raises `BackupFailed` while another runs.
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
    """The file, new or emptied, readable by this user alone."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w+b")


@contextmanager
def _exit_on_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the run as an error does, so that what lies in the clear is removed."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
