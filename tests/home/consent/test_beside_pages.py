"""Pages and what stands beside them: words beside pictures, pictures on pages, lists, link previews."""

import json

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from coalition.campaigns.screenings.films import is_on_site, may_be_announced
from coalition.consent.models import ConsentItem
from coalition.consent.site import may_show_page, page_item, page_key
from coalition.core.clock import now
from home.models import FilmPage, NewsPage, PublicImage, PublicVideo, StoryPage
from home.models.films import visible_stories
from home.share import card
from tests.consent.builders import consent_asked
from tests.factories import WorkspaceFactory
from tests.home.consent.canaries import Story, agreed, film, picture, story
from tests.home.filmed import campaign_page, film_page, public_image, public_video, story_page

pytestmark = pytest.mark.django_db
OWN = ("Cornfloweralt", "Cornflowercredit", "Foxglovetitle", "Foxglovecredit")
OF_THE_PAGE = ("Zaryaseamstress", "Aliyafromtaraz", "Zaryacredit", "Accusedivanov", "Zaryafilm")


@pytest.fixture
def made(site) -> Story:
    return story()


def describe(made: Story, **given: object) -> NewsPage:
    """The page gets words of its own beside its picture and video."""
    body = [
        {
            "type": "picture",
            "value": {
                "image": {"image": made.image.pk, "decorative": False, "alt_text": "Aliyafromtaraz"},
                "caption": "Zaryaseamstress",
                "credit": "Zaryacredit",
            },
        },
        {"type": "video", "value": {"video": made.video.pk, "caption": "Zaryafilm"}},
    ]
    page = NewsPage.objects.get(pk=made.page.pk)
    page.body, page.cover_alt = json.dumps(body), "Accusedivanov"
    for name, value in given.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


def visible_words_at(client, *addresses: str) -> str:
    cache.clear()
    return "".join(client.get(one).content.decode() for one in addresses)


@pytest.mark.parametrize("light", [False, True])
def test_words_of_a_page_do_not_stand_beside_what_is_under_consent(client, made, light):
    page = describe(made, light=light)
    before = visible_words_at(client, page.get_url(), "/en/")
    assert [one for one in OF_THE_PAGE if one not in before] == []
    agreed(consent_asked(), "image", str(made.image.pk))
    agreed(consent_asked(), "video", str(made.video.pk))
    words = visible_words_at(client, page.get_url(), "/en/", "/en/news/")
    assert [one for one in OF_THE_PAGE if one in words] == []
    assert [one for one in OWN if one not in words] == []


def test_words_beside_a_copy_of_the_same_bytes_are_its_own(client, made):
    page = describe(made)
    agreed(consent_asked(), "image", str(picture("Othercopy").pk))
    agreed(consent_asked(), "video", str(film(picture("Otherposter", "white")).pk))
    words = visible_words_at(client, page.get_url(), "/en/")
    assert [one for one in OF_THE_PAGE if one in words] == []
    assert "Cornfloweralt" in words


def test_what_was_under_consent_has_its_own_words(client, made):
    page = describe(made)
    agreed(consent_asked(), "image", str(made.image.pk))
    ConsentItem.objects.update(detached_at=now())
    assert [one for one in OF_THE_PAGE if one in visible_words_at(client, page.get_url())] == ["Zaryafilm"]


def test_a_page_under_consent_has_the_words_that_she_agreed_to(client, made):
    page = describe(made)
    for kind, key in (("image", made.image.pk), ("video", made.video.pk), ("page", page_key(page))):
        agreed(consent_asked(), kind, str(key))
    words = visible_words_at(client, page.get_url(), "/en/")
    assert [one for one in OF_THE_PAGE if one not in words] == []


def change_file(image: PublicImage, _video: PublicVideo) -> None:
    with picture("Unblurred", "green").file.open() as content:
        image.file = ContentFile(content.read(), "again.png")
    image.save()


def change_alt(image: PublicImage, _video: PublicVideo) -> None:
    image.alt = "Her full name"
    image.save()


def change_crop(image: PublicImage, _video: PublicVideo) -> None:
    image.focal_point_x, image.focal_point_y = 20, 20
    image.focal_point_width, image.focal_point_height = 10, 10
    image.save()


