"""What becomes of an upload whose bytes are all here, and of one that nobody goes on with."""

import datetime
import hashlib
import io
import zipfile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from PIL import Image

from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.items import remove_item
from coalition.campaigns.media_package.actions.renditions import prepare_rendition
from coalition.campaigns.media_package.enums import RenditionState
from coalition.campaigns.media_package.models import FileUpload, Rendition, UploadPiece
from coalition.campaigns.media_package.uploads import pieces
from coalition.campaigns.media_package.uploads.actions import ASSEMBLE
from coalition.campaigns.media_package.uploads.assembly import assemble_upload
from coalition.campaigns.media_package.uploads.retention import DAYS_WITHOUT_PROGRESS, forget_uploads
from coalition.core.clock import now
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import run_due
from coalition.storage.disk import StorageFull
from coalition.workspaces.models import Seat
from documents.drafts.models import Handling
from documents.files import actions as file_actions
from documents.files.models import StoredFile
from tests.campaigns.media_package.builders import Press, last_attempt
from tests.campaigns.media_package.uploads.builders import PIECE, Sender, film, stored_pieces

pytestmark = pytest.mark.django_db
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\n%s\n"
SRT = b"1\n00:00:00,000 --> 00:00:02,000\n%s\n"


@pytest.fixture
def assemble(django_capture_on_commit_callbacks):
    """Do the due work, and what follows its commit."""

    def run(upload: FileUpload) -> FileUpload:
        with django_capture_on_commit_callbacks(execute=True):
            assemble_upload(str(upload.uuid))
        return FileUpload.objects.get(pk=upload.pk)

    return run


def bytes_of(file: StoredFile) -> bytes:
    with file.file.open("rb") as opened:
        return opened.read()


def picture() -> bytes:
    out = io.BytesIO()
    made = Image.new("RGB", (40, 30), "red")
    exif = made.getexif()
    exif[0x010E] = "A private place"
    made.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_the_pieces_become_a_file_of_the_item(sender: Sender, here: Press, assemble) -> None:
    content = film(5 * PIECE + 77)
    upload = assemble(sender.send_all(content, piece=2 * PIECE))

    made = Rendition.objects.get()
    assert upload.rendition == made
    assert upload.finished_at is not None
    assert (made.item, made.format, made.language, made.file_name) == (
        sender.item,
        "1080p25",
        "kk",
        "film_1080p25_kk_v1.mp4",
    )
    stored = StoredFile.objects.get()
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert bytes_of(stored) == content
    assert (stored.content_type, stored.name) == ("video/mp4", "film.mp4")
    assert Handling(stored.handling) == Handling.WORKSPACE
    assert (stored.uploaded_by, stored.organisation) == (here.made.coordinator, here.access.organisation)
    assert AuditEntry.objects.filter(action="file.shared", target=stored.uuid).count() == 1
    assert AuditEntry.objects.filter(action="media_item.file_added", target=sender.item.uuid).count() == 1
    assert (upload.pieces.count(), stored_pieces(upload)) == (0, [])

    prepare_rendition(str(made.uuid))
    made.refresh_from_db()
    assert made.state == RenditionState.READY


def test_doing_it_twice_makes_one_file(sender: Sender, assemble) -> None:
    upload = assemble(sender.send_all(film()))
    assemble(upload)
    assert Rendition.objects.count() == StoredFile.objects.count() == 1


def test_two_workers_at_once_make_one_file(sender: Sender, assemble, monkeypatch) -> None:
    upload = sender.send_all(film())
    real, raced = file_actions.digest_of, []

    def slow(content):
        if not raced:
            raced.append(True)
            assemble_upload(str(upload.uuid))
        return real(content)

    monkeypatch.setattr(file_actions, "digest_of", slow)
    before = set(_files())
    assemble(upload)
    assert Rendition.objects.count() == StoredFile.objects.count() == 1
    assert len(set(_files()) - before) == 1


def _files() -> list[str]:
    storage = storages["default"]
    try:
        folders = storage.listdir("files")[0]
    except FileNotFoundError:
        return []
    return [name for folder in folders for name in storage.listdir(f"files/{folder}")[1]]


