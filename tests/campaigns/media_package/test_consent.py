"""Items and files that show somebody under consent: asked at every access, also while bytes are sent."""

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.cache import cache
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from coalition.campaigns.media_package.actions.items import lock_item
from coalition.campaigns.media_package.actions.packages import publish_package
from coalition.campaigns.media_package.actions.renditions import new_rendition, prepare_rendition
from coalition.campaigns.media_package.enums import Currency, Format
from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.made_files import store_made_file
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.notices.currency import currency_of
from coalition.campaigns.media_package.outlets.actions import link_path
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.items import takers_of
from coalition.consent.models import ConsentRecord
from coalition.roles import SeatRole
from documents.files import views as files_views
from documents.files.actions import upload_file
from documents.files.consent import FILE, may_open, usable_files_for
from events.press.kit import zip_export
from tests.campaigns.media_package.builders import LANGUAGES, Press, body_of
from tests.campaigns.media_package.notices.builders import correction_address, outlet_with
from tests.campaigns.media_package.outlets.builders import given, page_of, path_of
from tests.conftest import sign_in
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent, shown_under_consent
from tests.documents.files.metadata.document_samples import png
from tests.factories import seat

pytestmark = pytest.mark.django_db
WORDS = "Every third woman."
LINES = [f"line {number:07d}\n".encode() for number in range(80_000)]  # a megabyte


@pytest.fixture(autouse=True)
def _before() -> Iterator[None]:
    cache.clear()
    with override("en"):
        yield


def opened(here: Press) -> Press:
    here.package = publish_package(access=here.access, package=here.package)
    return here


def under_consent(item: MediaItem, **fields: object) -> ConsentRecord:
    consent = consent_asked()
    shown_under_consent(consent, MEDIA_ITEM, str(item.uuid), **fields)
    return consent


def withdraw(consent: ConsentRecord) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def public_page(here: Press, language: str = "en") -> str:
    return f"/{language}/media/{here.package.slug}/"


def public_file(here: Press, made: Rendition, language: str = "en") -> str:
    return f"{public_page(here, language)}files/{made.uuid}/{made.file_name}"


def received(answer: HttpResponseBase, then: Callable[[], None]) -> bytes:
    """Read the answer; call `then` once the first line is here."""
    assert isinstance(answer, StreamingHttpResponse)
    pieces: list[bytes] = []

    async def download() -> None:
        async for piece in answer:
            pieces.append(piece)
            if LINES[0] in piece:
                await sync_to_async(then)()

    with suppress(zip_export.ConsentEnded):
        async_to_sync(download)()
    return b"".join(pieces)


def copy_of(source: Rendition) -> Rendition:
    """What the server makes of a master: here of a text."""
    file = store_made_file(
        workspace=source.item.package.workspace,
        organisation=source.item.package.organisation,
        name="copy.txt",
        content=b"A copy with her words.",
        content_type="text/plain",
    )
    made = new_rendition(
        lock_item(source.item),
        file,
        rendition_format=Format.PREVIEW,
        language=source.language,
        source=source,
    )
    prepare_rendition(str(made.uuid))
    made.refresh_from_db()
    return made


def test_an_item_that_is_agreed_in_kazakh_is_given_in_kazakh_only(client: Client, here: Press) -> None:
    item = here.item()
    files = {code: here.file(item, code.encode(), language=code) for code in ("kk", "ru")}
    files[""] = here.file(item, b"of no language")
    here.approve(item, WORDS)
    opened(here)
    under_consent(item, places=[Place.PACKAGE], languages=["kk"])
    pages = {code: client.get(public_page(here, code)).content.decode() for code in LANGUAGES}
    links = {code: given(here, f"Outlet {code}", language=code) for code in LANGUAGES}
    shown = {code: page_of(link) for code, link in links.items()}
    for found in (pages, shown):
        assert f"{WORDS} (kk)" in found["kk"]
        assert files[""].file_name in found["kk"]
        for code in ("ru", "en"):
            assert files[""].file_name not in found[code]
        for words in found.values():
            assert f"{WORDS} (ru)" not in words
            assert f"{WORDS} (en)" not in words
            assert files["ru"].file_name not in words
    for code in LANGUAGES:
        for address in (
            public_file(here, files["ru"], code),
            path_of(links[code], files["ru"]),
        ):
            assert client.get(address).status_code == 404
        expected = 200 if code == "kk" else 404
        assert client.get(public_file(here, files[""], code)).status_code == expected
        assert client.get(path_of(links[code], files[""])).status_code == expected
    assert client.get(public_file(here, files["kk"], "kk")).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_asks_in_another_language_reads_that_an_agreed_file_is_current(
    here: Press, language: str
) -> None:
    item = here.item()
    made = here.file(item)
    here.approve(item, WORDS)
    opened(here)
    under_consent(item, places=[Place.PACKAGE], languages=["kk"])
    with override(language):
        assert currency_of(made.file_name) == Currency.CURRENT


