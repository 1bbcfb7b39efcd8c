"""Works that show somebody under consent: visitors read and see them only while she agrees."""

import io
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.items import Taker, describe_items, item_kind, takers_of
from coalition.consent.models import ConsentRecord
from documents.models import StoredFile
from events.exhibitions.works.models import Reproduction
from events.models import Event, PrintedCode, Work
from tests.conftest import sign_in
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent, shown_under_consent
from tests.events.exhibitions.works.builders import hung, in_three, on_the_site, picture_of, show
from tests.events.planning.builders import Stage

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(autouse=True)
def _before_march() -> Iterator[None]:
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def there() -> tuple[Stage, Event]:
    return show()


def canary(here: Stage, event: Event) -> Work:
    """A work all of whose words can be found again."""
    file = picture_of(here.access(), alt="Canaryfilealt")
    StoredFile.objects.filter(pk=file.pk).update(credit="Canarycredit", caption="Canarycaption")
    file.refresh_from_db()
    words = {name: in_three(f"Canary{name}") for name in ("technique", "label", "content_note", "alt")}
    given = {**words, "maker": "Canarymaker", "reproduction": Reproduction.EVERYWHERE, "picture": file}
    return hung(here, event, "Canarytitle", **given)


def withdraw(consent: ConsentRecord) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def paper(client: Client, name: str, event: Event, *more: str) -> str:
    answer = client.get(reverse(f"events:{name}", args=[event.uuid, *more]))
    if answer.status_code != 200:
        return ""
    reader = PdfReader(io.BytesIO(answer.content))
    images = sum(len(page.images) for page in reader.pages)
    return "".join(page.extract_text() for page in reader.pages) + f"[{images} images]"


def everything(planner: Client, event: Event, *works: Work) -> str:
    """All that visitors get of these works: pages in three languages, data, codes, paper, search."""
    reader = Client()
    paths = [f"/{code}/events/{event.slug}/{rest}" for code in LANGUAGES for rest in ("", "works/")]
    paths += [f"/{code}/events/{event.slug}/works/{one.number}/" for code in LANGUAGES for one in works]
    paths += [f"/q/{PrintedCode.objects.get(target=one.uuid).code}" for one in works]
    paths += ["/sitemap.xml", "/calendar.ics", "/en/events/", "/en/search/?q=canarytitle"]
    found = "".join(reader.get(path, follow=True).content.decode() for path in paths)
    found = re.sub(r'(value|href)="[^"]*canarytitle[^"]*"', "", found)  # the words searched for
    found += "".join(paper(planner, "works_labels", event, size) for size in ("small", "large"))
    return found + "".join(paper(planner, "works_catalogue_pdf", event, code) for code in LANGUAGES)


def statuses(client: Client, event: Event, work: Work, language: str = "en") -> list[int]:
    page = f"/{language}/events/{event.slug}/works/{work.number}/"
    return [client.get(path).status_code for path in (page, f"{page}picture.jpg")]


def test_nothing_of_a_work_is_public_before_she_agrees_nor_after(there, client) -> None:
    here, event = there
    work, other = canary(here, event), hung(here, event, "Another")
    on_the_site(here, event)
    planner = sign_in(Client(), here.user("coordinator"))
    for word in ("Canarytitle", "Canarymaker", "Canarylabel", "Canarycredit"):
        assert word in everything(planner, event, work, other)
    consent = consent_asked()
    put_under_consent(consent, "work", str(work.uuid))
    for again in (True, False):
        found = everything(planner, event, work, other)
        assert "anary" not in found.replace("canarytitle", "")
        assert "Another en" in found
        neighbour = client.get(f"/en/events/{event.slug}/works/{other.number}/").content.decode()
        listed = client.get(f"/en/events/{event.slug}/works/").content.decode()
        assert f"works/{work.number}/" not in neighbour + listed
        assert statuses(client, event, work) == [404, 404]
        code = PrintedCode.objects.get(target=work.uuid).code
        answer = client.get(f"/q/{code}", headers={"accept-language": "en"})
        assert (answer.status_code, answer["Location"]) == (302, f"/en/events/{event.slug}/")
        if again:
            withdraw(consent)