def change_transcript(_image: PublicImage, video: PublicVideo) -> None:
    video.transcript_en = "Her full name"
    video.save()


def change_captions(_image: PublicImage, video: PublicVideo) -> None:
    video.captions_en = ContentFile(b"WEBVTT\n\n00:00.000 --> 00:01.500\nHer name\n", "w.vtt")
    video.save()


def change_poster(_image: PublicImage, video: PublicVideo) -> None:
    video.poster = picture("Anotherposter", "black")
    video.save()


def crop_poster(_image: PublicImage, video: PublicVideo) -> None:
    change_crop(video.poster, video)


CHANGES = (
    *(change_file, change_alt, change_crop),
    *(change_transcript, change_captions, change_poster, crop_poster),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("kind", ["article", "story", "cover"])
def test_a_page_waits_for_her_once_its_pictures_or_videos_change(client, made, kind, change):
    image, video = made.image, made.video
    if kind == "story":
        page = story_page("Aru", picture=image, recording=video)
    elif kind == "cover":
        image = picture("Alone", "yellow")
        page = describe(made, cover=image)
    else:
        page = describe(made, cover=None)
    agreed(consent_asked(), "page", page_key(page))
    image, video = PublicImage.objects.get(pk=image.pk), PublicVideo.objects.get(pk=video.pk)
    assert client.get(page.get_url()).status_code == 200
    change(image, video)
    assert client.get(page.get_url()).status_code == 404
    assert page.title not in visible_words_at(client, "/en/news/", "/en/", "/en/stories/")


def test_a_page_stays_while_its_pictures_and_videos_come_under_consent(client, made):
    """Their files move, and are the same."""
    page = describe(made)
    for kind, key in (("page", page_key(page)), ("image", made.image.pk), ("video", made.video.pk)):
        agreed(consent_asked(), kind, str(key))
    assert client.get(page.get_url()).status_code == 200


def test_a_page_that_lost_its_picture_waits_for_her(made):
    page = describe(made, cover=None)
    before = page_item(page).digest
    PublicImage.objects.filter(pk=made.image.pk).delete()
    assert page_item(NewsPage.objects.get(pk=page.pk)).digest != before


@pytest.mark.parametrize("crop", [change_crop, crop_poster])
def test_another_crop_waits_for_her(made, crop):
    agreed(consent_asked(), "image", str(made.image.pk))
    agreed(consent_asked(), "video", str(made.video.pk))
    image, video = PublicImage.objects.get(pk=made.image.pk), PublicVideo.objects.get(pk=made.video.pk)
    crop(image, video)
    shown = [type(one).objects.get(pk=one.pk).may_be_shown() for one in (image, video)]
    assert shown == [crop is crop_poster, crop is change_crop]


def queries(client, address: str) -> list[str]:
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return [one["sql"] for one in found]


def test_agreed_pages_cost_a_constant_number_of_queries(client, made):
    addresses = ["/en/stories/", "/en/"]

    def agreed_story(title: str) -> StoryPage:
        image, video = public_image(f"Picture of {title}"), public_video(f"Voice of {title}")
        page = story_page(title, picture=image, recording=video)
        agreed(consent_asked(), "page", page_key(page))
        return page

    first = agreed_story("First")
    addresses.append(first.get_url())
    one = [len(queries(client, address)) for address in addresses]
    agreed_story("Second"), agreed_story("Third")
    found = [queries(client, address) for address in addresses]
    assert [len(each) for each in found] == one
    assert [len([sql for sql in each if '"consent_consentitem"' in sql]) for each in found] == [1, 1, 1]


def test_a_page_under_consent_costs_few_queries_more(client, made):
    page = describe(made)
    address = page.get_url()
    before = len(queries(client, f"{address}pass-on/"))
    agreed(consent_asked(), "page", page_key(page))
    assert len(queries(client, f"{address}pass-on/")) <= before + 9


def test_captions_are_read_once(client, made):
    """A file under a name stays as it is."""
    page = describe(made)
    agreed(consent_asked(), "page", page_key(page))
    assert may_show_page(page)
    video = PublicVideo.objects.get(pk=made.video.pk)
    video.captions_en.storage.delete(video.captions_en.name)
    assert may_show_page(page)


def test_a_changed_story_is_in_no_list(client, site):
    page = story_page("Aru")
    agreed(consent_asked(), "page", page_key(page))
    campaign_page(("stories", {"heading": "", "most": 3}))
    lists = ("/en/stories/", "/en/week/")
    assert visible_words_at(client, *lists).count("Lead of Aru") == 2
    page = StoryPage.objects.get(pk=page.pk)
    page.title, page.lead = "Aliya", "Other words"
    page.save_revision().publish()
    assert client.get(page.get_url()).status_code == 404
    words = visible_words_at(client, *lists)
    assert [one for one in ("Aliya", "Other words", page.get_url()) if one in words] == []
    assert visible_stories("en") == []


def test_a_changed_film_is_in_no_list_and_cannot_be_asked_for(client, site):
    video = public_video()
    page = film_page(video, workspace=WorkspaceFactory())
    russian = film_page(video, language="ru", translation_key=page.translation_key)
    for one in (page, russian):
        agreed(consent_asked(), "page", page_key(one))
    campaign_page(("film", {"heading": "", "film": page, "text": "Watch it."}))
    form = f"/en/films/{page.translation_key}/screening/"
    assert "To the film" in visible_words_at(client, "/en/week/")
    assert page.get_url() in visible_words_at(client, russian.get_url())
    assert may_be_announced(page.film)
    assert client.get(form).status_code == 200
    page = FilmPage.objects.get(pk=page.pk)
    page.title, page.lead = "Aliya", "Other words"
    page.save_revision().publish()
    assert client.get(page.get_url()).status_code == 404
    assert client.get(form).status_code == 404
    words = visible_words_at(client, "/en/week/", russian.get_url())
    assert [one for one in ("Aliya", "Other words", page.get_url()) if one in words] == []
    assert not may_be_announced(page.film)
    assert not is_on_site(page.film)
    assert client.get(russian.get_url()).status_code == 200


def preview(client, address: str) -> str:
    """Everything that a messenger or a search engine reads of a page beside its text."""
    tree = html.document_fromstring(client.get(address).content)
    found = tree.xpath("//meta[contains(@property, 'image') or contains(@property, 'video')]")
    found += tree.xpath("//meta[starts-with(@name, 'twitter:')] | //script[@type='application/ld+json']")
    return " ".join(html.tostring(one, encoding="unicode") for one in found)


def test_link_previews_have_no_picture_of_a_page_under_consent(client, made):
    address = made.page.get_url()
    assert "og:image" in preview(client, address)
    assert '"image"' in preview(client, address)
    agreed(consent_asked(), "page", page_key(made.page))
    content = ContentFile(b"", "left.png")
    page = NewsPage.objects.get(pk=made.page.pk)
    page.share_card.save("left.png", content, save=False)
    NewsPage.objects.filter(pk=page.pk).update(share_card=page.share_card.name)
    words = preview(client, address)
    assert [one for one in ("image", "twitter", "/media/") if one in words] == []
    assert "left" not in visible_words_at(client, "/en/news/feed.json")


@pytest.mark.parametrize("how", ["now", "once", "copy"])
def test_link_previews_have_no_cover_under_consent(client, made, how):
    address = made.page.get_url()
    other = picture("Othercopy") if how == "copy" else made.image
    agreed(consent_asked(), "image", str(other.pk))
    if how == "once":
        ConsentItem.objects.update(detached_at=now())
    assert "Cornfloweralt" in client.get(address).content.decode()
    words = preview(client, address)
    assert [one for one in ("image", "twitter", "/media/") if one in words] == []


def test_link_previews_of_films_and_stories_have_no_picture(client, site):
    film, told = film_page(public_video()), story_page("Aru", picture=public_image())
    for page in (film, told):
        agreed(consent_asked(), "page", page_key(page))
        assert client.get(page.get_url()).status_code == 200
        assert preview(client, page.get_url()) == ""


def test_a_share_card_that_is_drawn_meanwhile_is_not_stored(made, monkeypatch):
    draw = card.draw_card

    def draw_while_she_is_asked(**given: str) -> bytes:
        agreed(consent_asked(), "page", page_key(made.page))
        return draw(**given)

    monkeypatch.setattr(card, "draw_card", draw_while_she_is_asked)
    card.draw_card_due(str(made.page.pk), {})
    assert not NewsPage.objects.get(pk=made.page.pk).share_card