@pytest.mark.parametrize("way", ["page", "link"])
@pytest.mark.parametrize("kind", [MEDIA_ITEM, FILE])
def test_a_consent_that_ends_during_a_download_breaks_it_off(
    client: Client, here: Press, monkeypatch: pytest.MonkeyPatch, way: str, kind: str
) -> None:
    item = here.item()
    made = here.file(item, b"".join(LINES))
    here.approve(item, WORDS)
    opened(here)
    consent = consent_asked()
    assert made.file is not None
    shown_under_consent(consent, kind, str(item.uuid if kind == MEDIA_ITEM else made.file.uuid))
    address = public_file(here, made) if way == "page" else path_of(given(here), made)
    assert files_views.ASKING_INTERVAL <= 1
    monkeypatch.setattr(files_views, "ASKING_INTERVAL", 0)
    answer = client.get(address)
    assert "no-store" in answer["Cache-Control"]
    assert "X-Accel-Redirect" not in answer
    found = received(answer, lambda: withdraw(consent))
    assert LINES[0] in found
    assert LINES[-1] not in found
    assert client.get(address).status_code == 404


def test_a_consent_that_ends_during_an_archive_breaks_it_off(
    client: Client, here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = here.item()
    here.file(item, b"".join(LINES), rendition_format=Format.BITES)
    here.file(item, b"Words that come later.")
    here.approve(item, WORDS)
    opened(here)
    consent = under_consent(item)
    assert zip_export.GATE_INTERVAL_SECONDS <= 1
    monkeypatch.setattr(zip_export, "GATE_INTERVAL_SECONDS", 0)
    found = received(client.get(f"{public_page(here)}all.zip"), lambda: withdraw(consent))
    assert LINES[0] in found
    assert LINES[-1] not in found
    assert b"Words that come later." not in found
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(found))


def test_a_file_that_is_under_no_consent_is_left_to_nginx(client: Client, here: Press, settings: Any) -> None:
    item = here.item()
    made = here.file(item)
    here.approve(item, WORDS)
    opened(here)
    settings.X_ACCEL = True
    assert "X-Accel-Redirect" in client.get(public_file(here, made))
    under_consent(item)
    answer = client.get(public_file(here, made))
    assert "X-Accel-Redirect" not in answer
    assert body_of(answer) == b"Words for the announcer."


def test_copies_follow_the_consent_to_the_file_they_were_made_of(client: Client, here: Press) -> None:
    item = here.item()
    master = here.file(item, rendition_format=Format.MASTER, language="kk")
    here.approve(item, WORDS)
    copy = copy_of(master)
    opened(here)
    desk = sign_in(Client(), here.made.coordinator)
    assert master.file is not None
    assert copy.file is not None
    addresses = [public_file(here, one, "kk") for one in (master, copy)]
    inside = [reverse("campaigns:media_file", args=[one.uuid]) for one in (master, copy)]

    def codes() -> list[int]:
        return [client.get(one).status_code for one in addresses] + [
            desk.get(one).status_code for one in inside
        ]

    assert codes() == [200, 200, 200, 200]
    consent = consent_asked()
    put_under_consent(consent, FILE, str(master.file.uuid))
    assert codes() == [404, 404, 200, 200]
    withdraw(consent)
    assert codes() == [404, 404, 404, 404]
    assert copy.file_name not in client.get(public_page(here, "kk")).content.decode()
    assert client.get(f"{public_page(here, 'kk')}all.zip").status_code == 404


def test_an_agreed_master_lets_its_copy_out_until_she_takes_it_back(client: Client, here: Press) -> None:
    item = here.item()
    master = here.file(item, rendition_format=Format.MASTER, language="kk")
    here.approve(item, WORDS)
    copy = copy_of(master)
    opened(here)
    assert master.file is not None
    consent = consent_asked()
    shown_under_consent(consent, FILE, str(master.file.uuid), places=[Place.PACKAGE], languages=["kk"])
    answer = client.get(public_file(here, copy, "kk"))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store, private")
    body_of(answer)
    withdraw(consent)
    assert client.get(public_file(here, copy, "kk")).status_code == 404


def test_what_the_server_made_is_no_file_of_the_workspace(here: Press) -> None:
    item = here.item()
    master = here.file(item, name="hers.txt", rendition_format=Format.MASTER, language="kk")
    copy = copy_of(master)
    assert copy.file is not None
    desk = sign_in(Client(), here.made.coordinator)
    page = desk.get(reverse("documents:files", args=[here.made.workspace.uuid])).content.decode()
    assert "hers.txt" in page
    assert "copy.txt" not in page
    for name in ("file", "download"):
        assert desk.get(reverse(f"documents:{name}", args=[copy.file.uuid])).status_code == 404


