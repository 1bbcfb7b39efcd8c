"""A file on the disk has its name when all of it lies there, and what a killed process leaves is no file."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from coalition.backup.archive import list_stored_files
from coalition.storage.disk import WholeFiles
from tests.home.ageing import days, half

KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.configure()
django.setup()
from django.core.files.base import File
from coalition.storage.disk import WholeFiles

class Content(File):
    def chunks(self, chunk_size=None):
        yield b"first half"
        os.kill(os.getpid(), signal.SIGKILL)

WholeFiles(location=sys.argv[1]).save("plan.pdf", Content(None, name="plan.pdf"))
"""


@pytest.fixture
def storage(tmp_path: Path) -> WholeFiles:
    return WholeFiles(location=tmp_path)


def test_all_of_it_lies_on_the_disk_before_it_has_its_name_and_the_name_after(
    storage: WholeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut cannot be had here: what is looked at is the order of what the system is asked for."""
    told: list[tuple[str, bool]] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        told.append(("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file", storage.exists("a.txt")))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    storage.save("a.txt", ContentFile(b"words"))
    assert told == [("file", False), ("folder", True)]
    assert storage.listdir("") == ([], ["a.txt"])


@pytest.mark.slow
def test_a_killed_process_leaves_a_half_that_goes_after_a_day(tmp_path: Path, storage: WholeFiles) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (left,) = tmp_path.iterdir()
    assert left.name != "plan.pdf"
    assert not list(storage.halves(older_than=left.stat().st_mtime))
    assert list(storage.halves(older_than=left.stat().st_mtime + 1)) == [left]


def test_no_backup_takes_a_half() -> None:
    default_storage.save("notes/whole.txt", ContentFile(b"words"))
    path = half(days(0))
    assert "private/notes/whole.txt" in list_stored_files()
    assert not [one for one in list_stored_files() if one.endswith(".half")]
    path.unlink()
