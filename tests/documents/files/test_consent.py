"""Files that show a person under consent: who may say so, and what is sent of them."""

import io
import itertools

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coalition.backup.archive import list_stored_files, stored_piece
from coalition.consent.actions.withdraw import narrow_consent, withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.items import describe_items, item_kind
from coalition.consent.models import ConsentUse
from documents.files import views
from documents.files.actions import delete_file, describe_file, upload_file
from documents.files.consent import MEMBERS, file_item, usable_in_text
from documents.files.public_copy import make_public_copy
from documents.files.views import send_file, send_in_public, send_picture
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent, shown_under_consent
from tests.documents.files.metadata.document_samples import docx
from tests.documents.files.test_files_pages import picture, read
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
CANARY = "canary-5d1e"


def share(room, name=f"{CANARY}-name.png", **given):
    content = picture("GIF" if name.endswith("gif") else "PNG", size=(60, 30))
    words = {one: f"{CANARY}-{one}" for one in ("alt", "caption", "credit")} | given
    return upload_file(
        access=room.access("editor"), content=io.BytesIO(content), size=len(content), name=name, **words
    )


def withdraw(consent):
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def get(file):
    return RequestFactory().get("/"), file


def test_item_has_every_word_that_goes_out_with_it(room):
    file = share(room)
    item = file_item(file)
    assert (item.kind, item.key, item.sha256) == ("file", str(file.uuid), file.sha256)
    assert item.words == tuple(f"{CANARY}-{one}" for one in ("name.png", "alt", "caption", "credit"))
    described = describe_items([("file", str(file.uuid)), ("file", "no uuid")])
    assert described["file", str(file.uuid)].url == file.get_absolute_url()
    assert len(described) == 1
    delete_file(access=room.access("editor"), file=file)
    assert describe_items([("file", str(file.uuid))]) == {}


def test_only_people_who_may_change_a_file_say_whom_it_shows(room):
    file = share(room)
    may_attach = item_kind("file").may_attach
    assert may_attach(room.user("editor"), str(file.uuid))
    assert not may_attach(room.user("observer"), str(file.uuid))
    assert not may_attach(UserFactory(), str(file.uuid))
    assert not may_attach(room.user("editor"), "no uuid")


def test_members_open_a_file_until_the_consent_is_taken_back(room, client_of):
    file, consent = share(room), consent_asked()
    put_under_consent(consent, "file", str(file.uuid))
    client = client_of(room.user("editor"))
    addresses = [reverse(f"documents:{one}", args=[file.uuid]) for one in ("download", "picture")]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert read(answer)
    withdraw(consent)
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    page = client.get(file.get_absolute_url()).content.decode()
    assert "The licence of this file has ended" in page
    assert addresses[0] not in page
    assert addresses[1] not in page
    assert not any(f"{CANARY}-{one}" in page for one in ("alt", "caption", "credit"))


def test_copy_of_the_bytes_is_closed_too(room, client_of):
    first, consent = share(room), consent_asked()
    copy = share(room, name="other.png")
    shown_under_consent(consent, "file", str(first.uuid))
    withdraw(consent)
    answer = client_of(room.user("editor")).get(reverse("documents:download", args=[copy.uuid]))
    assert answer.status_code == 404


def test_bytes_under_consent_are_not_left_to_nginx(room, client_of, settings):
    settings.X_ACCEL = True
    file, other = share(room), share(room, name="other.gif")
    put_under_consent(consent_asked(), "file", str(file.uuid))
    client = client_of(room.user("editor"))
    assert "X-Accel-Redirect" not in client.get(reverse("documents:download", args=[file.uuid]))
    assert "X-Accel-Redirect" in client.get(reverse("documents:download", args=[other.uuid]))


def test_download_breaks_off_when_the_consent_is_taken_back(room, monkeypatch):
    file, consent = share(room), consent_asked()
    shown_under_consent(consent, "file", str(file.uuid))
    monkeypatch.setattr(views, "_CHUNK", 16)
    clock = itertools.count()
    monkeypatch.setattr(views.time, "monotonic", lambda: float(next(clock)))
    answer = send_file(*get(file), inline=False, outlet=MEMBERS)

    async def first_pieces():
        found = []
        async for piece in answer.streaming_content:
            found.append(piece)
            if len(found) == 2:
                await sync_to_async(withdraw)(consent)
        return found

    assert [len(piece) for piece in async_to_sync(first_pieces)()] == [16, 16]


def test_public_gets_a_file_only_in_a_place_and_language_she_agreed_to(room):
    file, consent = share(room), consent_asked()
    with override("ru"):
        assert send_in_public(*get(file), name="a.png").status_code == 200
        put_under_consent(consent, "file", str(file.uuid), places=[Place.SITE])
        with pytest.raises(Http404):
            send_in_public(*get(file), name="a.png")
    other, consent = share(room, name="b.gif"), consent_asked()
    shown_under_consent(consent, "file", str(other.uuid), places=[Place.SITE], languages=["ru"])
    with override("ru"):
        assert send_in_public(*get(other), name="b.png")["Cache-Control"] == "no-store, private"
        with pytest.raises(Http404):
            send_in_public(*get(other), name="b.png", place=Place.PACKAGE)
    with override("kk"):
        with pytest.raises(Http404):
            send_in_public(*get(other), name="b.png")
        assert send_picture(*get(other), language="ru").status_code == 200
        assert usable_in_text([other], "ru") == [other]
        assert usable_in_text([other], "kk") == []


def test_changed_description_closes_the_file_but_not_the_picture_of_a_text(room):
    file, consent = share(room), consent_asked()
    shown_under_consent(consent, "file", str(file.uuid))
    describe_file(
        access=room.access("editor"),
        file=file,
        alt="other words",
        caption="",
        credit="",
        handling=file.handling,
    )
    file.refresh_from_db()
    with override("kk"):
        with pytest.raises(Http404):
            send_in_public(*get(file), name="a.png")
        assert send_picture(*get(file)).status_code == 200


def test_use_taken_back_in_one_language_leaves_the_others(room):
    file, consent = share(room), consent_asked()
    shown_under_consent(consent, "file", str(file.uuid))
    narrow_consent(
        by=caseworker_of(consent.organisation),
        consent=consent,
        uses=ConsentUse.objects.filter(place=Place.SITE, language="kk"),
    )
    assert send_picture(*get(file), language="ru").status_code == 200
    with pytest.raises(Http404):
        send_picture(*get(file), language="kk")


def test_backup_has_files_and_their_clean_copies_in_its_private_part_only(room):
    content = docx()
    file = upload_file(
        access=room.access("editor"), content=io.BytesIO(content), size=len(content), name=f"{CANARY}.docx"
    )
    make_public_copy(file)
    put_under_consent(consent_asked(), "file", str(file.uuid))
    hashes = {file.sha256: set(), file.clean_sha256: set()}
    for name in list_stored_files():
        piece = stored_piece(name)
        if piece is not None and piece.sha256 in hashes:
            hashes[piece.sha256].add(name.partition("/")[0])
    assert file.clean_file.name.startswith("clean/")
    assert all(folders == {"private"} for folders in hashes.values())


def test_file_under_no_consent_costs_one_query(room):
    file = share(room)
    put_under_consent(consent_asked(), "file", str(share(room, name="b.gif").uuid))
    for outlet in (MEMBERS, views.SITE):
        with CaptureQueriesContext(connection) as queries:
            send_file(*get(file), inline=False, outlet=outlet)
        assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        usable_in_text([file], "kk")
    assert len(queries) == 1
