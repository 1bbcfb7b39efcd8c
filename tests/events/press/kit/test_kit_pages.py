"""The kit over HTTP: three doors, what they show and give, what they never do; the desk."""

import io
import zipfile

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core.clock import now
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import Handling
from documents.files.actions import delete_file
from documents.models import QuotationConsent
from documents.publication import hooks
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.embargo.actions import schedule_publication
from documents.quotations.actions import record_consent
from documents.quotations.queries import quotations_in
from events.core.journalists import PRESS
from events.models import EventKit, KitItem, KitOpened, PressGuest
from events.press.kit.actions import kit_link_token, remove_kit_item, renew_kit_link
from events.press.kit.models import KitKind, KitWay
from events.press.registration.actions import check_in, undo_check_in
from events.production.speakers.actions import answer_as_speaker
from tests.conftest import sign_in
from tests.documents.approval.builders import stage as approving
from tests.events.planning.builders import announced, press_conference, stage
from tests.events.press.kit.builders import (
    afterwards,
    file_of,
    journalist,
    kit,
    page_of,
    picture_of,
    put,
    speaker,
)

pytestmark = pytest.mark.django_db
BEFORE = "2026-03-01 06:00Z"


@pytest.fixture(autouse=True)
def _before(monkeypatch):
    cache.clear()
    monkeypatch.setattr(hooks, "_presenters", [])
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def content(answer) -> bytes:
    if not answer.streaming:
        return answer.content

    async def gather() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(gather)()


def came(here, event, language: str = "en") -> PressGuest:
    guest = journalist(here.access(), event, language=language)
    check_in(access=here.access(), guest=guest)
    return guest


