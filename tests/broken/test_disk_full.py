"""A disk that is full, a small one of the test's own: nothing half-written, people told, and it goes on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519

from tests.broken.product import Answer, Person, Product, on_sqlite

SIZE = 64  # MB
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n" + b"x" * 3_000_000 + b"\ntrailer<<>>\n%%EOF\n"
TOLD = {
    "kk": ("файлдарға орын қалмады", "Біздің жақта орын қалмады"),
    "ru": ("не осталось места для файлов", "У нас не осталось места"),
    "en": ("no room left for files", "There is no room left on our side"),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for everything that the product writes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        no_disk = "only root, with the right to mount, may make a small disk here: none can be full"
        if os.geteuid() == 0 or "CI" in os.environ:  # where all must run a skip would look like a success
            pytest.fail(no_disk)
        pytest.skip(no_disk)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


class Filler:
    """Takes all the room but so many bytes, and gives it back."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "filler"

    def fill(self, *, but: int = 0) -> None:
        self.empty()
        free = os.statvfs(self._file.parent)
        with self._file.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize - but))

    def empty(self) -> None:
        self._file.unlink(missing_ok=True)


def _share(product: Product, person: Person, token: str) -> Answer:
    path = f"/workspaces/{person.workspace}/files/"
    fields = {"alt": "", "caption": "Words that stay", "credit": "", "handling": "amber"}
    return product.send(
        path, fields, token=token, person=person, file=("plan.pdf", PDF), language=person.language
    )


def _begin_draft(product: Product, person: Person, token: str) -> Answer:
    fields = {"title": "A draft", "kind": "statement", "first_language": "ru", "handling": "amber"}
    path = f"/workspaces/{person.workspace}/drafts/new/"
    return product.send(path, fields, token=token, person=person, language=person.language)


def _files(product: Product) -> set[str]:
    """Names of files in both storages, hidden ones too."""
    places = [product.folder / "private", product.folder / "public"]
    return {path.name for place in places for path in place.rglob("*") if path.is_file()}


def test_people_are_told_in_their_language_and_nothing_is_half_there(disk: Path, tmp_path: Path) -> None:
    product, room = on_sqlite(disk / "site", TMPDIR=str(tmp_path), SECURE_SSL_REDIRECT="false"), Filler(disk)
    product.log = tmp_path / "log"
    people = product.members(*TOLD)
    with product.serving():
        tokens = [product.token(f"/workspaces/{one.workspace}/files/", one) for one in people]
        room.fill(but=1_000_000)
        for person, token in zip(people, tokens, strict=True):
            refused = _share(product, person, token)
            assert refused.status == 422
            assert TOLD[person.language][0] in refused.words
            assert "Words that stay" in refused.words
        assert not _files(product)
        room.fill()
        for person, token in zip(people, tokens, strict=True):
            refused = _begin_draft(product, person, token)
            assert refused.status == 507
            assert TOLD[person.language][1] in refused.words
        _reads_on(product)
        room.empty()
        for person, token in zip(people, tokens, strict=True):
            assert _share(product, person, token).status == 302
            assert _begin_draft(product, person, token).status == 302
    assert len(_files(product)) == len(people)
    assert [one["name"] for one in product.tell("files")] == ["plan.pdf"] * len(people)
    assert product.tell("drafts") == len(people)


def test_a_backup_onto_a_full_disk_leaves_nothing(disk: Path, tmp_path: Path) -> None:
    product, room, key = on_sqlite(tmp_path / "site"), Filler(disk), x25519.Identity.generate()
    words = ("backup", str(disk / "backups"), "--recipient", str(key.to_public()))
    room.fill(but=300_000)
    assert "No space left" in product.refused(*words)
    assert not list((disk / "backups").iterdir())
    room.empty()
    product.do(*words)
    (made,) = (disk / "backups").iterdir()
    (tmp_path / "key").write_text(f"{key}\n")
    product.do("restore", str(made), "--identity", str(tmp_path / "key"), "--check")


def _reads_on(product: Product) -> None:
    for language in TOLD:
        assert product.ask(f"/{language}/").status == 200
    assert product.ask("/healthz").status == 200