def test_an_upload_that_is_not_whole_becomes_nothing(sender: Sender, assemble) -> None:
    upload = sender.begun(3 * PIECE)
    sender.send(upload, 0, film()[:PIECE])
    assemble(upload)
    assert not StoredFile.objects.exists()
    assert upload.pieces.count() == 1


def test_what_begins_as_a_film_and_is_an_archive_is_refused_in_words(sender: Sender, assemble) -> None:
    out = io.BytesIO(film(2 * PIECE))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("a.txt", "words")
    upload = assemble(sender.send_all(out.getvalue()))
    assert upload.failure
    assert (upload.finished_at, upload.rendition) == (None, None)
    assert stored_pieces(upload) == []
    assert not StoredFile.objects.exists()
    assert sender.ask("HEAD", sender.path(upload)).status_code == 410


def test_pictures_are_encoded_anew(sender: Sender, assemble) -> None:
    assemble(sender.send_all(picture(), name="a.jpg", rendition_format="4x5"))
    stored = StoredFile.objects.get()
    assert (stored.width, stored.height) == (40, 30)
    assert b"A private place" not in bytes_of(stored)


@pytest.mark.parametrize(
    "words", ["Hello", "<v Aru>Hello</v>", "<c.loud>Hi</c> <00:00:01.000>now", "<i>Oh</i>"]
)
@pytest.mark.parametrize(("kind", "name"), [(VTT, "a.vtt"), (SRT, "a.srt")])
def test_captions_are_taken(sender: Sender, assemble, words: str, kind: bytes, name: str) -> None:
    upload = assemble(sender.send_all(kind % words.encode(), name=name, rendition_format="subtitles"))
    assert upload.failure == ""
    assert upload.rendition is not None


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=x>",
        "<v Aru onload=alert(1)>Hi</v>",
        "<c ONCLICK = x>Hi</c>",
        "<a href='https://x'>x</a>",
        "javascript:alert(1)",
        "<b",
        "2 < 3",
    ],
)
@pytest.mark.parametrize(("kind", "name"), [(VTT, "a.vtt"), (SRT, "a.srt")])
def test_captions_with_a_program_are_refused(
    sender: Sender, assemble, words: str, kind: bytes, name: str
) -> None:
    upload = assemble(sender.send_all(kind % words.encode(), name=name, rendition_format="subtitles"))
    assert upload.failure
    assert not StoredFile.objects.exists()


def test_a_refusal_is_in_the_language_of_the_person(sender: Sender, here: Press, assemble) -> None:
    here.made.coordinator.language = "en"
    here.made.coordinator.save(update_fields=["language"])
    upload = assemble(sender.send_all(b"no captions", name="a.srt", rendition_format="subtitles"))
    assert upload.failure == "There is no caption in this file."


def test_who_lost_the_right_meanwhile_brings_no_file(sender: Sender, here: Press, assemble) -> None:
    upload = sender.send_all(film())
    Seat.objects.filter(person=here.made.coordinator).update(ended_at=now())
    upload = assemble(upload)
    assert upload.failure
    assert not StoredFile.objects.exists()


def test_an_item_that_was_taken_out_meanwhile_gets_no_file(sender: Sender, here: Press, assemble) -> None:
    upload = sender.send_all(film())
    remove_item(access=here.access, item=sender.item)
    assert assemble(upload).failure
    assert not StoredFile.objects.exists()


def test_a_full_disk_is_waited_for(sender: Sender, assemble, monkeypatch) -> None:
    upload = sender.send_all(film())

    def full(*_given: object, **_named: object) -> str:
        raise StorageFull

    with monkeypatch.context() as patched:
        patched.setattr(storages["default"], "save", full)
        with pytest.raises(StorageFull):
            assemble_upload(str(upload.uuid))
    assert assemble(upload).rendition is not None


def test_work_that_was_given_up_is_done_when_somebody_asks(sender: Sender) -> None:
    upload = sender.send_all(film())
    work = DueWork.objects.filter(kind=ASSEMBLE, key=str(upload.uuid))
    work.update(done_at=now(), attempts=8)
    assert sender.offset(upload) == upload.size
    assert work.get().done_at is None