def unpacked(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content(answer))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def desk(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def test_before_it_opens_the_page_says_when_and_no_title(client, here, event) -> None:
    access = here.access()
    kit(access, event)
    item = put(access, event, file=file_of(access), title={"en": "Canarytitle"})
    guest = journalist(access, event)
    page = client.get(page_of(guest))
    assert "as soon as you are noted as here at the door" in page.content.decode()
    assert b"anary" not in page.content
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store, private", "noindex")
    for address in (f"{page_of(guest)}{item.uuid}/", f"{page_of(guest)}all.zip"):
        assert client.get(address).status_code == 404
    kit(access, event, way=KitWay.MOMENT, opens_at=event.starts_at, on_page=True)
    token = kit_link_token(EventKit.objects.get())
    for address in (f"/event-kit/{token}/", f"/en/events/{event.slug}/kit/", page_of(guest)):
        words = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "3 March 2026, 11:00 (UTC+5)" in words, address
        assert "Canarytitle" not in words
        assert client.get(f"{address}{item.uuid}/").status_code == 404
        assert client.get(f"{address}all.zip").status_code == 404


def test_who_came_reads_and_takes_it_who_did_not_gets_nothing(client, here, event) -> None:
    access = here.access()
    kit(access, event)
    item = put(access, event, file=picture_of(access), title={"en": "Portrait of Gulnar"})
    guest, other = came(here, event), journalist(access, event, "Other")
    page = client.get(page_of(guest)).content.decode()
    for words in ("Portrait of Gulnar", "A. Photographer", "A woman at a table", "bytes"):
        assert words in page
    answer = client.get(f"{page_of(guest)}{item.uuid}/")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Disposition"] == 'attachment; filename="portrait-of-gulnar.png"'
    assert content(answer).startswith(b"\x89PNG")
    assert client.get(f"{page_of(other)}{item.uuid}/").status_code == 404
    undo_check_in(access=access, guest=guest)
    assert client.get(f"{page_of(guest)}{item.uuid}/").status_code == 404
    assert "Portrait" not in client.get(page_of(guest)).content.decode()


def test_a_thing_of_another_event_does_not_go_out_by_this_link(client, here, event) -> None:
    access = here.access("coordinator")
    kit(access, event)
    foreign = announced(access, title="Foreign")
    kit(access, foreign)
    item = put(access, foreign, file=file_of(access))
    guest = came(here, event)
    assert client.get(f"{page_of(guest)}{item.uuid}/").status_code == 404
    assert client.get("/press-registration/nobody/kit/").status_code == 404
    assert client.get("/event-kit/nobody/").status_code == 404


def test_the_link_and_the_public_page_open_only_what_goes_by_a_moment(client, here, event) -> None:
    access = here.access()
    kit(access, event)
    put(access, event, KitKind.LINK, link="https://canary.example/")
    row = EventKit.objects.get()
    token = kit_link_token(row)
    public = f"/en/events/{event.slug}/kit/"
    assert client.get(f"/event-kit/{token}/").status_code == 404
    assert client.get(public).status_code == 404
    kit(access, event, way=KitWay.MOMENT, opens_at=now())
    assert b"canary.example" in client.get(f"/event-kit/{token}/").content
    assert client.get(public).status_code == 404
    assert b"/kit/" not in client.get(f"/en/events/{event.slug}/").content
    kit(access, event, way=KitWay.MOMENT, opens_at=now(), on_page=True)
    assert b"canary.example" in client.get(public).content
    assert public.encode() in client.get(f"/en/events/{event.slug}/").content
    renew_kit_link(access=access, event=event)
    assert client.get(f"/event-kit/{token}/").status_code == 404


def test_what_was_taken_back_says_so(client, here, event) -> None:
    access = here.access()
    kit(access, event)
    file = file_of(access)
    deleted = put(access, event, file=file, title={"en": "Canarydeleted"})
    out = put(access, event, file=file_of(access), title={"en": "Canaryout"})
    guest = came(here, event)
    delete_file(access=access, file=file)
    remove_kit_item(access=access, event=event, uuid=out.uuid)
    page = client.get(page_of(guest)).content.decode()
    assert "What was here is not given out any more." in page
    assert "Canary" not in page
    for item in (deleted, out):
        answer = client.get(f"{page_of(guest)}{item.uuid}/")
        assert answer.status_code == 410
        assert "Canary" not in answer.content.decode()
    assert client.get(f"{page_of(guest)}all.zip").status_code == 404, "nothing is left"


def text_in_kit(languages=("kk", "en")):
    made = approving()
    own = announced(made.access, title="Own", starts="2026-03-03 11:00")
    kit(made.access, own, way=KitWay.MOMENT, opens_at=now())
    publication = made.publish(*languages)
    item = put(made.access, own, KitKind.TEXT, draft=made.draft)
    return made, own, publication, item, f"/event-kit/{kit_link_token(EventKit.objects.get())}/"


def test_a_text_goes_out_in_its_public_words_and_ends_with_its_withdrawal(client) -> None:
    made, _event, publication, item, address = text_in_kit()
    page = client.get(address).content.decode()
    assert "A law on harassment" in page
    assert "working title" not in page
    words = client.get(f"{address}{item.uuid}/?in=en")
    assert words["Content-Type"] == "text/plain; charset=utf-8"
    assert words["Content-Disposition"] == 'attachment; filename="a-law-on-harassment-en.txt"'
    assert "We ask for a law, in en." in words.content.decode()
    assert "in kk" in client.get(f"{address}{item.uuid}/?in=kk").content.decode()
    withdraw_publication(access=made.access, publication=publication, note="It named somebody.")
    page = client.get(address).content.decode()
    assert "It named somebody." in page
    assert "A law on harassment" not in page
    answer = client.get(f"{address}{item.uuid}/?in=en")
    assert answer.status_code == 410
    assert "We ask" not in answer.content.decode()


def test_a_corrected_text_goes_out_in_its_new_words_with_the_note(client) -> None:
    made, _event, _publication, item, address = text_in_kit(("en",))
    round_ = made.put(versions=[made.version("We demand a law.", "en")])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_, correction_note="Ask became demand.")
    page = client.get(address).content.decode()
    assert "Ask became demand." in page
    words = client.get(f"{address}{item.uuid}/?in=en").content.decode()
    assert "We demand a law." in words
    assert "We ask" not in words
    assert "Ask became demand." in words


def test_a_text_under_embargo_is_not_told_before_it_is_public(client) -> None:
    made = approving()
    own = announced(made.access, title="Own", starts="2026-03-03 11:00")
    kit(made.access, own, way=KitWay.MOMENT, opens_at=own.starts_at)
    round_ = made.put("en")
    made.approve_all(round_)
    schedule_publication(access=made.access, round_=round_, at=own.starts_at)
    item = put(made.access, own, KitKind.TEXT, draft=made.draft)
    address = f"/event-kit/{kit_link_token(EventKit.objects.get())}/"
    with time_machine.travel(own.starts_at, tick=False):
        page = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "It is not public yet." in page
        assert "harassment" not in page
        assert client.get(f"{address}{item.uuid}/").status_code == 404
        assert client.get(f"{address}all.zip").status_code == 404