def test_an_agreed_work_is_shown_until_its_words_change(there, client) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    shown_under_consent(consent_asked(), "work", str(work.uuid))
    assert statuses(client, event, work) == [200, 200]
    answer = client.get(f"/en/events/{event.slug}/works/{work.number}/picture.jpg")
    assert "no-store" in answer["Cache-Control"]
    head = client.get(f"/en/events/{event.slug}/works/{work.number}/").content.decode().split("</head>")[0]
    assert "picture.jpg" not in head  # previews are copies that cannot be called back
    Work.objects.filter(pk=work.pk).update(label=in_three("Other words"))
    assert statuses(client, event, work) == [404, 404]


def test_a_work_agreed_in_kazakh_is_not_in_russian(there, client) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    shown_under_consent(consent_asked(), "work", str(work.uuid), languages=["kk"])
    assert statuses(client, event, work, "kk") == [200, 200]
    assert statuses(client, event, work, "ru") == [404, 404]
    planner = sign_in(Client(), here.user("coordinator"))
    labels = paper(planner, "works_labels", event, "small")
    assert "Canarytitle kk" in labels
    assert "Canarytitle ru" not in labels
    assert "Canarytitle kk" in paper(planner, "works_catalogue_pdf", event, "kk")
    assert paper(planner, "works_catalogue_pdf", event, "ru") == ""


def test_a_picture_agreed_in_russian_has_its_address_in_russian(there, client) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    shown_under_consent(consent_asked(), "work", str(work.uuid), languages=["ru"])
    address = f"/ru/events/{event.slug}/works/{work.number}/picture.jpg"
    assert address in client.get(f"/ru/events/{event.slug}/works/{work.number}/").content.decode()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("kind", ["work", "file"])
def test_consent_for_an_exhibition_is_none_for_the_web(there, client, kind) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    planner = sign_in(Client(), here.user("coordinator"))
    item = work if kind == "work" else work.picture
    assert item is not None
    shown_under_consent(consent_asked(), kind, str(item.uuid), places=[Place.EXHIBITION])
    assert statuses(client, event, work) == ([404, 404] if kind == "work" else [200, 404])
    listed = client.get(f"/en/events/{event.slug}/works/").content.decode()
    assert ("Canarytitle" in listed) == (kind == "file")
    assert "picture.jpg" not in listed
    code = PrintedCode.objects.get(target=work.uuid).code
    answer = client.get(f"/q/{code}", headers={"accept-language": "en"})
    assert answer["Location"].endswith(f"/en/events/{event.slug}/") == (kind == "work")
    assert "Canarytitle en" in paper(planner, "works_labels", event, "small")
    assert "Canarycredit" in paper(planner, "works_catalogue_pdf", event, "en")


def test_consent_for_the_web_is_none_for_paper(there, client) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    planner = sign_in(Client(), here.user("coordinator"))
    shown_under_consent(consent_asked(), "work", str(work.uuid), places=[Place.SITE])
    assert statuses(client, event, work) == [404, 404]  # a page of the exhibition, on the site
    assert paper(planner, "works_labels", event, "small") == ""
    assert paper(planner, "works_catalogue_pdf", event, "en") == ""


def test_a_work_stays_without_a_picture_whose_file_is_withheld(there, client) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    consent = consent_asked()
    shown_under_consent(consent, "file", str(work.picture.uuid))
    page = client.get(f"/en/events/{event.slug}/works/{work.number}/").content.decode()
    assert "Canaryfilealt" in page
    assert "Canaryalt" not in page  # she agreed to the words of the file
    withdraw(consent)
    assert statuses(client, event, work) == [200, 404]
    page = client.get(f"/en/events/{event.slug}/works/{work.number}/").content.decode()
    assert "Canarytitle" in page
    for word in ("Canaryalt", "Canaryfilealt", "Canarycredit", "picture.jpg"):
        assert word not in page
    catalogue = paper(sign_in(Client(), here.user("coordinator")), "works_catalogue_pdf", event, "en")
    assert "Canarytitle" in catalogue
    assert "Canarycredit" not in catalogue


