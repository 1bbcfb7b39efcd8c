"""Files of a kit that show somebody under consent: the gate is asked at every access."""

import io
import zipfile
from collections.abc import Iterator

import pytest
import time_machine
from asgiref.sync import async_to_sync, sync_to_async
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.consent.actions.withdraw import narrow_consent, withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.items import Taker, takers_of
from coalition.consent.models import ConsentRecord
from coalition.core.clock import now
from coalition.jobs.scheduler import run_due
from coalition.workspaces.permissions import Access
from documents.files.actions import describe_file
from documents.models import StoredFile
from events.models import Coverage, Event, EventKit, KitItem, PressGuest
from events.press.coverage.models import CoverageKind
from events.press.kit import zip_export
from events.press.kit.actions import kit_link_token, remove_kit_item, restore_kit_item
from events.press.kit.models import KitKind, KitPhase, KitWay
from events.press.kit.presenters import kit_is_ready
from events.press.registration.actions import check_in
from tests.conftest import sign_in
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent, shown_under_consent
from tests.events.planning.builders import Stage, press_conference, stage
from tests.events.press.kit.builders import file_of, journalist, kit, letters, page_of, picture_of, put
from tests.events.press.kit.test_kit_pages import content, desk, unpacked

pytestmark = pytest.mark.django_db
WORDS = {"alt": "Canaryalt", "credit": "Canarycredit", "caption": "Canarycaption"}


@pytest.fixture(autouse=True)
def _before() -> Iterator[None]:
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here() -> Stage:
    return stage()


@pytest.fixture
def event(here: Stage) -> Event:
    return press_conference(here.access("coordinator"))


def open_kit(access: Access, event: Event) -> None:
    """A kit that is open by all three ways."""
    kit(access, event, way=KitWay.MOMENT, opens_at=now(), on_page=True)


def portrait(access: Access, event: Event, **given: object) -> tuple[KitItem, StoredFile]:
    file = picture_of(access, **WORDS)
    return put(access, event, KitKind.FILE, file=file, title={"en": "Canarytitle"}, **given), file


def ways(event: Event, guest: PressGuest, language: str = "en") -> list[str]:
    link = kit_link_token(EventKit.objects.get())
    return [page_of(guest), f"/event-kit/{link}/", f"/{language}/events/{event.slug}/kit/"]


def withdraw(consent: ConsentRecord) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def everything(client: Client, event: Event, guest: PressGuest, item: KitItem) -> tuple[bytes, set[int]]:
    """All that leaves by three ways, with the status of the item's own address."""
    found, codes = b"", set()
    for page in ways(event, guest):
        headers = {"accept-language": "en"}
        found += client.get(page, headers=headers).content
        answer = client.get(f"{page}all.zip", headers=headers)
        if answer.status_code == 200:
            found += b"".join(name.encode() + words for name, words in unpacked(answer).items())
        alone = client.get(f"{page}{item.uuid}/", headers=headers)
        codes.add(alone.status_code)
        found += content(alone) if alone.status_code == 200 else b""
    return found, codes