def quoted(made, language: str = "en") -> str:
    """A public text with one quotation that its speaker approved; returns its digest."""
    said = {"type": "paragraph", "content": [{"type": "text", "text": "We are not alone."}]}
    attrs = {"speaker": "Gulnar Speaker", "role": "director"}
    body = {"type": "doc", "content": [{"type": "quotation", "attrs": attrs, "content": [said]}]}
    save_text(access=made.access, text=made.text(language), title="A law", lead="", body=body)
    version = name_version(access=made.access, text=made.text(language), name="As agreed")
    (asked,) = quotations_in(made.draft)
    record_consent(access=made.access, draft=made.draft, digest=asked.statement.digest, how="In a call")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_)
    return str(asked.statement.digest)


def test_a_quotation_goes_out_only_while_its_speaker_approves(client) -> None:
    made = approving()
    own = announced(made.access, title="Own", starts="2026-03-03 11:00")
    digest = quoted(made)
    kit(made.access, own, way=KitWay.MOMENT, opens_at=own.starts_at, afterwards_at=own.ends_at)
    afterwards(made.access, own, KitKind.QUOTATION, draft=made.draft, digest=digest)
    address = f"/event-kit/{kit_link_token(EventKit.objects.get())}/"
    with time_machine.travel(own.ends_at, tick=False):
        assert b"We are not alone." in client.get(address).content
        listed = unpacked(client.get(f"{address}all.zip"))["00-kit.txt"].decode("utf-8-sig")
        assert "“We are not alone.”" in listed
        assert "Gulnar Speaker, director" in listed
        QuotationConsent.objects.update(given_at=None, refused_at=now())
        page = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "We are not alone." not in page
        assert "What was here is not given out any more." in page


def test_the_zip_holds_everything_that_is_open_under_plain_names(client, here, event) -> None:
    access = here.access()
    kit(access, event, afterwards_at=event.ends_at)
    put(access, event, file=file_of(access), title={"kk": "Заңның қысқаша мәні", "en": "The law in short"})
    put(access, event, KitKind.LINK, link="https://stream.example/", title={"en": "Stream"})
    afterwards(access, event, KitKind.PHOTOGRAPH, file=picture_of(access), title={"en": "Photo"})
    guest = came(here, event, "kk")
    found = unpacked(client.get(f"{page_of(guest)}all.zip"))
    assert len(found) == 2
    assert all(name.isascii() and "canary" not in name for name in found)
    listed = found["00-kit.txt"].decode("utf-8-sig")
    assert "https://stream.example/" in listed
    assert "Photo" not in listed, "what is for afterwards is not open yet"
    with time_machine.travel(event.ends_at, tick=False):
        answer = client.get(f"{page_of(guest)}all.zip")
        assert answer["Content-Disposition"] == f'attachment; filename="kit-{event.slug}.zip"'
        assert answer["Cache-Control"] == "no-store, private"
        found = unpacked(answer)
        assert "03-photo.png" in found
        assert found["03-photo.png"].startswith(b"\x89PNG")
        assert "A. Photographer" in found["00-kit.txt"].decode("utf-8-sig")


