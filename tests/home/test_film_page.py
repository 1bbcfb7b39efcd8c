"""The page of a film: what is said before one presses play, and that it goes with its consent."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from coalition.consent.gate import showing_nothing
from home.models import FilmPage, HomePage
from tests.campaigns.factories import HelplineEntryFactory
from tests.consent.builders import consent_asked, put_under_consent, shown_under_consent
from tests.factories import WorkspaceFactory
from tests.home.filmed import campaign_page, film_page, public_video, story_page
from tests.home.test_page_weight import weight

pytestmark = pytest.mark.django_db
ADDRESS = "/en/the-report/"
MOST = 120_000  # bytes, without the film


@pytest.fixture
def video(site):
    return public_video()


def read(client, address=ADDRESS):
    answer = client.get(address)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content)


def words(tree) -> str:
    return " ".join(tree.xpath("//main")[0].text_content().split())


def test_everything_is_said_before_the_player_and_nothing_is_loaded(video, client) -> None:
    HelplineEntryFactory()
    film_page(video, director="Aru", year=2025, guide="Begin with a pause.")
    tree = read(client)
    text = words(tree)
    for said in ("The Report", "Aru, 2025", "47 minutes", "Age mark: 16+", "Certificate number: K-123"):
        assert said in text
    [player] = tree.xpath("//video")
    assert player.get("preload") == "none"
    assert player.get("poster")
    assert "autoplay" not in player.attrib
    assert tree.xpath("//main//*[contains(text(), 'violence')]/following::video") == [player]
    assert [one.get("srclang") for one in player.xpath(".//track[@kind='captions']")] == ["kk", "ru"]
    assert tree.xpath("//details[contains(., 'Сәлем')]")
    assert "bytes" in text or "KB" in text  # what pressing play costs
    assert "Help now" in text
    assert "Line" in text
    assert tree.xpath("//*[@data-exit] | //*[contains(@class, 'exit')]")
    sources = tree.xpath("//main//@src | //main//@poster")
    assert sources
    assert all(one.startswith("/") for one in sources)


def test_the_page_weighs_little_without_the_film(video, client) -> None:
    HelplineEntryFactory()
    film_page(video, guide="Talk. " * 200)
    answer = client.get(ADDRESS)
    poster = video.poster.renditions.get(filter_spec="fill-960x540|format-webp|webpquality-60")
    assert poster.url in answer.content.decode()
    assert weight(answer.content) + poster.file.size <= MOST


def test_without_a_video_the_page_is_not_there(site, client) -> None:
    film_page(None)
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("kind", ["video", "page"])
def test_the_page_goes_and_comes_with_consent(video, client, kind) -> None:
    page = film_page(video)
    campaign_page(("film", {"heading": "", "film": page, "text": "Watch it."}))
    assert "To the film" in words(read(client, "/en/week/"))
    key = str(video.pk) if kind == "video" else f"{page.translation_key}.en"
    consent = consent_asked()
    put_under_consent(consent, kind, key)  # nobody has agreed yet
    assert client.get(ADDRESS).status_code == 404
    assert "The Report" not in client.get("/en/week/").content.decode()
    consent.items.all().delete()
    shown_under_consent(consent, kind, key)
    assert client.get(ADDRESS).status_code == 200
    with showing_nothing():
        assert client.get(ADDRESS).status_code == 404


def test_other_languages_are_linked_only_while_they_are_public(video, client) -> None:
    page = film_page(video)
    film_page(video, language="ru", translation_key=page.translation_key)
    assert "/ru/the-report/" in read(client).xpath("//a/@href")
    shown_under_consent(consent_asked(), "video", str(video.pk), languages=("en",))
    assert "/ru/the-report/" not in read(client).xpath("//a/@href")
    assert client.get("/ru/the-report/").status_code == 404


def test_a_film_is_in_no_list_of_all_pages(video, client) -> None:
    film_page(video)
    assert ADDRESS not in client.get("/sitemap.xml").content.decode()


def test_screenings_can_be_asked_for_while_they_are_open(video, client) -> None:
    page = film_page(video, workspace=WorkspaceFactory())
    path = reverse("ask_for_screening", args=[page.translation_key])
    assert path in read(client).xpath("//main//a/@href")
    FilmPage.objects.update(screenings_open=False)
    assert path not in read(client).xpath("//main//a/@href")


def test_the_newsroom_makes_one_and_chooses_among_its_own_workspaces(newsroom, video) -> None:
    theirs, page = WorkspaceFactory(title="Not theirs"), film_page(video)
    home = HomePage.objects.get(locale__language_code="en")
    for name, parent in (("filmpage", home), ("storyindexpage", home)):
        assert (
            newsroom.get(reverse("wagtailadmin_pages:add", args=["home", name, parent.pk])).status_code == 200
        )
    story = story_page("Aru")
    for pk in (page.pk, story.pk):
        assert newsroom.get(reverse("wagtailadmin_pages:edit", args=[pk])).status_code == 200
    form = newsroom.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert theirs.title not in form


def test_the_gate_costs_a_film_page_one_query(video, client) -> None:
    film_page(video)
    shown_under_consent(consent_asked(), "video", str(video.pk))
    client.get(ADDRESS)
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert client.get(ADDRESS).status_code == 200
    assert len([one for one in found if '"consent_consentitem"' in one["sql"]]) == 1
