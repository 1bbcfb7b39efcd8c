"""Files: what is taken, what is cleaned, who gets them, in which pieces."""

import io
import zipfile

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from coalition.audit.models import AuditEntry
from documents.drafts.live.backend import edit_text
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from tests.documents.conftest import body, suggestion_of

CANARY = "canary-7f3a"


def picture(form="JPEG", size=(40, 20), **save):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **save)
    return out.getvalue()


def document(inside="word/document.xml", *more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", inside, *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def open_document(kind="application/vnd.oasis.opendocument.text"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + b"\x00" * 400


def read(response):
    async def gather():
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(gather)()


def send(client, room, name, content, **given):
    sent = {"file": SimpleUploadedFile(name, content), "handling": Handling.WORKSPACE, **given}
    return client.post(reverse("documents:files", args=[room.workspace.uuid]), sent)


def share(room, name="list.pdf", content=PDF, by="editor", **given):
    return upload_file(
        access=room.access(by), content=io.BytesIO(content), size=len(content), name=name, **given
    )


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("photo.jpg", picture(), "image/jpeg"),
        ("photo.PNG", picture("PNG"), "image/png"),
        ("photo.webp", picture("WEBP"), "image/webp"),
        ("drawing.gif", picture("GIF"), "image/gif"),
        ("photo.avif", picture("AVIF"), "image/avif"),
        ("letter.pdf", PDF, "application/pdf"),
        (
            "letter.docx",
            document(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("letter.odt", open_document(), "application/vnd.oasis.opendocument.text"),
        ("film.mp4", MP4, "video/mp4"),
        ("talk.mp3", MP3, "audio/mpeg"),
        ("list.csv", "name,city\nӘсел,Алматы\n".encode(), "text/csv"),
        ("notes.txt", "Қысқаша".encode(), "text/plain"),
    ],
)
def test_what_is_taken(room, client_of, name, content, media_type):
    answer = send(client_of(room.user("contributor")), room, name, content)
    file = StoredFile.objects.get()
    assert answer["Location"] == file.get_absolute_url()
    assert (file.name, file.content_type) == (name, media_type)
    assert file.file.name == f"files/{file.uuid.hex[:2]}/{file.uuid}"
    assert AuditEntry.objects.filter(action="file.shared", target=file.uuid).exists()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", SVG),
        ("drawing.png", SVG),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("page.txt", b"<!doctype html><script>alert(1)</script>"),
        ("page.pdf", b"<html>%PDF-1.7"),
        ("photo.jpg", PDF),
        ("photo.png", picture("JPEG")),
        ("photo.jpg", picture("GIF")),
        ("photo.jpg", picture()[:200]),
        ("letter.docx", document("other.xml")),
        ("letter.docx", document("word/document.xml", "word/vbaProject.bin")),
        ("letter.odt", open_document("text/html")),
        ("letter.pdf", PDF + document()),
        ("photo.png", picture("PNG") + document()),
        ("program.exe", b"MZ" + b"\x00" * 200),
        ("program.pdf", b"MZ" + b"\x00" * 200),
        ("program.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("notes.txt", b"\x00\x01\x02"),
        ("notes.txt", "Привет".encode("cp1251")),
        ("archive.zip", document()),
        ("nothing.pdf", b""),
        ("noending", PDF),
        (".pdf", PDF),
    ],
)
def test_what_is_refused_in_words_and_leaves_nothing(room, client_of, name, content):
    answer = send(client_of(room.user("contributor")), room, name, content)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_thirty_megabytes_are_refused(room, client_of):
    answer = send(client_of(room.user("contributor")), room, "list.pdf", PDF + b"\x00" * (30 * 1024**2))
    assert answer.status_code == 422
    assert "the limit is 25 MB" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_four_hundred_million_pixels_are_refused_before_they_are_unpacked(room, client_of):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    answer = send(client_of(room.user("contributor")), room, "huge.png", out.getvalue())
    assert answer.status_code == 422
    assert "too many pixels" in answer.content.decode()


def test_pixels_above_our_own_limit_are_refused(room, client_of, settings):
    settings.IMAGE_MAX_PIXELS = 100
    answer = send(client_of(room.user("contributor")), room, "photo.png", picture("PNG", (11, 10)))
    assert "too many pixels" in answer.content.decode()


def test_moving_pictures_are_refused(room, client_of):
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "green")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert send(client_of(room.user("contributor")), room, "a.gif", out.getvalue()).status_code == 422