def test_nothing_that_may_not_leaves_by_any_door(client, here, event) -> None:
    """A draft, an unpublished text, a narrow file and a photograph of who took consent back: nowhere."""
    access = here.access()
    kit(access, event, way=KitWay.MOMENT, opens_at=now(), on_page=True, afterwards_at=event.starts_at)
    narrow = file_of(access, "canaryname.txt", caption="Canarycaption")
    put(access, event, file=narrow, title={"en": "Canarynarrow"})
    who = speaker(access, event, "Canaryspeaker")
    photo = picture_of(access, alt="Canaryalt", credit="Canarycredit", caption="Canarycaption")
    afterwards(access, event, KitKind.PHOTOGRAPH, file=photo, title={"en": "Canaryphoto"}, people=[who])
    said = {"link": "https://canary.example/", "people": [who], "title": {"en": "Canaryrecording"}}
    afterwards(access, event, KitKind.RECORDING, **said)
    put(access, event, KitKind.LINK, link="https://shown.example/")
    type(narrow).objects.filter(pk=narrow.pk).update(handling=Handling.WORKSPACE)
    answer_as_speaker(speaker=who, named=False, pictured=False, recorded=False)
    guest = came(here, event)
    token = kit_link_token(EventKit.objects.get())
    addresses = [f"/event-kit/{token}/", f"/en/events/{event.slug}/kit/", page_of(guest)]
    with time_machine.travel(event.ends_at, tick=False):
        for address in addresses:
            page = client.get(address)
            assert b"shown.example" in page.content
            found = unpacked(client.get(f"{address}all.zip"))
            told = [page.content, *found.values(), *(name.encode() for name in found)]
            told += [content(client.get(f"{address}{item.uuid}/")) for item in KitItem.objects.all()]
            assert not [one for one in told if b"canary" in one.lower()], address


def test_more_things_ask_no_more_queries(client, here, event) -> None:
    access = here.access()
    kit(access, event, afterwards_at=event.starts_at)
    guest = came(here, event)
    member = sign_in(client, here.user())
    counts = []

    def counted() -> tuple[int, ...]:
        found = []
        for address in (page_of(guest), desk("kit", event)):
            member.get(address)
            with CaptureQueriesContext(connection) as queries:
                member.get(address)
            found.append(len(queries))
        return tuple(found)

    def one_more() -> None:
        put(access, event, file=file_of(access))
        who = speaker(access, event)
        afterwards(access, event, KitKind.PHOTOGRAPH, file=picture_of(access), people=[who])

    one_more()
    counts.append(counted())
    one_more()
    one_more()
    counts.append(counted())
    assert counts[0] == counts[1]


def test_texts_and_quotations_ask_no_more_queries(client) -> None:
    made = approving()
    own = announced(made.access, title="Own", starts="2026-03-03 11:00")
    digest = quoted(made)
    kit(made.access, own, way=KitWay.MOMENT, opens_at=now(), afterwards_at=own.starts_at)
    address = f"/event-kit/{kit_link_token(EventKit.objects.get())}/"

    def counted(times: int) -> int:
        for _time in range(times):
            put(made.access, own, KitKind.TEXT, draft=made.draft)
            afterwards(made.access, own, KitKind.QUOTATION, draft=made.draft, digest=digest)
        with time_machine.travel(own.ends_at, tick=False):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
        return len(queries)

    assert counted(1) == counted(2)


def test_the_journalist_wishes_a_mail_and_is_counted_once(client, here, event) -> None:
    access = here.access()
    kit(access, event)
    put(access, event, KitKind.LINK, link="https://a.example/")
    guest = journalist(access, event)
    journalist(access, event, "Other")
    page = page_of(guest)
    assert b"Mail me when it opens" in client.get(page).content
    assert not PressGuest.objects.get(pk=guest.pk).kit_mail, "looking changes nothing"
    client.post(page, {"mail": "yes"})
    assert PressGuest.objects.get(pk=guest.pk).kit_mail
    client.post(page, {"mail": "no"})
    assert not PressGuest.objects.get(pk=guest.pk).kit_mail
    assert not KitOpened.objects.exists(), "it was not open"
    check_in(access=access, guest=guest)
    for _time in range(2):
        client.get(page)
    mark = KitOpened.objects.get().print
    assert str(guest.uuid) not in mark
    assert PRESS.token(guest) not in mark
    text = sign_in(client, here.user()).get(desk("kit", event)).content.decode()
    assert "1 of 2 confirmed journalists opened it." in text


@pytest.mark.parametrize(("language", "words"), [("kk", 'lang="kk"'), ("ru", 'lang="ru"')])
def test_it_speaks_the_language_of_the_registration(client, here, event, language, words) -> None:
    kit(here.access(), event)
    guest = journalist(here.access(), event, language=language)
    answer = client.get(page_of(guest))
    assert answer["Content-Language"] == language
    assert words in answer.content.decode()
    own = client.get(f"/press-registration/{PRESS.token(guest)}/").content.decode()
    assert page_of(guest) in own