def test_a_picture_leaves_page_and_archive_with_its_consent(client: Client, here: Press) -> None:
    item = here.item()
    made = here.file(item, png(), name="portrait.png", rendition_format=Format.WEB)
    here.approve(item, WORDS)
    opened(here)
    link = given(here)
    assert made.file is not None
    assert made.file_name in page_of(link)
    consent = consent_asked()
    shown_under_consent(consent, FILE, str(made.file.uuid))
    assert client.get(f"{path_of(link, made)}?preview").status_code == 200
    withdraw(consent)
    assert made.file_name not in page_of(link)
    assert made.file_name not in client.get(public_page(here)).content.decode()
    assert client.get(f"{path_of(link, made)}?preview").status_code == 404
    assert client.get(f"{link_path(link)}all.zip").status_code == 404


def test_takers_are_listed(client: Client, here: Press) -> None:
    item = here.item()
    master = here.file(item, rendition_format=Format.MASTER, language="kk")
    here.approve(item, WORDS)
    copy = copy_of(master)
    opened(here)
    link = given(here, "Qala TV", language="kk")
    body_of(client.get(path_of(link, copy)))
    outlet_with(master, "Oral TV")
    assert master.file is not None
    correction_address(here.package)
    same = upload_file(
        access=here.access,
        content=BytesIO(b"Words for the announcer."),
        size=len(b"Words for the announcer."),
        name="the same bytes.txt",
    )
    for kind, key in ((MEDIA_ITEM, item.uuid), (FILE, master.file.uuid), (FILE, same.uuid)):
        found = [(one.name, one.address) for one in takers_of(kind, str(key))]
        assert ("Qala TV", "qala-tv@tests.example") in found
        assert ("Oral TV", "oral-tv@tests.example") in found
        assert found.count(("", "blogger@tests.example")) == 1
    assert takers_of(MEDIA_ITEM, "no UUID") == takers_of(FILE, "no UUID") == []


def test_a_withdrawn_item_is_nowhere_and_its_files_are_not_to_be_used(client: Client, here: Press) -> None:
    item = here.item()
    made = here.file(item)
    here.approve(item, WORDS)
    opened(here)
    consent = under_consent(item)
    link = given(here)
    assert WORDS in page_of(link)
    assert currency_of(made.sha256) == Currency.CURRENT
    withdraw(consent)
    assert currency_of(made.file_name) == currency_of(made.sha256) == Currency.DO_NOT_USE
    for page in (page_of(link), client.get(public_page(here)).content.decode()):
        assert WORDS not in page
        assert "The coalition" not in page
        assert made.file_name not in page
        assert item.draft.title not in page
    for address in (path_of(link, made), f"{link_path(link)}all.zip", public_file(here, made)):
        assert client.get(address).status_code == 404
    desk = sign_in(Client(), here.made.coordinator)
    assert desk.get(reverse("campaigns:media_file", args=[made.uuid])).status_code == 404


def test_the_uploaded_files_of_an_item_are_closed_to_members_with_it(here: Press) -> None:
    item, other = here.item(), here.item("other")
    made, stays = here.file(item, b"Hers."), here.file(other, b"Of nobody.")
    here.approve(item, WORDS)
    assert made.file is not None
    assert stays.file is not None
    desk = sign_in(Client(), here.made.coordinator)

    def codes() -> list[int]:
        paths = [reverse("documents:download", args=[one.file.uuid]) for one in (made, stays)]
        return [desk.get(path).status_code for path in paths]

    consent = under_consent(item)
    assert codes() == [200, 200]
    assert set(usable_files_for(here.made.coordinator)) == {made.file, stays.file}
    answer = desk.get(reverse("documents:download", args=[made.file.uuid]))
    assert "no-store" in answer["Cache-Control"]
    withdraw(consent)
    assert codes() == [404, 200]
    assert set(usable_files_for(here.made.coordinator)) == {stays.file}
    assert [may_open(made.file), may_open(stays.file)] == [False, True]


def test_editors_find_who_is_shown_from_the_page_of_the_item(here: Press) -> None:
    item = here.item()
    people = reverse("consent:item", args=[MEDIA_ITEM, item.uuid])
    assert people == f"/workspaces/consent/item/media_item/{item.uuid}/"
    codes = {}
    for role in (SeatRole.EDITOR, SeatRole.REVIEWER):
        desk = sign_in(Client(), seat(workspace=here.made.workspace, role=role).person)
        page = desk.get(reverse("campaigns:media_item", args=[item.uuid])).content.decode()
        codes[role] = (f'href="{people}"' in page, desk.get(people).status_code)
    assert codes == {SeatRole.EDITOR: (True, 200), SeatRole.REVIEWER: (False, 404)}
