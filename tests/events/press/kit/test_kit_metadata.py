"""Files of a kit leave without metadata, by every way; members read them as they were sent."""

import hashlib
import io
import zipfile

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from coalition.core.clock import now
from coalition.core.errors import Refused
from documents.files import public_copy
from documents.files.public_copy import clean_apart, public_bytes
from documents.models import StoredFile
from events.models import EventKit, KitItem
from events.press.kit.actions.settings import link_token
from events.press.kit.enums import KitWay
from events.press.kit.queries.choices import files_to_give
from tests.conftest import sign_in
from tests.documents.files.metadata import document_samples, media_samples
from tests.documents.files.metadata.media_samples import CANARY, box
from tests.documents.files.test_files_pages import read
from tests.events.planning.builders import press_conference, stage
from tests.events.press.kit.builders import file_of, journalist, kit, page_of, put

pytestmark = pytest.mark.django_db
FILM = media_samples.mp4()
LOCKED = document_samples.open_document(entry="<manifest:encryption-data/>")


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    made = press_conference(here.access("coordinator"))
    kit(here.access(), made, way=KitWay.MOMENT, opens_at=now(), on_page=True)
    return made


@pytest.fixture
def film(here) -> StoredFile:
    return file_of(here.access(), "film.mp4", content=FILM)


def addresses(here, event) -> list[str]:
    """The page of the kit behind each of its doors."""
    linked = f"/event-kit/{link_token(EventKit.objects.get())}/"
    return [f"/en/events/{event.slug}/kit/", linked, page_of(journalist(here.access(), event))]


def test_a_film_leaves_clean_by_every_way(client, here, event, film) -> None:
    item = put(here.access(), event, file=film)
    for address in addresses(here, event):
        sent = client.get(f"{address}{item.uuid}/")
        content = read(sent)
        assert len(content) == len(FILM)
        assert CANARY not in content
        assert sent["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        with zipfile.ZipFile(io.BytesIO(read(client.get(f"{address}all.zip")))) as archive:
            assert content in [archive.read(name) for name in archive.namelist()]
            assert not any(CANARY in archive.read(name) for name in archive.namelist())


def test_members_read_the_film_as_it_was_sent(client, here, event, film) -> None:
    put(here.access(), event, file=film)
    member = sign_in(client, here.user())
    assert read(member.get(reverse("documents:download", args=[film.uuid]))) == FILM
    assert StoredFile.objects.get().sha256 == hashlib.sha256(FILM).hexdigest()


def test_the_copy_is_made_once(here, event, film, monkeypatch) -> None:
    put(here.access(), event, file=film)
    monkeypatch.setattr(public_copy, "_clean", None)
    stored = public_bytes(StoredFile.objects.get())
    assert stored.file.name.startswith("clean/")
    with stored.file.open("rb") as copy:
        assert CANARY not in copy.read()


def test_a_file_that_cannot_be_cleaned_is_refused_with_the_reason(client, here, event) -> None:
    access = here.access()
    broken = file_of(access, "film.mp4", content=box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + box(b"mdat"))
    with pytest.raises(Refused, match="broken or incomplete"):
        put(access, event, file=broken)
    assert not KitItem.objects.exists()
    assert not files_to_give(access).exists()
    page = sign_in(client, here.user()).get(broken.get_absolute_url()).content.decode()
    assert "This file cannot go out in public, since its metadata cannot be removed." in page


def test_a_file_of_an_older_kit_that_cannot_be_cleaned_is_not_given_out(client, here, event, film) -> None:
    """It was put there before files were cleaned: the first who takes it is told."""
    item = put(here.access(), event, file=film)
    cleaned = {"clean_file": "", "clean_sha256": "", "clean_size": 0}
    StoredFile.objects.update(**cleaned)
    with film.file.storage.open(film.file.name, "wb") as stored:
        stored.write(box(b"ftyp", CANARY))
    address = f"/en/events/{event.slug}/kit/"
    answers = [client.get(f"{address}{item.uuid}/"), client.get(f"{address}all.zip"), client.get(address)]
    assert [answer.status_code for answer in answers] == [410, 404, 200]
    assert "What was here is not given out any more." in answers[2].content.decode()


def test_a_file_of_an_older_kit_is_cleaned_when_it_is_taken(client, here, event, film) -> None:
    item = put(here.access(), event, file=film)
    StoredFile.objects.update(clean_file="", clean_sha256="", clean_size=0)
    sent = read(client.get(f"/en/events/{event.slug}/kit/{item.uuid}/"))
    assert CANARY not in sent
    assert StoredFile.objects.get().clean_sha256 == hashlib.sha256(sent).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "content"),
    [("office", document_samples.docx()), ("wav", None), ("mp3", None), ("ogg", None), ("pdf", None)],
)
def test_documents_and_sounds_are_cleaned_in_a_process_of_their_own(kind: str, content: bytes | None) -> None:
    if content is not None:
        assert clean_apart(content, kind).startswith(b"PK")
    else:
        with pytest.raises(public_copy.NotCleaned, match="broken"):
            clean_apart(b"nothing of the kind", kind)


def test_the_reason_of_the_process_is_told(here, event) -> None:
    access = here.access()
    with pytest.raises(Refused, match="A password protects the file"):
        put(access, event, file=file_of(access, "list.odt", content=LOCKED))
