"""Files move from the disk of the small size into other storages: all of them, or the reason."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from coalition.backup.errors import BackupFailed
from coalition.backup.transfer import FilesCopied, copy_files
from coalition.storage.disk import WholeFiles

FILES = {"private/2026/plan.pdf": b"plan", "private/a.txt": b"a", "public/original_images/poster.png": b"png"}


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    """A disk with files, and settings that name other storages."""
    for name, content in FILES.items():
        kind, _slash, inside = name.partition("/")
        WholeFiles(location=str(tmp_path / "disk" / kind)).save(inside, ContentFile(content))
    (tmp_path / "disk" / "private" / ".0123.half").write_bytes(b"not whole")
    settings.STORAGES = settings.STORAGES | {
        alias: {
            "BACKEND": "coalition.storage.disk.WholeFiles",
            "OPTIONS": {"location": str(tmp_path / alias)},
        }
        for alias in ("default", "public")
    }
    return tmp_path / "disk"


def stored():
    aliases = {"private": "default", "public": "public"}
    found = {}
    for name in FILES:
        kind, _slash, inside = name.partition("/")
        if storages[aliases[kind]].exists(inside):
            with storages[aliases[kind]].open(inside) as file:
                found[name] = file.read()
    return found


def test_every_file_is_copied_once_and_the_disk_stays_as_it_was(folder):
    assert copy_files(folder, dry_run=True) == FilesCopied(copied=3, there=0, size=8)
    assert stored() == {}
    assert copy_files(folder) == FilesCopied(copied=3, there=0, size=8)
    assert stored() == FILES
    assert not storages["default"].exists(".0123.half")
    assert copy_files(folder) == FilesCopied(copied=0, there=3, size=0)
    assert {name for name in FILES if (folder / name).exists()} == set(FILES)


def test_a_file_that_differs_is_sent_again(folder):
    copy_files(folder)
    storages["default"].delete("a.txt")
    storages["default"].save("a.txt", ContentFile(b"b"))
    assert copy_files(folder).copied == 1
    assert stored() == FILES


def test_a_storage_that_is_the_disk_itself_is_refused(folder, settings):
    storages["default"].location = str(folder / "private")
    with pytest.raises(BackupFailed, match="MEDIA_URL_S3"):
        copy_files(folder)


def test_the_command_says_what_it_did_and_refuses_a_folder_without_files(folder, tmp_path, capsys):
    call_command("copy_files", str(folder))
    assert "3 files" in capsys.readouterr().out
    with pytest.raises(CommandError, match="neither private/ nor public/"):
        call_command("copy_files", str(tmp_path / "none"))
