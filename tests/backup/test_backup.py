"""A backup is whole, encrypted and true, or it is not there; the way back takes nothing for granted."""

import io
import json
import os
import signal
import stat
import tarfile
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage import decrypt, encrypt, x25519

from coalition.accounts.models import User
from coalition.backup import archive, write
from coalition.backup.archive import WORK_FOLDER_NAME, backup_work_folder, storage_place
from coalition.backup.errors import BackupFailed
from tests.factories import OrganisationFactory, UserFactory

CANARY = "Kanarenvogel-7361"
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Desk:
    """An operator with a key and a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "backups"
        self.identity = x25519.Identity.generate()
        self.key = folder / "key.txt"
        self.key.write_text(f"# made for this test\n{self.identity}\n")

    def backup(self, *more: str) -> Path:
        """Returns the file."""
        before = set(self.folder.glob("*")) if self.folder.exists() else set()
        call_command("backup", str(self.folder), *more, recipient=[str(self.identity.to_public())])
        (made,) = set(self.folder.glob("*")) - before
        return made

    def restore(self, path: Path, **options: object) -> None:
        call_command("restore", str(path), identity=self.key, **options)

    def opened(self, path: Path) -> dict[str, bytes]:
        """Name → content of what is in the file."""
        with tarfile.open(fileobj=io.BytesIO(decrypt(path.read_bytes(), [self.identity]))) as tar:
            found = ((entry.name, tar.extractfile(entry)) for entry in tar)
            return {name: content.read() for name, content in found if content is not None}

    def sealed(self, content: dict[str, bytes]) -> Path:
        """A file made by hand, as by somebody who has the public key."""
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w") as tar:
            for name, words in content.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(words)
                tar.addfile(entry, io.BytesIO(words))
        path = self.folder / "by-hand.tar.age"
        path.write_bytes(encrypt(plain.getvalue(), [self.identity.to_public()]))
        return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    for folder in ("private", "public"):
        for name in [one for one in archive.list_stored_files() if one.startswith(folder)]:
            archive.delete_stored_file(name)
    return Desk(tmp_path)


@pytest.fixture
def things() -> User:
    """A person, organisations, and files in both storages, one of them in a folder, one empty, one large."""
    default_storage.save("notes/a.txt", ContentFile(CANARY.encode()))
    default_storage.save("notes/deep/empty.bin", ContentFile(b""))
    default_storage.save("large.bin", ContentFile(b"0123456789abcdef" * 600_000))
    storages["public"].save("poster.txt", ContentFile("Қорғау".encode()))
    OrganisationFactory.create_batch(3)
    return UserFactory(name=CANARY)


def stored() -> dict[str, object]:
    return {name: archive.stored_piece(name) for name in archive.list_stored_files()}


def left_in_the_clear() -> bool:
    return (settings.BACKUP_WORKPLACE / WORK_FOLDER_NAME).exists()


def test_there_and_back(desk: Desk, things: User, capsys: pytest.CaptureFixture[str]) -> None:
    before, there = stored(), User.objects.count()
    path = desk.backup()
    things.delete()
    UserFactory.create_batch(2)
    default_storage.delete("notes/a.txt")
    default_storage.save("later.txt", ContentFile(b"later"))
    capsys.readouterr()
    desk.restore(path, replace=True, yes=True)
    said = capsys.readouterr().out
    assert stored() == before
    assert User.objects.count() == there
    assert User.objects.get(uuid=things.uuid).name == CANARY
    assert "every table has the rows that the backup counted" in said
    assert "private/later.txt was not in the backup and is deleted" in said
    assert not left_in_the_clear()


def test_the_file_is_for_its_reader_alone(desk: Desk, things: User) -> None:
    path = desk.backup()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert CANARY.encode() not in content
    assert [one.name for one in desk.folder.iterdir()] == [path.name]
    assert not left_in_the_clear()


def test_it_tells_what_is_in_it(desk: Desk, things: User) -> None:
    content = desk.opened(desk.backup())
    told = json.loads(content["manifest.json"])
    assert told["tables"]["partners_organisation"] == 3
    assert told["tables"]["partners_user"] == 1
    assert told["vendor"] == connection.vendor
    assert told["version"]
    assert told["migrations"]["partners"]
    assert told["pieces"]["private/notes/deep/empty.bin"]["size"] == 0
    assert told["pieces"].keys() == content.keys() - {"manifest.json"}


def test_secrets_are_not_in_it(desk: Desk, things: User) -> None:
    everything = b"".join(desk.opened(desk.backup()).values())
    for secret in (settings.SECRET_KEY, *settings.NAMES_KEYS, *settings.TOTP_KEYS, settings.VAPID_KEY):
        assert secret.encode() not in everything


def test_nobody_named_no_backup(desk: Desk) -> None:
    with pytest.raises(CommandError, match="no backup without encryption"):
        call_command("backup", str(desk.folder))
    assert not desk.folder.exists()


def test_recipients_come_from_the_settings(desk: Desk, settings) -> None:
    settings.BACKUP_RECIPIENTS = [str(desk.identity.to_public())]
    call_command("backup", str(desk.folder))
    desk.restore(next(desk.folder.iterdir()), check=True)


def test_each_of_several_opens_it(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other") if (tmp_path / "other").mkdir() is None else desk
    path = desk.backup("--recipient", str(other.identity.to_public()))
    call_command("backup", str(other.folder), recipient=[str(d.identity.to_public()) for d in (desk, other)])
    (both,) = other.folder.iterdir()
    for one in (desk, other):
        one.restore(both, check=True)
    assert path.exists()


@pytest.mark.parametrize("wrong", ["age1nonsense", "ssh-ed25519 AAAA", "somebody"])
def test_a_wrong_recipient_is_named(desk: Desk, wrong: str) -> None:
    with pytest.raises(CommandError, match=wrong):
        call_command("backup", str(desk.folder), recipient=[wrong])


def test_a_secret_key_is_no_recipient_and_is_not_repeated(desk: Desk) -> None:
    with pytest.raises(CommandError, match="secret key") as told:
        call_command("backup", str(desk.folder), recipient=[str(desk.identity)])
    assert str(desk.identity) not in str(told.value)


def test_another_key_opens_nothing(desk: Desk, things: User, tmp_path: Path) -> None:
    path = desk.backup()
    desk.key.write_text(f"{x25519.Identity.generate()}\n")
    with pytest.raises(CommandError, match="encrypted to somebody else"):
        desk.restore(path, replace=True, yes=True)
    assert User.objects.filter(uuid=things.uuid).exists()


@pytest.mark.parametrize("content", ["", "# only a comment\n", "age1nothing\n", "nonsense"])
def test_a_key_that_is_none(desk: Desk, content: str) -> None:
    desk.key.write_text(content)
    with pytest.raises(CommandError, match="identity"):
        desk.restore(desk.folder / "whatever", check=True)


def test_a_cut_file_is_refused_before_anything_is_written(desk: Desk, things: User) -> None:
    path = desk.backup()
    whole, before = path.read_bytes(), stored()
    default_storage.delete("notes/a.txt")
    frame = len(whole) - whole.index(b"\n--- ") - 49 - 16  # what comes after the header and its nonce
    at_a_frame = len(whole) - frame + 3 * (64 * 1024 + 16)
    for length in (0, 10, 150, at_a_frame, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CommandError, match="damaged, cut or no backup"):
            desk.restore(path, replace=True, yes=True)
    assert stored().keys() == before.keys() - {"private/notes/a.txt"}
    assert not left_in_the_clear()


def test_a_flipped_byte_is_refused_before_anything_is_written(desk: Desk, things: User) -> None:
    path = desk.backup()
    whole = path.read_bytes()
    default_storage.delete("notes/a.txt")
    for place in (30, 400, len(whole) // 3, len(whole) - 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(CommandError, match=r"damaged|somebody else"):
            desk.restore(path, replace=True, yes=True)
    assert not default_storage.exists("notes/a.txt")


@pytest.mark.parametrize("name", ["private/notes/a.txt", "manifest.json", "database"])
def test_what_is_not_as_its_list_says_is_refused(desk: Desk, things: User, name: str) -> None:
    """Whoever has the public key can make a file; its list must hold."""
    content = desk.opened(desk.backup())
    UserFactory()
    for changed in (
        content | {name: content[name][:-1] + b"?"},
        {k: v for k, v in content.items() if k != name},
    ):
        with pytest.raises(CommandError, match=r"its list says|cannot be read"):
            desk.restore(desk.sealed(changed), replace=True, yes=True)
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "name", ["private/../outside", "/etc/passwd", "elsewhere/a", "private", "public//a", ""]
)
def test_no_backup_writes_outside_of_the_storages(name: str) -> None:
    with pytest.raises(BackupFailed):
        storage_place(name)


def test_rows_that_are_not_the_counted_ones_are_refused(desk: Desk, things: User) -> None:
    content = desk.opened(desk.backup())
    told = json.loads(content["manifest.json"])
    del told["tables"]["partners_user"]
    with pytest.raises(CommandError, match="than its list says"):
        desk.restore(desk.sealed(content | {"manifest.json": json.dumps(told).encode()}), check=True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"vendor": "oracle"}, "of the same kind"),
        ({"migrations": {"partners": "9999_later"}}, "newer version"),
        ({"migrations": {"audit": "0002_initial", "home": "0011_pages_version"}}, "no longer has"),
        ({"format": 2}, "newer version"),
    ],
)
def test_what_is_not_for_here_is_refused(
    desk: Desk, things: User, changes: dict[str, object], why: str
) -> None:
    content = desk.opened(desk.backup())
    told = json.loads(content["manifest.json"]) | changes
    path = desk.sealed(content | {"manifest.json": json.dumps(told).encode()})
    with pytest.raises(CommandError, match=why):
        desk.restore(path, replace=True, yes=True)
    assert User.objects.filter(uuid=things.uuid).exists()


def test_a_database_with_accounts_is_not_replaced_unasked(desk: Desk, things: User) -> None:
    path = desk.backup()
    UserFactory()
    with pytest.raises(CommandError, match="--replace"):
        desk.restore(path)
    assert User.objects.count() == 2


def test_replacing_takes_the_name_of_the_database(
    desk: Desk, things: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.backup()
    UserFactory()
    for typed in ("yes", ""):
        monkeypatch.setattr("builtins.input", lambda _question, typed=typed: typed)
        with pytest.raises(CommandError, match="Nothing was changed"):
            desk.restore(path, replace=True)
    assert User.objects.count() == 2
    name = Path(str(connection.settings_dict["NAME"])).name
    monkeypatch.setattr("builtins.input", lambda _question: name)
    desk.restore(path, replace=True)
    assert User.objects.count() == 1


def test_other_files_of_the_same_name_are_not_replaced_unasked(desk: Desk, things: User) -> None:
    path = desk.backup()
    User.objects.all().delete()
    default_storage.delete("notes/a.txt")
    default_storage.save("notes/a.txt", ContentFile(b"other words"))
    with pytest.raises(CommandError, match=r"private/notes/a\.txt"):
        desk.restore(path)
    assert not User.objects.exists()


def test_a_file_that_goes_meanwhile_is_named(
    desk: Desk, things: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = archive.list_stored_files

    def and_gone() -> set[str]:
        found = listed()
        default_storage.delete("notes/a.txt")
        return found

    monkeypatch.setattr(write, "list_stored_files", and_gone)
    path = desk.backup()
    assert "private/notes/a.txt went while" in capsys.readouterr().err
    monkeypatch.undo()
    assert json.loads(desk.opened(path)["manifest.json"])["vanished"] == ["private/notes/a.txt"]
    desk.restore(path, check=True)


def test_people_go_on_writing_meanwhile(desk: Desk, things: User) -> None:
    """One moment: of two rows that are always written together the backup has both or neither."""
    stop = threading.Event()

    def write() -> None:
        try:
            while not stop.is_set():
                OrganisationFactory()
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for one in writers:
        one.start()
    try:
        paths = [desk.backup()]
    finally:
        stop.set()
        for one in writers:
            one.join()
    desk.restore(paths[0], replace=True, yes=True)


def test_one_run_at_a_time(desk: Desk) -> None:
    with backup_work_folder(), pytest.raises(CommandError, match="running already"):
        desk.backup()


def test_what_a_killed_run_left_is_removed(desk: Desk) -> None:
    left = settings.BACKUP_WORKPLACE / WORK_FOLDER_NAME
    left.mkdir()
    (left / "database").write_text(CANARY)
    desk.backup()
    assert not left.exists()


def test_a_failing_database_leaves_nothing(desk: Desk, things: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise BackupFailed("for this test")

    monkeypatch.setattr(write, "copy_and_hash", fail)
    with pytest.raises(CommandError, match="for this test"):
        desk.backup()
    assert not list(desk.folder.iterdir())
    assert not left_in_the_clear()


def test_being_stopped_leaves_nothing(desk: Desk, things: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service manager stops with SIGTERM, a connection that ends with SIGHUP."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        monkeypatch.setattr(
            write, "open_file_copy", lambda *_args, number=number: os.kill(os.getpid(), number)
        )
        with pytest.raises(SystemExit):
            desk.backup()
        assert not list(desk.folder.iterdir())
        assert not left_in_the_clear()


def test_if_the_database_cannot_be_written_it_is_as_it_was(
    desk: Desk, things: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.backup()
    UserFactory()

    def fail(_connection: object, _dumped: Path) -> None:
        raise BackupFailed("for this test")

    broken = SimpleNamespace(load=fail, check=lambda *_told: None, recover=lambda _connection: None)
    monkeypatch.setattr(write, "engine_for", lambda _of: broken)
    with pytest.raises(CommandError, match="for this test"):
        desk.restore(path, replace=True, yes=True)
    assert User.objects.count() == 2
