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
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import run_due
from coalition.sandbox.run import SandboxFailed, SandboxStopped
from documents.files import public_copy
from documents.files.metadata.sound import NotCleaned
from documents.files.public_copy import clean_in_sandbox, public_bytes
from documents.models import StoredFile
from events.models import EventKit, KitItem
from events.press.kit.actions import CLEAN_KIT_FILE, CLEANING_INTERVAL, kit_link_token, plan_copies
from events.press.kit.models import KitWay
from events.press.kit.queries import files_for_kit
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
    linked = f"/event-kit/{kit_link_token(EventKit.objects.get())}/"
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
    assert not files_for_kit(access).exists()
    page = sign_in(client, here.user()).get(broken.get_absolute_url()).content.decode()
    assert "This file cannot go out in public, since its metadata cannot be removed." in page


def older(film: StoredFile) -> None:
    """Make the file one that was put into its kit before files were cleaned."""
    StoredFile.objects.filter(pk=film.pk).update(clean_file="", clean_sha256="", clean_size=0)


def test_a_file_of_an_older_kit_that_cannot_be_cleaned_is_not_given_out(client, here, event, film) -> None:
    item = put(here.access(), event, file=film)
    older(film)
    with film.file.storage.open(film.file.name, "wb") as stored:
        stored.write(box(b"ftyp", CANARY))
    plan_copies()
    run_due(worker="a")
    address = f"/en/events/{event.slug}/kit/"
    answers = [client.get(f"{address}{item.uuid}/"), client.get(f"{address}all.zip"), client.get(address)]
    assert [answer.status_code for answer in answers] == [410, 404, 200]
    assert "What was here is not given out any more." in answers[2].content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_nobody_outside_starts_the_cleaning_of_a_file(client, here, event, film, monkeypatch, method) -> None:
    item = put(here.access(), event, file=film)
    older(film)
    monkeypatch.setattr(public_copy, "_clean", None)
    for address in addresses(here, event):
        for path in (f"{item.uuid}/", "all.zip"):
            answer = getattr(client, method)(address + path)
            assert answer.status_code == 503, path
            assert int(answer["Retry-After"]) > 0
            assert answer["Cache-Control"] == "no-store, private"


def test_pages_say_that_a_file_is_being_prepared(client, here, event, film) -> None:
    item = put(here.access(), event, file=film)
    put(here.access(), event, file=file_of(here.access()))
    older(film)
    address = f"/en/events/{event.slug}/kit/"
    page = client.get(address).content.decode()
    assert page.count("This file is being prepared. Look again in a few minutes.") == 1
    assert f"{item.uuid}/" not in page
    assert "being prepared" in client.get(f"{address}{item.uuid}/").content.decode()
    with zipfile.ZipFile(io.BytesIO(read(client.get(f"{address}all.zip")))) as archive:
        assert len(archive.namelist()) == 2
        assert "This file is being prepared." in archive.read(archive.namelist()[0]).decode("utf-8-sig")


@pytest.mark.parametrize("how", ["worker", "terms"])
def test_a_file_of_an_older_kit_is_cleaned_by_a_worker(client, here, event, film, how) -> None:
    item = put(here.access(), event, file=film)
    older(film)
    if how == "worker":
        plan_copies()
    else:
        kit(here.access(), event, way=KitWay.MOMENT, opens_at=now(), on_page=True)
    assert DueWork.objects.filter(kind=CLEAN_KIT_FILE, key=str(film.uuid)).count() == 1
    run_due(worker="a")
    sent = read(client.get(f"/en/events/{event.slug}/kit/{item.uuid}/"))
    assert CANARY not in sent
    assert StoredFile.objects.get().clean_sha256 == hashlib.sha256(sent).hexdigest()


def test_copies_are_planned_one_after_another_and_only_where_they_are_missing(here, event, film) -> None:
    others = [file_of(here.access(), f"film{number}.mp4", content=FILM) for number in range(2)]
    for one in (film, *others):
        put(here.access(), event, file=one)
    plan_copies()
    assert not DueWork.objects.filter(kind=CLEAN_KIT_FILE).exists()
    for one in (film, others[0]):
        older(one)
    plan_copies()
    due = list(
        DueWork.objects.filter(kind=CLEAN_KIT_FILE).order_by("due_at").values_list("due_at", flat=True)
    )
    assert due == [now(), now() + CLEANING_INTERVAL]
    DueWork.objects.filter(kind=CLEAN_KIT_FILE).update(attempts=3)
    plan_copies()
    assert set(DueWork.objects.filter(kind=CLEAN_KIT_FILE).values_list("attempts", flat=True)) == {3}


@pytest.mark.parametrize("failure", [SandboxStopped("killed"), SandboxFailed("no memory for a fork")])
def test_a_cleaning_that_fails_for_want_of_time_is_tried_again(here, event, monkeypatch, failure) -> None:
    access = here.access()
    letter = file_of(access, "letter.docx", content=document_samples.docx())

    def fail(*_given: object, **_named: object) -> bytes:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(public_copy, "run_sandboxed", fail)
        with pytest.raises(Refused, match="Try again"):
            put(access, event, file=letter)
    assert StoredFile.objects.get().not_cleaned == ""
    monkeypatch.setattr(public_copy, "run_sandboxed", lambda *_given, **_named: b"clean\nPK")
    put(access, event, file=letter)
    assert StoredFile.objects.get().clean_size == 2


def test_a_worker_tries_a_cleaning_again_that_failed(here, event, film, monkeypatch) -> None:
    put(here.access(), event, file=film)
    older(film)
    StoredFile.objects.update(content_type="application/pdf")

    def fail(*_given: object, **_named: object) -> bytes:
        raise SandboxStopped("killed")

    monkeypatch.setattr(public_copy, "run_sandboxed", fail)
    plan_copies()
    run_due(worker="a")
    work = DueWork.objects.get(kind=CLEAN_KIT_FILE)
    assert (work.attempts, work.done_at) == (1, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "content"),
    [("office", document_samples.docx()), ("wav", None), ("mp3", None), ("ogg", None), ("pdf", None)],
)
def test_documents_and_sounds_are_cleaned_in_a_process_of_their_own(kind: str, content: bytes | None) -> None:
    if content is not None:
        assert clean_in_sandbox(content, kind).startswith(b"PK")
    else:
        with pytest.raises(NotCleaned, match="broken"):
            clean_in_sandbox(b"nothing of the kind", kind)


def test_the_reason_of_the_process_is_told(here, event) -> None:
    access = here.access()
    with pytest.raises(Refused, match="A password protects the file"):
        put(access, event, file=file_of(access, "list.odt", content=LOCKED))
