"""What everyone reads of works and films: and what nobody does."""

import datetime
import json
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from documents.drafts.models import Handling
from documents.models import StoredFile
from events.core.enums import EventKind, Visibility
from events.core.pdf.typeset import address_of_code, code_svg
from events.exhibitions.works.actions import close_catalogue, remove_work, set_loan
from events.exhibitions.works.models import MakerNaming, Reproduction, set_film
from events.models import Event, PrintedCode, Work
from tests.events.exhibitions.works.builders import hung, in_three, on_the_site, picture_of, show
from tests.events.planning.builders import announced, stage

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def there():
    return show()


def code_of(work: Work) -> str:
    return f"/q/{PrintedCode.objects.get(target=work.uuid).code}"


def everything(client: Client, event: Event, *works: Work) -> str:
    """All that everyone may ask for about these works, in every language."""
    paths = [f"/{code}/events/{event.slug}/{rest}" for code in LANGUAGES for rest in ("", "works/")]
    paths += [f"/{code}/events/{event.slug}/works/{one.number}/" for code in LANGUAGES for one in works]
    paths += [code_of(one) for one in works]
    paths += ["/sitemap.xml", "/calendar.ics", "/en/search/?q=canary", "/en/events/"]
    return "".join(client.get(path, follow=True).content.decode() for path in paths)


def test_a_work_is_read_with_its_words_and_neighbours(there, client) -> None:
    here, event = there
    one, two, three = (hung(here, event, title) for title in ("One", "Two", "Three"))
    assert client.get(f"/en/events/{event.slug}/works/").status_code == 404  # not opened yet
    assert client.get(f"/en/events/{event.slug}/works/{two.number}/").status_code == 404
    on_the_site(here, event)
    page = client.get(f"/en/events/{event.slug}/works/{two.number}/").content.decode()
    for words in ("Two en", "A. Maker", "Oil en", "Words on the wall en", "Sofa in room 3 en", "tel:+7727"):
        assert words in page
    assert f"works/{one.number}/" in page
    assert f"works/{three.number}/" in page
    listed = client.get(f"/kk/events/{event.slug}/works/").content.decode()
    assert listed.index("One kk") < listed.index("Two kk") < listed.index("Three kk")
    assert f"/en/events/{event.slug}/works/" in client.get(f"/en/events/{event.slug}/").content.decode()
    reader = Client()
    reader.get(f"/en/events/{event.slug}/works/{one.number}/")
    assert not reader.cookies


def test_secrets_stay_secret(there, client) -> None:
    here, event = there
    shy = hung(here, event, "Shy", maker="Canary", naming=MakerNaming.UNNAMED, show_from="Canary")
    masked = hung(here, event, "Masked", maker="Canary", pseudonym="Mask", naming=MakerNaming.PSEUDONYM)
    kept = hung(here, event, "Canary", show_agreed=False)
    gone = hung(here, event, "Canary")
    remove_work(access=here.access(), event=event, uuid=gone.uuid)
    about = dict.fromkeys(("lender", "address", "phone", "note"), "Canary") | {"value": 98765432100}
    set_loan(access=here.access(), event=event, work=shy.uuid, **about)
    on_the_site(here, event)
    text = everything(client, event, shy, masked, kept, gone)
    assert "Canary" not in text
    assert not re.search(r"987\D{0,12}654", text)  # three digits stand in every moment's microseconds
    assert "Mask" in text
    assert "The maker does not want to be named" in text


@pytest.mark.parametrize(
    ("given", "listed", "shared"),
    [
        ({"reproduction": Reproduction.NONE}, False, False),
        ({"reproduction": Reproduction.CATALOGUE}, True, False),
        ({"reproduction": Reproduction.EVERYWHERE}, True, True),
        (
            {
                "reproduction": Reproduction.EVERYWHERE,
                "reproduction_until": datetime.date(2026, 2, 26),
            },
            False,
            False,
        ),
        ({"reproduction": Reproduction.EVERYWHERE, "difficult": True}, True, False),
    ],
)
def test_a_picture_stands_where_the_right_to_reproduce_reaches(there, client, given, listed, shared) -> None:
    here, event = there
    work = hung(here, event, picture=picture_of(here.access()), **given)
    on_the_site(here, event)
    page = client.get(f"/en/events/{event.slug}/works/{work.number}/").content.decode()
    address = f"/kk/events/{event.slug}/works/{work.number}/picture.jpg"
    head, body = page.split("</head>")
    assert (address in body) is listed
    assert (client.get(address).status_code == 200) is listed
    assert (address in head) is shared
    assert str(work.drawn) not in page
    data = json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])
    assert ("image" in data) is shared


def test_a_picture_that_is_kept_among_few_or_gone_is_not_shown(there, client) -> None:
    here, event = there
    work = hung(here, event, picture=picture_of(here.access()))
    on_the_site(here, event)
    address = f"/kk/events/{event.slug}/works/{work.number}/picture.jpg"
    answer = client.get(address)
    assert "max-age=3600" in answer["Cache-Control"]
    StoredFile.objects.update(handling=Handling.ORGANISATION)
    assert client.get(address).status_code == 404
    StoredFile.objects.update(handling=Handling.WORKSPACE, restricted=True)
    assert client.get(address).status_code == 404
    StoredFile.objects.all().delete()
    assert client.get(address).status_code == 404