def test_work_that_is_given_up_is_said_and_tried_again_at_a_press(sender: Sender, monkeypatch) -> None:
    upload = sender.send_all(film())
    with monkeypatch.context() as patched:
        patched.setattr(storages["default"], "open", _lost)
        last_attempt(ASSEMBLE, str(upload.uuid))
    page = sender.client.get(reverse("campaigns:media_item", args=[sender.item.uuid])).content.decode()
    again = reverse("campaigns:media_upload_again", args=[upload.uuid])
    assert f'action="{again}"' in page
    assert f'data-cancel-upload="{sender.path(upload)}"' in page
    assert len(stored_pieces(upload)) == 3

    assert sender.client.post(again).status_code == 302
    run_due(worker="test")
    upload.refresh_from_db()
    assert (upload.failure, upload.rendition) == ("", Rendition.objects.get())
    words = sender.client.post(again, follow=True).content.decode()
    assert "This upload has ended" in words
    assert Rendition.objects.count() == 1


def _lost(*_given: object, **_named: object) -> None:
    raise OSError("the storage answers nothing")


def test_the_assembled_file_is_read_from_any_place(sender: Sender) -> None:
    content = bytes(range(256)) * 1000
    upload = sender.begun(len(content))
    at = 0
    for size in (70_000, 1, 100_000, len(content) - 170_001):
        name = pieces.store_piece(upload, at, io.BytesIO(content[at : at + size]))
        UploadPiece.objects.create(upload=upload, offset=at, size=size, name=name)
        at += size
    with pieces.open_pieces(upload) as whole:
        assert whole.read() == content
        for place, count in ((69_990, 30), (0, 5), (170_000, 2), (len(content) - 3, 9)):
            whole.seek(place)
            assert whole.read(count) == content[place : place + count]
        assert whole.seek(0, io.SEEK_END) == len(content)
        assert whole.read(1) == b""
    UploadPiece.objects.filter(offset=70_000).delete()
    with pytest.raises(ValueError, match="missing"):
        pieces.open_pieces(upload)


def test_an_upload_without_progress_is_deleted_after_a_day(
    sender: Sender, django_capture_on_commit_callbacks
) -> None:
    upload = sender.begun(3 * PIECE)
    sender.send(upload, 0, film()[:PIECE])
    day = datetime.timedelta(days=DAYS_WITHOUT_PROGRESS)
    with time_machine.travel(now() + day - datetime.timedelta(minutes=2), tick=False):
        assert forget_uploads() == 0
    assert len(stored_pieces(upload)) == 1
    with (
        time_machine.travel(now() + day + datetime.timedelta(minutes=2), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        forget_uploads()
    assert not FileUpload.objects.exists()
    assert stored_pieces(upload) == []


def test_an_upload_that_is_whole_waits_for_a_worker_that_was_away(sender: Sender, assemble) -> None:
    upload = sender.send_all(film())
    with time_machine.travel(now() + datetime.timedelta(days=3), tick=False):
        assert forget_uploads() == 0
    assert assemble(upload).rendition is not None


def test_pieces_without_a_row_are_deleted_and_those_of_running_uploads_stay(sender: Sender) -> None:
    upload = sender.begun(3 * PIECE)
    lost = storages["default"].save(f"uploads/{upload.uuid}/0-lost", ContentFile(b"lost"))
    gone = storages["default"].save("uploads/01890000-0000-7000-8000-000000000000/0", ContentFile(b"lost"))
    with time_machine.travel(now() + datetime.timedelta(hours=20), tick=False):
        assert sender.send(upload, 0, film()[:PIECE]).status_code == 204
    assert forget_uploads() == 0  # of the last day
    with time_machine.travel(now() + datetime.timedelta(hours=25), tick=False):
        assert forget_uploads() == 2
    assert not storages["default"].exists(lost)
    assert not storages["default"].exists(gone)
    assert stored_pieces(upload) == [upload.pieces.get().name.rpartition("/")[2]]