def test_members_see_it_with_a_note_until_the_consent_has_ended(there) -> None:
    here, event = there
    work = canary(here, event)
    planner = sign_in(Client(), here.user("coordinator"))
    picture = reverse("events:work_picture", args=[event.uuid, work.uuid])
    consent = consent_asked()
    put_under_consent(consent, "work", str(work.uuid))
    for name, more in (("works", []), ("work", [work.uuid])):
        page = planner.get(reverse(f"events:{name}", args=[event.uuid, *more])).content.decode()
        assert "Not available for visitors (English) now. Take it out or ask who added it." in page
        assert "agreed yet" not in page
    assert planner.get(picture).status_code == 200
    withdraw(consent)
    assert planner.get(picture).status_code == 404


def test_members_read_that_only_the_page_is_not_available(there) -> None:
    here, event = there
    work = canary(here, event)
    planner = sign_in(Client(), here.user("coordinator"))
    shown_under_consent(consent_asked(), "work", str(work.uuid), places=[Place.EXHIBITION])
    page = planner.get(reverse("events:works", args=[event.uuid])).content.decode()
    assert "Not available on the site (English) now. Ask who added it." in page
    assert "Not available for visitors" not in page


def test_lists_cost_the_same_for_one_work_and_for_three(there, client) -> None:
    here, event = there
    planner = sign_in(Client(), here.user("coordinator"))
    paths = {f"/en/events/{event.slug}/works/": client, reverse("events:works", args=[event.uuid]): planner}
    counts = []
    for number in range(3):
        work = hung(here, event, f"Work {number}", picture=picture_of(here.access(), alt=f"Alt {number}"))
        on_the_site(here, event)
        shown_under_consent(consent_asked(), "work", str(work.uuid))
        found = []
        for path, reader in paths.items():
            reader.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert f"Work {number}" in reader.get(path).content.decode()
            # One for the exhibition, one for the site, which the frame of public pages asks for too.
            assert sum("consent_consentitem" in one["sql"] for one in queries) == 2
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[2]


def test_printed_labels_and_catalogues_of_its_exhibition_stand_on_the_list(there) -> None:
    here, event = there
    work = canary(here, event)
    hung(here, event, "Without a picture")
    copy = picture_of(here.access(), alt="A copy")
    other = picture_of(here.access(), colour="blue")
    name = "Labels and catalogues printed for the exhibition “Letters en”"
    expected = [Taker(name, Place.EXHIBITION)]
    with override("en"):
        assert takers_of("work", str(work.uuid)) == expected
        for file in (work.picture, copy):
            assert file is not None
            assert takers_of("file", str(file.uuid)) == expected
        for kind, key in (("file", str(other.uuid)), ("work", "nonsense"), ("file", "nonsense")):
            assert takers_of(kind, key) == []


def test_a_work_is_described_for_who_keeps_the_consent(there) -> None:
    here, event = there
    work = canary(here, event)
    on_the_site(here, event)
    found = describe_items([("work", str(work.uuid)), ("work", "nonsense")])
    assert list(found) == [("work", str(work.uuid))]
    one = found["work", str(work.uuid)]
    assert one.url == reverse("events:work", args=[event.uuid, work.uuid])
    assert one.public_url
    assert one.item.sha256 == work.picture.sha256
    words = " ".join(one.item.words)
    for word in ("title kk", "label ru", "technique en", "content_note en", "alt kk", "maker", "credit"):
        assert f"Canary{word}" in words
    may_attach = item_kind("work").may_attach
    assert may_attach(here.user("coordinator"), str(work.uuid))
    assert not may_attach(here.user("observer"), str(work.uuid))
    assert not may_attach(here.user("coordinator"), "nonsense")