def test_nothing_of_an_item_leaves_before_she_agrees_nor_after(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    item, file = portrait(access, event)
    put(access, event, file=file_of(access, "other.txt"), title={"en": "Something else"})
    guest = journalist(access, event)
    assert b"Canarytitle" in everything(client, event, guest, item)[0]
    consent = consent_asked()
    put_under_consent(consent, "file", str(file.uuid))
    for _round in range(2):
        found, codes = everything(client, event, guest, item)
        assert b"anary" not in found
        assert b"Something else" in found
        assert codes == {404}
        withdraw(consent) if _round == 0 else None


def test_an_agreed_item_leaves_in_the_words_of_its_file_only(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    item, file = portrait(access, event)
    guest = journalist(access, event)
    consent = consent_asked()
    shown_under_consent(consent, "file", str(file.uuid), places=[Place.PACKAGE])
    found, codes = everything(client, event, guest, item)
    assert codes == {200}
    assert b"Canarycaption" in found
    assert b"anarytitle" not in found
    describe_file(access=access, file=file, alt="Other words", caption="", credit="", handling=file.handling)
    found, codes = everything(client, event, guest, item)
    assert codes == {404}
    assert b"Other words" not in found


def test_an_item_that_was_also_taken_out_leaves_no_trace(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    item, file = portrait(access, event)
    guest = journalist(access, event)
    remove_kit_item(access=access, event=event, uuid=item.uuid)
    assert client.get(f"{page_of(guest)}{item.uuid}/").status_code == 410
    put_under_consent(consent_asked(), "file", str(file.uuid))
    assert client.get(f"{page_of(guest)}{item.uuid}/").status_code == 404


@pytest.mark.parametrize("put_under", [put_under_consent, shown_under_consent])
def test_another_upload_of_the_same_bytes_has_words_that_nobody_agreed_to(
    client, here, event, put_under
) -> None:
    access = here.access()
    open_kit(access, event)
    file, copy = file_of(access, "first.txt"), file_of(access, "second.txt")
    assert file.sha256 == copy.sha256
    item = put(access, event, file=copy, title={"en": "Canarytitle"})
    guest = journalist(access, event)
    put_under(consent_asked(), "file", str(file.uuid))
    found, codes = everything(client, event, guest, item)
    assert b"Canarytitle" not in found
    assert codes == {404}


def test_a_use_in_kazakh_is_not_in_the_russian_kit(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    item, file = portrait(access, event)
    kazakh, russian = journalist(access, event, "Aru", "kk"), journalist(access, event, "Ivan", "ru")
    shown_under_consent(consent_asked(), "file", str(file.uuid), languages=["kk"])
    assert "Canarycaption" in client.get(page_of(kazakh)).content.decode()
    assert client.get(f"{page_of(kazakh)}{item.uuid}/").status_code == 200
    assert "Canarycaption" not in client.get(page_of(russian)).content.decode()
    assert client.get(f"{page_of(russian)}{item.uuid}/").status_code == 404
    assert client.get(f"{page_of(russian)}all.zip").status_code == 404
    assert client.get(f"/kk/events/{event.slug}/kit/{item.uuid}/").status_code == 200
    assert client.get(f"/ru/events/{event.slug}/kit/{item.uuid}/").status_code == 404


def test_a_withdrawal_in_the_middle_of_an_archive_breaks_it_off(client, here, event, monkeypatch) -> None:
    access = here.access()
    open_kit(access, event)
    lines = [f"line {number:07d}\n".encode() for number in range(80_000)]  # a megabyte
    file = file_of(access, "long.txt", content=b"".join(lines))
    put(access, event, file=file)
    later = file_of(access, "later.txt", content=b"Canarylater")
    put(access, event, file=later)
    guest = journalist(access, event)
    consent = consent_asked()
    for one in (file, later):
        shown_under_consent(consent, "file", str(one.uuid))
    monkeypatch.setattr(zip_export, "GATE_INTERVAL_SECONDS", 0)
    answer = client.get(f"{page_of(guest)}all.zip")
    received: list[bytes] = []

    async def download() -> None:
        async for piece in answer.streaming_content:
            received.append(piece)
            if lines[0] in piece:
                await sync_to_async(withdraw)(consent)

    with pytest.raises(zip_export.ConsentEnded):
        async_to_sync(download)()
    found = b"".join(received)
    assert lines[0] in found
    assert lines[-1] not in found
    assert b"Canarylater" not in found
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(found))


def test_a_withdrawal_before_the_next_file_breaks_the_archive_off(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    put(access, event, file=file_of(access, "first.txt", content=b"of nobody"))
    file = file_of(access, "later.txt", content=b"Canarylater")
    put(access, event, file=file)
    guest = journalist(access, event)
    consent = consent_asked()
    shown_under_consent(consent, "file", str(file.uuid))
    answer = client.get(f"{page_of(guest)}all.zip")
    received: list[bytes] = []

    async def download() -> None:
        async for piece in answer.streaming_content:
            received.append(piece)
            if b"of nobody" in piece:
                await sync_to_async(withdraw)(consent)

    with pytest.raises(zip_export.ConsentEnded):
        async_to_sync(download)()
    assert b"Canarylater" not in b"".join(received)


def test_the_gate_costs_the_same_for_one_item_and_for_three(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    guest = journalist(access, event)
    counts = []
    for number in range(3):
        file = file_of(access, f"{number}.txt", content=f"text {number}".encode())
        put(access, event, file=file)
        shown_under_consent(consent_asked(), "file", str(file.uuid))
        client.get(page_of(guest))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(guest)).content.count(b"kit__thing") > number
        counts.append(len(queries))
        assert sum("consent_consentitem" in one["sql"] for one in queries) == 1
    assert counts[0] == counts[2]


def test_planners_read_that_it_is_withheld_without_a_reason_and_nobody_else(here, event) -> None:
    access = here.access()
    open_kit(access, event)
    journalist(access, event)
    _item, file = portrait(access, event)
    assert kit_is_ready(event)
    put_under_consent(consent_asked(), "file", str(file.uuid))
    page = sign_in(Client(), here.user("coordinator")).get(desk("kit", event)).content.decode()
    assert "Not available for the media (English) now. Take it out or ask who added it." in page
    assert "agreed yet" not in page
    assert "Canarycaption" not in page
    assert "Canarycredit" not in page
    page = sign_in(Client(), here.user("contributor")).get(desk("kit", event)).content.decode()
    assert "Not available" not in page
    assert "anary" not in page
    assert not kit_is_ready(event)


def test_no_mail_says_that_a_kit_of_withheld_items_is_open(here, event) -> None:
    access = here.access()
    kit(access, event, way=KitWay.MOMENT, opens_at=now())
    file = file_of(access)
    item = put(access, event, file=file)
    remove_kit_item(access=access, event=event, uuid=item.uuid)
    guests = [journalist(access, event, "Aru", "kk"), journalist(access, event, "Ivan", "ru")]
    PressGuest.objects.update(kit_mail=True)
    shown_under_consent(consent_asked(), "file", str(file.uuid), languages=["kk"])
    restore_kit_item(access=access, event=event, uuid=item.uuid)
    kit(access, event, way=KitWay.MOMENT, opens_at=now())  # schedules the mails again
    run_due(worker="one")
    assert [one.language for one in letters()] == ["kk"]
    assert len(guests) == 2


def test_who_opened_a_kit_who_had_its_link_and_outlets_took_a_file(client, here, event) -> None:
    access = here.access()
    kit(access, event)
    _item, file = portrait(access, event)
    guest, other = journalist(access, event, "Aru", "ru"), journalist(access, event, "Bota")
    for one in (guest, other):
        check_in(access=access, guest=one)
    client.get(page_of(guest))
    expected = Taker("Aru, Aru News", Place.PACKAGE, "aru@media.example", "ru")
    assert takers_of("file", str(file.uuid)) == [expected]
    open_kit(access, event)
    given = {"workspace": access.workspace, "organisation": access.organisation, "noted_at": now()}
    for number in range(2):
        Coverage.objects.create(
            event=event,
            outlet="Qala TV",
            kind=CoverageKind.ONLINE,
            on=localdate(now()),
            key=str(number),
            **given,
        )
    with override("en"):
        link, outlet = takers_of("file", str(file.uuid))[1:]
    assert link.name.startswith("Whoever had the link of the kit of “Press conference")
    assert (link.address, outlet) == ("", Taker("Qala TV", Place.PACKAGE))
    guest.delete()
    with override("en"):
        first = takers_of("file", str(file.uuid))[0]
    assert (first.address, "addresses are erased" in first.name) == ("", True)


def test_a_use_taken_back_in_one_language_closes_that_kit_only(client, here, event) -> None:
    access = here.access()
    open_kit(access, event)
    item, file = portrait(access, event)
    consent = consent_asked()
    row = shown_under_consent(consent, "file", str(file.uuid))
    uses = row.uses.filter(place=Place.PACKAGE, language="en")
    narrow_consent(by=caseworker_of(consent.organisation), consent=consent, uses=uses)
    codes = {
        code: client.get(f"/{code}/events/{event.slug}/kit/{item.uuid}/").status_code for code in ("kk", "en")
    }
    assert codes == {"kk": 200, "en": 404}
    assert item.phase == KitPhase.AT_EVENT