def _with_everything(form):
    """A picture that lies on its side and tells where it was taken, and more."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    exif[0x010E] = CANARY
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 14.0, 0.0), 3: "E", 4: (76.0, 54.0, 0.0), 29: CANARY})
    more = {}
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", CANARY)
        more["pnginfo"] = info
    elif form in {"JPEG", "WEBP"}:
        more["xmp"] = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
        if form == "JPEG":
            more["comment"] = CANARY
    return picture(form, exif=exif, **more) + CANARY.encode()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_and_its_way_up_and_nothing_else(room, form):
    sent = _with_everything(form)
    assert CANARY.encode() in sent
    file = share(room, f"photo.{form.lower()}", sent)
    with file.file.open() as stored:
        kept = stored.read()
    assert CANARY.encode() not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.size == (20, 40) == (file.width, file.height)


def test_the_colour_profile_stays(room):
    profile = b"\x00\x00\x00\x80" + b"p" * 124
    file = share(room, "photo.jpg", picture(icc_profile=profile))
    with file.file.open() as stored, Image.open(stored) as image:
        assert image.info["icc_profile"] == profile


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\secret\\list.pdf", "list.pdf"),
        ("list\u202efdp.pdf", "listfdp.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("…" * 400 + ".pdf", "…" * 180 + ".pdf"),
    ],
)
def test_names_lose_folders_and_tricks(room, sent, kept):
    assert share(room, sent).name == kept


def test_the_file_comes_in_pieces_with_its_mark(room, client_of):
    file = share(room, "Тізім.pdf", PDF * 20_000)
    response = client_of(room.user("reviewer")).get(reverse("documents:download", args=[file.uuid]))
    assert read(response) == PDF * 20_000
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Handling"] == "TLP:AMBER"
    assert response["Content-Disposition"].startswith("attachment")
    assert "TLP%20AMBER" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-4", 206, PDF[:5]),
        ("bytes=5-", 206, PDF[5:]),
        ("bytes=-6", 206, PDF[-6:]),
        (f"bytes=0-{10**12}", 206, PDF),
        ("bytes=0-1,3-4", 200, PDF),
        ("bytes=4-2", 200, PDF),
        ("lines=1-2", 200, PDF),
    ],
)
def test_a_part_of_a_file(room, client_of, asked, status, content):
    file = share(room)
    url = reverse("documents:download", args=[file.uuid])
    response = client_of(room.user("reviewer")).get(url, headers={"Range": asked})
    assert response.status_code == status
    assert read(response) == content
    assert int(response["Content-Length"]) == len(content)


def test_a_part_outside_of_the_file(room, client_of):
    url = reverse("documents:download", args=[share(room).uuid])
    response = client_of(room.user("reviewer")).get(url, headers={"Range": "bytes=9999-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(PDF)}"


def test_only_a_picture_is_shown_on_a_page(room, client_of):
    client = client_of(room.user("reviewer"))
    photo = client.get(reverse("documents:picture", args=[share(room, "p.png", picture("PNG")).uuid]))
    assert photo["Content-Disposition"].startswith("inline")
    other = client.get(reverse("documents:picture", args=[share(room).uuid]))
    assert other["Content-Disposition"].startswith("attachment")


def test_deleting_can_be_taken_back(room, client_of):
    file = share(room)
    client = client_of(room.user("editor"))
    answer = client.post(reverse("documents:delete", args=[file.uuid]), follow=True)
    assert reverse("documents:undelete", args=[file.uuid]) in answer.content.decode()
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.get(reverse("documents:download", args=[file.uuid])).status_code == 404
    client.post(reverse("documents:undelete", args=[file.uuid]))
    assert client.get(file.get_absolute_url()).status_code == 200


def test_a_picture_that_a_text_shows_is_not_deleted(room, text, client_of):
    file = share(room, "p.png", picture("PNG"), alt="Women with posters")
    shown = body("Words")
    shown["content"].append({"type": "picture", "attrs": {"id": str(file.uuid)}})
    room.write(text, "editor", body=shown)
    client = client_of(room.user("editor"))
    page = client.get(reverse("documents:text", args=[text.draft.uuid, "kk"])).content.decode()
    assert reverse("documents:picture", args=[file.uuid]) in page
    answer = client.post(reverse("documents:delete", args=[file.uuid]), follow=True)
    assert "Take it out of the text first" in answer.content.decode()
    assert client.get(file.get_absolute_url()).status_code == 200


def test_a_picture_that_is_only_suggested_is_not_deleted_either(room, text, client_of):
    file = share(room, "p.png", picture("PNG"), alt="Women with posters")
    room.write(text, "editor", "Words")
    mark = {"type": "insertion", "attrs": {"id": suggestion_of(room.access("reviewer"))}}
    block = {"type": "picture", "attrs": {"id": str(file.uuid)}, "marks": [mark]}
    by = room.access("reviewer")
    suggested = edit_text(
        text=text,
        author=by.user,
        organisation=by.organisation,
        change=lambda marked: {**marked, "content": [*marked["content"], block]},
    )
    assert str(file.uuid) not in str(suggested.body)
    client = client_of(room.user("editor"))
    answer = client.post(reverse("documents:delete", args=[file.uuid]), follow=True)
    assert "Take it out of the text first" in answer.content.decode()


def test_who_brought_it_and_editors_describe_it(room, client_of):
    file = share(room, by="contributor")
    sent = {"alt": "A list", "caption": "", "credit": "", "handling": "green"}
    assert client_of(room.user("reviewer")).post(file.get_absolute_url(), sent).status_code == 403
    assert client_of(room.user("contributor")).post(file.get_absolute_url(), sent).status_code == 302
    file.refresh_from_db()
    assert (file.alt, file.handling) == ("A list", Handling.COALITION)


def test_a_reviewer_brings_no_file(room, client_of):
    assert send(client_of(room.user("reviewer")), room, "list.pdf", PDF).status_code == 403
    assert not StoredFile.objects.exists()


def test_a_file_that_cannot_be_recorded_leaves_no_bytes(room, monkeypatch):
    from documents.files import actions as files_actions

    kept = []
    monkeypatch.setattr(
        files_actions.drafts_audit,
        "record_document_audit",
        lambda **_: kept.append(StoredFile.objects.get()) or 1 / 0,
    )
    with pytest.raises(ZeroDivisionError):
        share(room)
    assert not StoredFile.objects.exists()
    assert not kept[0].file.storage.exists(kept[0].file.name)
