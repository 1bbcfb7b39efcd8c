"""What the newsroom may do with pages, pictures and videos under consent, before and after a consent ends."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from wagtail.models import Locale, Page

from coalition.consent.actions.uses import record_answer, record_question
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.site import page_key
from coalition.core.clock import now
from home.models import CampaignPage, FilmPage, HomePage, NewsPage, PublicImage, PublicVideo
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent
from tests.home.conftest import news_page
from tests.home.consent.canaries import Story, agreed, key_of, picture, story

pytestmark = pytest.mark.django_db
GONE = "This item is no longer available."
DELETE_IT = f"{GONE} You can delete it."


@pytest.fixture
def made(site) -> Story:
    return story()


def withdraw_all(consent) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def copy(newsroom, page: Page, **more: str):
    parent = page.get_parent().pk
    posted = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": parent, "alias": "", **more}
    return newsroom.post(f"/cms/pages/{page.pk}/copy/", posted)


def film_below_a_campaign(video: PublicVideo) -> FilmPage:
    home = HomePage.objects.get(locale__language_code="en")
    campaign = home.add_child(instance=CampaignPage(title="Campaign", lead="A", locale=home.locale))
    facts = {"minutes": 5, "age": "12+", "content_note": "None", "director": "A", "year": 2026}
    film = FilmPage(title="Film", lead="Marigoldlead", video=video, locale=home.locale, **facts)
    return campaign.add_child(instance=film)


def test_page_above_one_under_consent_cannot_be_copied(made, newsroom):
    film = film_below_a_campaign(made.video)
    consent = consent_asked()
    agreed(consent, "page", page_key(film))
    withdraw_all(consent)
    before = Page.objects.count()
    for alias in ("", "on"):
        answer = copy(newsroom, film.get_parent(), copy_subpages="on", publish_copies="on", alias=alias)
        words = [str(one).strip() for one in get_messages(answer.wsgi_request)]
        assert set(words) == {"This page cannot be copied."}
    assert Page.objects.count() == before
    other = news_page("Free")
    copy(newsroom, other)
    assert Page.objects.count() == before + 2


def test_alias_goes_when_its_page_comes_under_consent(client, made):
    campaign = film_below_a_campaign(made.video).get_parent().specific
    alias = made.page.create_alias(parent=made.page.get_parent(), update_slug="alias")
    again = alias.create_alias(parent=made.page.get_parent(), update_slug="again")
    with_pages = campaign.create_alias(recursive=True, parent=campaign.get_parent(), update_slug="camp")
    assert client.get(alias.get_url()).status_code == 200
    consent = consent_asked()
    agreed(consent, "page", key_of(made.page))
    agreed(consent, "page", page_key(campaign))
    for one in (alias, again):
        assert client.get(one.get_url()).status_code == 404
        assert not Page.objects.filter(pk=one.pk).exists()
    made.page.save_revision().publish()
    campaign.save_revision().publish()
    assert not Page.objects.get(pk=with_pages.pk).live


def addresses_with_words(page: Page) -> list[str]:
    own = f"/cms/pages/{page.pk}"
    revision = page.specific.latest_revision_id
    return [
        *(f"{own}/edit/", f"{own}/view_draft/", f"{own}/edit/preview/?mode=", f"{own}/history/"),
        *(f"{own}/revisions/{revision}/view/", f"{own}/revisions/{revision}/revert/"),
        f"{own}/revisions/compare/live...{revision}/",
        f"/cms/translations/{page.translation_key}/",
    ]


def words_in(newsroom, addresses: list[str], word: str) -> list[str]:
    return [one for one in addresses if word in newsroom.get(one, follow=True).content.decode()]


@pytest.mark.parametrize("end", ["withdrawn", "no", "expired"])
def test_words_of_a_page_are_closed_to_the_newsroom_once_its_consent_ends(made, newsroom, end):
    consent = consent_asked()
    key = key_of(made.page)
    if end == "no":
        item = put_under_consent(consent, "page", key, places=["site"])
        by = caseworker_of(consent.organisation)
        record_question(by=by, consent=consent, uses=item.uses.all())
    else:
        agreed(consent, "page", key)
    addresses = addresses_with_words(made.page)
    seen = words_in(newsroom, addresses, "Marigoldbody")
    assert len(seen) >= 5
    if end == "withdrawn":
        withdraw_all(consent)
    elif end == "no":
        record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=False)
    else:
        type(consent).objects.update(until=localdate(now()).replace(year=2020))
    assert words_in(newsroom, addresses, "Marigoldbody") == []
    answer = newsroom.get(f"/cms/pages/{made.page.pk}/edit/")
    assert [str(one).strip() for one in get_messages(answer.wsgi_request)] == [DELETE_IT]
    before = NewsPage.objects.get(pk=made.page.pk)
    newsroom.post(f"/cms/pages/{made.page.pk}/edit/", {"title": "New", "action-publish": "1"})
    assert NewsPage.objects.get(pk=made.page.pk).latest_revision_id == before.latest_revision_id
    assert newsroom.post(f"/cms/pages/{made.page.pk}/unpublish/").status_code == 302
    assert not NewsPage.objects.get(pk=made.page.pk).live
    assert newsroom.post(f"/cms/pages/{made.page.pk}/delete/").status_code == 302
    assert not NewsPage.objects.filter(pk=made.page.pk).exists()


def test_translation_without_a_consent_of_its_own_is_closed_too(made, newsroom):
    page = made.page.copy_for_translation(locale=Locale.objects.get(language_code="ru"), copy_parents=True)
    page.save_revision().publish()
    consent, other = consent_asked(), consent_asked()
    agreed(consent, "page", key_of(made.page))
    address = f"/cms/pages/{page.pk}/view_draft/"
    assert "Marigoldbody" in newsroom.get(address).content.decode()
    withdraw_all(consent)
    assert "Marigoldbody" not in newsroom.get(address, follow=True).content.decode()
    agreed(other, "page", key_of(page))
    assert "Marigoldbody" in newsroom.get(address).content.decode()


def test_form_of_a_video_is_closed_and_it_is_not_offered(made, newsroom):
    consent = consent_asked()
    agreed(consent, "video", str(made.video.pk))
    edit = f"/cms/snippets/home/publicvideo/edit/{made.video.pk}/"
    chooser = video_chooser()
    assert "Foxglovetranscript" in newsroom.get(edit).content.decode()
    for address in (chooser, f"{chooser}results/"):
        assert "Foxglovetitle" in newsroom.get(address).content.decode()
    withdraw_all(consent)
    for answer in (newsroom.get(edit, follow=True), newsroom.post(edit, {"title": "A"}, follow=True)):
        assert "Foxglovetranscript" not in answer.content.decode()
        assert GONE in answer.content.decode()
        assert DELETE_IT not in answer.content.decode()  # the newsroom deletes no videos
    for address in (chooser, f"{chooser}results/"):
        assert "Foxglovetitle" not in newsroom.get(address).content.decode()
    assert newsroom.get(f"/cms/snippets/home/publicvideo/copy/{made.video.pk}/").status_code == 404


def video_chooser() -> str:
    return reverse(PublicVideo.snippet_viewset.chooser_viewset.get_url_name("choose"))


def test_form_of_a_picture_is_closed_and_it_is_not_offered(made, newsroom):
    consent = consent_asked()
    agreed(consent, "image", str(made.image.pk))
    copied = PublicImage.objects.create(
        title="Sunflowertitle", alt="Cornfloweralt", file=PublicImage.objects.get(pk=made.image.pk).file
    )
    pages = ["/cms/images/chooser/", "/cms/images/chooser/results/"]
    forms = [f"/cms/images/{one.pk}/" for one in (made.image, copied)]
    chosen = [f"/cms/images/chooser/{one.pk}/" for one in (made.image, copied)]
    assert words_in(newsroom, forms, "Cornfloweralt") == forms
    assert (
        words_in(newsroom, pages, "Cornflowertitle") == words_in(newsroom, pages, "Sunflowertitle") == pages
    )
    withdraw_all(consent)
    assert words_in(newsroom, [*forms, *chosen], "Cornfloweralt") == []
    assert words_in(newsroom, forms, DELETE_IT) == forms
    assert words_in(newsroom, pages, "Cornflowertitle") == words_in(newsroom, pages, "Sunflowertitle") == []
    assert words_in(newsroom, pages, "Postertitle") == pages
    newsroom.post(f"/cms/images/{made.image.pk}/", {"title": "Changed"})
    assert not PublicImage.objects.filter(title="Changed").exists()
    newsroom.post(f"/cms/images/{made.image.pk}/delete/")
    assert not PublicImage.objects.filter(pk=made.image.pk).exists()


def test_lists_of_the_newsroom_cost_the_same_for_one_closed_item_and_for_three(made, newsroom):
    addresses = [f"/cms/pages/{made.page.get_parent().pk}/", "/cms/images/", video_chooser()]
    others = [
        (news_page(f"More {colour}"), picture(f"More {colour}", colour)) for colour in ("green", "white")
    ]
    consent = consent_asked()
    agreed(consent, "page", key_of(made.page))
    agreed(consent, "image", str(made.image.pk))
    second = consent_asked()
    for page, image in others:
        agreed(second, "page", key_of(page))
        agreed(second, "image", str(image.pk))
    withdraw_all(consent)
    for address in addresses:
        newsroom.get(address)
    counts = [_queries(newsroom, one) for one in addresses]
    withdraw_all(second)
    assert [_queries(newsroom, one) for one in addresses] == counts


def _queries(newsroom, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert newsroom.get(address).status_code == 200
    return len(queries)