def test_the_last_day_of_a_right_is_kept_by_no_cache(there, client) -> None:
    here, event = there
    work = hung(here, event, picture=picture_of(here.access()), reproduction_until=datetime.date(2026, 2, 27))
    on_the_site(here, event)
    answer = client.get(f"/kk/events/{event.slug}/works/{work.number}/picture.jpg")
    assert "max-age=0" in answer["Cache-Control"]


def test_a_difficult_picture_stands_behind_its_note(there, client) -> None:
    here, event = there
    work = hung(
        here,
        event,
        picture=picture_of(here.access()),
        difficult=True,
        content_note=in_three("Blood is seen"),
    )
    on_the_site(here, event)
    page = client.get(f"/en/events/{event.slug}/works/{work.number}/").content.decode()
    places = [page.index(words) for words in ("Blood is seen", "Sofa in room 3", "<details", "picture.jpg")]
    assert places == sorted(places)
    assert "picture.jpg" not in client.get(f"/en/events/{event.slug}/works/").content.decode()


@pytest.mark.parametrize("visibility", [None, Visibility.WORKSPACE, Visibility.COALITION])
def test_works_of_what_is_not_public_are_nobodys(client, client_of, visibility) -> None:
    here, event = show(visibility=visibility)
    work = hung(here, event, "Canary", picture=picture_of(here.access()))
    on_the_site(here, event)
    for asks in (client, client_of(here.user())):
        answer = asks.get(code_of(work))
        assert answer.status_code == 410
        assert event.slug is None or event.slug not in answer.content.decode()
        assert "Canary" not in answer.content.decode()
        unknown = asks.get("/q/ABCDEFGH")
        assert unknown.status_code == 410
        assert _without_hashes(unknown) == _without_hashes(answer)


def test_works_of_a_restricted_event_are_nobodys(there, client) -> None:
    here, event = there
    work = hung(here, event, "Canary", picture=picture_of(here.access()))
    on_the_site(here, event)
    Event.objects.filter(pk=event.pk).update(restricted=True)
    for rest in ("works/", f"works/{work.number}/", f"works/{work.number}/picture.jpg"):
        assert client.get(f"/kk/events/{event.slug}/{rest}").status_code == 404
    gone = client.get(code_of(work))
    assert gone.status_code == 410
    assert event.slug not in gone.content.decode()


def test_a_printed_code_leads_on_in_the_readers_language(there, client) -> None:
    here, event = there
    work = hung(here, event)
    before = client.get(code_of(work))
    assert before.status_code == 410  # everyone knows of the exhibition; its works are not open yet
    assert f"/kk/events/{event.slug}/" in before.content.decode()
    on_the_site(here, event)
    for asked, language in (("", "kk"), ("ru-RU,ru;q=0.9", "ru"), ("en", "en"), ("de", "kk")):
        answer = client.get(code_of(work), headers={"accept-language": asked} if asked else {})
        assert answer.status_code == 302
        assert answer["Location"] == f"/{language}/events/{event.slug}/works/{work.number}/"
        assert "Accept-Language" in answer["Vary"]
        assert "no-store" in answer["Cache-Control"]
    typed = code_of(work).replace("/q/", "").lower()
    assert client.get(f"/q/{typed[:4]}-{typed[4:]}").status_code == 302
    remove_work(access=here.access(), event=event, uuid=work.uuid)
    gone = client.get(code_of(work), headers={"accept-language": "en"})
    assert gone.status_code == 410
    assert "Nothing stands behind this code now" in gone.content.decode()
    close_catalogue(access=here.access(), event=event)
    assert client.get(code_of(work)).status_code == 410
    assert client.get("/q/" + "A" * 300).status_code == 410


def test_the_qr_picture_holds_the_address_of_the_code(there, settings) -> None:
    here, event = there
    work = hung(here, event)
    code = PrintedCode.objects.get(target=work.uuid).code
    assert address_of_code(code) == f"{settings.SITE_URL}/q/{code}"
    assert reverse("printed_code", args=[code]) == f"/q/{code}"
    assert code_svg(code).lstrip().startswith(b"<?xml")


def test_a_film_is_told_without_who_holds_rights_or_supports(client) -> None:
    here = stage()
    event = announced(here.access("coordinator"), kind=EventKind.SCREENING)
    set_film(
        access=here.access(),
        event=event,
        title=in_three("The Shift"),
        maker="Director",
        minutes=74,
        sound=["kk"],
        subtitles=["ru", "en"],
        age="12+",
        certificate="KZ 77",
        content_note=in_three("Shouting is heard"),
        guide=in_three("Canary"),
        rights_holder="Canary",
        support="Canary",
        support_phone="Canary",
    )
    page = client.get(f"/en/events/{event.slug}/").content.decode()
    for words in (
        "The Shift en",
        "12+",
        "74 minutes",
        "Sound: Kazakh",
        "Subtitles: Russian, English",
        "KZ 77",
    ):
        assert words in page
    assert "Shouting is heard en" in page
    assert "Canary" not in page


def test_it_takes_the_same_queries_for_one_and_for_three(
    there, client, django_assert_max_num_queries
) -> None:
    here, event = there
    hung(here, event, "One", picture=picture_of(here.access()))
    on_the_site(here, event)
    address = f"/en/events/{event.slug}/works/"
    client.get(address)
    with django_assert_max_num_queries(60) as one:
        client.get(address)
    for title in ("Two", "Three"):
        hung(here, event, title, picture=picture_of(here.access()))
    with django_assert_max_num_queries(60) as three:
        client.get(address)
    assert len(one) == len(three)


def _without_hashes(answer) -> str:
    """The page without what differs by address or by moment."""
    return re.sub(r"/q/\w+", "", answer.content.decode())
