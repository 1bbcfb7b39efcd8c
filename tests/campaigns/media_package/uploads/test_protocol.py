"""Uploads in pieces, as tus 1.0.0 says, and what is refused."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import Client
from django.urls import reverse

from coalition.campaigns.media_package.actions.items import remove_item
from coalition.campaigns.media_package.models import FileUpload
from coalition.campaigns.media_package.uploads import actions, pieces
from coalition.campaigns.media_package.uploads.actions import (
    CLEANED_IN_MEMORY_MAX_BYTES,
    MOST_OPEN_UPLOADS,
    UPLOAD_MAX_BYTES,
)
from coalition.campaigns.media_package.uploads.pieces import PIECE_BYTES
from coalition.jobs.models import DueWork
from coalition.roles import SeatRole
from coalition.storage.disk import StorageFull
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.uploads.builders import PIECE, Sender, film, stored_pieces
from tests.factories import seat

pytestmark = pytest.mark.django_db
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def assembly_is_due(upload: FileUpload) -> bool:
    return DueWork.objects.filter(kind=actions.ASSEMBLE, key=str(upload.uuid)).exists()


def test_the_server_says_what_it_can(sender: Sender) -> None:
    answer = sender.ask("OPTIONS", reverse("campaigns:media_uploads", args=[sender.item.uuid]))
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination"
    assert int(answer["Tus-Max-Size"]) == UPLOAD_MAX_BYTES


def test_a_file_arrives_piece_by_piece(sender: Sender) -> None:
    content = film()
    answer = sender.begin(len(content), name="C:\\films\\film.mp4")
    upload = FileUpload.objects.get()
    assert urlsplit(answer["Location"]).path == sender.path(upload)
    assert (upload.name, upload.format, upload.language, upload.size) == (
        "film.mp4",
        "1080p25",
        "kk",
        len(content),
    )
    head = sender.ask("HEAD", sender.path(upload))
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("0", str(len(content)))
    assert head["Cache-Control"] == "no-store"

    answer = sender.send(upload, 0, content[:PIECE])
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(PIECE))
    assert not assembly_is_due(upload)
    sender.send(upload, PIECE, content[PIECE:])
    assert sender.offset(upload) == len(content)
    assert assembly_is_due(upload)
    assert len(stored_pieces(upload)) == 2


def test_an_upload_goes_on_where_it_stopped(sender: Sender, client_of, here: Press) -> None:
    content = film()
    upload = sender.begun(len(content))
    sender.send(upload, 0, content[:PIECE])
    later = Sender(client_of(here.made.coordinator), sender.item)  # the page was closed
    offset = later.offset(upload)
    assert offset == PIECE
    assert later.send(upload, offset, content[offset:]).status_code == 204


def test_a_broken_piece_leaves_nothing_and_is_sent_again(sender: Sender) -> None:
    content = film(2 * PIECE_BYTES)
    upload = sender.begun(len(content))
    sender.send(upload, 0, content[:PIECE_BYTES])
    broken = sender.send_broken(upload, PIECE_BYTES, content[PIECE_BYTES : PIECE_BYTES + 9000], PIECE_BYTES)
    assert broken.status_code == 400
    assert "connection" in broken.content.decode()
    assert sender.offset(upload) == PIECE_BYTES
    assert len(stored_pieces(upload)) == 1
    assert sender.send(upload, PIECE_BYTES, content[PIECE_BYTES:]).status_code == 204


@pytest.mark.parametrize("offset", [0, PIECE - 1, 2 * PIECE])
def test_a_piece_out_of_order_or_sent_twice_changes_nothing(sender: Sender, offset: int) -> None:
    content = film()
    upload = sender.begun(len(content))
    sender.send(upload, 0, content[:PIECE])
    before = stored_pieces(upload)
    answer = sender.send(upload, offset, content[:PIECE])
    assert (answer.status_code, answer["Upload-Offset"]) == (409, str(PIECE))
    assert stored_pieces(upload) == before
    assert sender.offset(upload) == PIECE


def test_the_slower_of_two_equal_requests_deletes_its_piece(sender: Sender, monkeypatch) -> None:
    content = film()
    upload = sender.begun(len(content))
    real, raced = actions.store_piece, []

    def slow(row: FileUpload, offset: int, piece) -> str:
        name = real(row, offset, piece)
        if not raced:
            raced.append(name)
            assert sender.send(upload, 0, content[:PIECE]).status_code == 204
        return name

    monkeypatch.setattr(actions, "store_piece", slow)
    answer = sender.send(upload, 0, content[:PIECE])
    assert (answer.status_code, answer["Upload-Offset"]) == (409, str(PIECE))
    assert stored_pieces(upload) == [upload.pieces.get().name.rpartition("/")[2]]
    assert raced[0] != upload.pieces.get().name


def test_more_than_was_announced_is_refused_in_words(sender: Sender) -> None:
    content = film()
    upload = sender.begun(len(content))
    answer = sender.send(upload, 0, content + b"more")
    assert (answer.status_code, sender.offset(upload)) == (413, 0)
    assert "More was sent" in answer.content.decode()
    sender.send(upload, 0, content)
    assert sender.send(upload, len(content), b"x").status_code == 413
    assert upload.pieces.count() == 1


def test_a_piece_larger_than_8_mb_is_refused_in_words(sender: Sender) -> None:
    upload = sender.begun(3 * PIECE_BYTES)
    answer = sender.send(upload, 0, film(PIECE_BYTES + 1))
    assert (answer.status_code, stored_pieces(upload)) == (413, [])
    assert "8 MB" in answer.content.decode()


def test_a_body_without_length_is_read_up_to_the_limit(monkeypatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_BYTES", PIECE)
    scope = {"type": "http", "method": "PATCH", "path": "/", "headers": []}  # chunked: no Content-Length
    piece, size = pieces.receive_piece(ASGIRequest(scope, BytesIO(bytes(PIECE))), most=9 * PIECE)
    piece.close()
    assert size == PIECE
    with pytest.raises(pieces.PieceTooLarge):
        pieces.receive_piece(ASGIRequest(scope, BytesIO(bytes(PIECE + 1))), most=9 * PIECE)


def test_pieces_of_a_few_bytes_are_refused(sender: Sender) -> None:
    content = film()
    upload = sender.begun(len(content))
    assert sender.send(upload, 0, content[: PIECE - 1]).status_code == 400
    assert stored_pieces(upload) == []


@pytest.mark.parametrize("kind", ["application/octet-stream", "multipart/form-data", "video/mp4"])
def test_another_content_type_is_refused(sender: Sender, kind: str) -> None:
    upload = sender.begun(3 * PIECE)
    answer = sender.send(upload, 0, film(), Content_Type=kind)
    assert (answer.status_code, sender.offset(upload)) == (415, 0)


@pytest.mark.parametrize("whole", [True, False])
def test_html_called_mp4_is_refused_with_its_first_piece(sender: Sender, whole: bool) -> None:
    content = HTML + bytes(3 * PIECE)
    upload = sender.begun(len(content))
    answer = sender.send(upload, 0, content if whole else content[:PIECE])
    assert answer.status_code == 422
    assert "not what its ending “.mp4” says" in answer.content.decode()
    assert not FileUpload.objects.exists()
    assert stored_pieces(upload) == []


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"name": "film.exe"}, 422, "not taken"),
        ({"name": ""}, 422, "no name"),
        ({"rendition_format": "x"}, 422, "Choose what the file is"),
        ({"language": "xx"}, 422, "Choose what the file is"),
        ({"Upload_Length": 0}, 422, "empty"),
        ({"Upload_Length": "-5"}, 400, "size of the file is missing"),
        ({"Upload_Length": "5e3"}, 400, "size of the file is missing"),
        ({"Upload_Length": UPLOAD_MAX_BYTES + 1}, 413, "limit is 4096 MB"),
        ({"Upload_Length": 26 * 1024**2, "name": "a.png"}, 413, "limit is 25 MB"),
        ({"Upload_Length": CLEANED_IN_MEMORY_MAX_BYTES + 1, "name": "a.wav"}, 413, "limit is 200 MB"),
        ({"Upload_Metadata": "filename %%%"}, 422, "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(
    sender: Sender, given: dict[str, object], status: int, words: str
) -> None:
    answer = sender.begin(1000, **given)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert not FileUpload.objects.exists()


def test_another_version_of_the_protocol_is_refused(sender: Sender) -> None:
    answer = sender.begin(1000, Tus_Resumable="0.2.2")
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert not FileUpload.objects.exists()


def test_a_full_disk_is_said_before_anything_is_sent(sender: Sender, monkeypatch) -> None:
    free = 10 * PIECE_BYTES
    monkeypatch.setattr(actions.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": free}))
    answer = sender.begin(free // 2 + 1)
    assert answer.status_code == 507
    assert "no room left" in answer.content.decode()
    sender.begun(free // 2)
    assert sender.begin(PIECE).status_code == 507  # the rest is promised to the first one


def test_a_disk_that_gets_full_keeps_what_is_here(sender: Sender, monkeypatch) -> None:
    content = film()
    upload = sender.begun(len(content))
    sender.send(upload, 0, content[:PIECE])

    def full(*_given: object) -> str:
        raise StorageFull

    with monkeypatch.context() as patched:
        patched.setattr(actions, "store_piece", full)
        answer = sender.send(upload, PIECE, content[PIECE:])
    assert answer.status_code == 507
    assert "no room left" in answer.content.decode()
    assert sender.offset(upload) == PIECE
    assert sender.send(upload, PIECE, content[PIECE:]).status_code == 204


def test_one_person_has_ten_uploads_under_way(sender: Sender) -> None:
    for _number in range(MOST_OPEN_UPLOADS):
        sender.begun(PIECE)
    answer = sender.begin(PIECE)
    assert answer.status_code == 422
    assert "not finished" in answer.content.decode()


def test_an_item_that_was_taken_out_gets_no_file(sender: Sender, here: Press) -> None:
    remove_item(access=here.access, item=sender.item)
    answer = sender.begin(PIECE)
    assert answer.status_code == 422
    assert "taken out" in answer.content.decode()


def test_a_cancelled_upload_is_gone_with_its_pieces(
    sender: Sender, django_capture_on_commit_callbacks
) -> None:
    upload = sender.begun(3 * PIECE)
    sender.send(upload, 0, film()[:PIECE])
    with django_capture_on_commit_callbacks(execute=True):
        assert sender.ask("DELETE", sender.path(upload)).status_code == 204
    assert stored_pieces(upload) == []
    assert sender.ask("HEAD", sender.path(upload)).status_code == 404


def test_an_upload_is_open_to_its_own_person_alone(sender: Sender, here: Press, client_of) -> None:
    upload = sender.begun(3 * PIECE)
    row = seat(workspace=here.made.workspace, role=SeatRole.EDITOR)
    other = Sender(client_of(row.person), sender.item)
    for method in ("HEAD", "PATCH", "DELETE"):
        answer = other.ask(method, sender.path(upload), Upload_Offset=0)
        assert answer.status_code == 404
    assert FileUpload.objects.filter(pk=upload.pk, received=0).exists()
    other.begun(PIECE)


def test_only_who_edits_packages_uploads(sender: Sender, here: Press, client_of) -> None:
    row = seat(workspace=here.made.workspace, role=SeatRole.CONTRIBUTOR)
    answer = Sender(client_of(row.person), sender.item).begin(PIECE)
    assert answer.status_code == 403
    assert "Editors and coordinators" in answer.content.decode()
    outside = Sender(client_of(seat(role=SeatRole.COORDINATOR).person), sender.item)
    assert outside.begin(PIECE).status_code == 404
    assert Sender(Client(), sender.item).begin(PIECE).status_code == 302
    assert not FileUpload.objects.exists()


def test_a_forged_request_is_refused_and_a_token_in_the_header_is_taken(sender: Sender) -> None:
    content = film()
    upload = sender.begun(len(content))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = sender.client.cookies
    forged = Sender(strict, sender.item)
    assert forged.send(upload, 0, content).status_code == 403
    page = strict.get(reverse("campaigns:media_item", args=[sender.item.uuid]))
    token = page.context["csrf_token"]
    assert forged.send(upload, 0, content, X_CSRFToken=token).status_code == 204


def test_other_methods_are_refused(sender: Sender) -> None:
    upload = sender.begun(PIECE)
    answer = sender.ask("GET", sender.path(upload))
    assert answer.status_code == 405
    assert "PATCH" in answer["Allow"]
