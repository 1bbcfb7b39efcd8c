"""After a withdrawal nothing of a page, a picture or a video is left on any surface of the site."""

import json

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.backup.archive import list_stored_files
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.models import ConsentRecord
from coalition.core.clock import now
from coalition.jobs import scheduler
from home.mirror import write_mirror
from home.models import NewsByMail, NewsPage, PublicImage, PublicVideo
from home.news_mail import send_news_due
from home.verification.lists import verify_site
from tests.consent.builders import caseworker_of, consent_asked, put_under_consent
from tests.home.conftest import news_page
from tests.home.consent.canaries import (
    IMAGE_WORDS,
    PAGE_WORDS,
    SURFACES,
    VIDEO_WORDS,
    Story,
    agreed,
    key_of,
    picture,
    places_with,
    story,
    visible_text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(site) -> Story:
    return story()


def withdraw_all(consent: ConsentRecord) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def address_of(page: NewsPage) -> tuple[str, str]:
    return page.get_url(), f"{page.get_url()}pass-on/"


def test_page_is_everywhere_before_and_nowhere_after(client, made):
    consent = consent_asked()
    agreed(consent, "page", key_of(made.page))
    before = places_with(visible_text(client, *address_of(made.page)), PAGE_WORDS)
    assert "neutralword" in client.get("/en/search/?q=neutralwerd").content.decode()
    silent = {"/kk/"}
    assert {place for place, _word in before} >= {*SURFACES, *address_of(made.page)} - silent
    withdraw_all(consent)
    for address in address_of(made.page):
        assert client.get(address).status_code == 404
    assert places_with(visible_text(client), PAGE_WORDS) == set()
    assert "neutralword" not in client.get("/en/search/?q=neutralwerd").content.decode()


def test_page_of_other_words_than_agreed_is_not_there(client, made):
    agreed(consent_asked(), "page", key_of(made.page))
    assert client.get(made.page.get_url()).status_code == 200
    page = NewsPage.objects.get(pk=made.page.pk)
    page.lead = "Another lead"
    page.save_revision().publish()
    assert client.get(page.get_url()).status_code == 404
    assert places_with(visible_text(client), PAGE_WORDS) == set()


def test_editors_see_the_preview_while_she_is_asked(made, newsroom):
    """Until her consent ends: test_newsroom.py."""
    put_under_consent(consent_asked(), "page", key_of(made.page), places=["site"])
    words = newsroom.get(f"/cms/pages/{made.page.pk}/view_draft/").content.decode()
    assert "Marigoldbody" in words
    assert "Cornfloweralt" in words  # under no consent itself


def test_translation_needs_a_consent_of_its_own(client, made):
    """A page is one item in each of its languages, and shows the same person in each."""
    consent = consent_asked()
    page = made.page.copy_for_translation(locale=_locale("ru"), copy_parents=True)
    page.title = "Russianpage"
    page.save_revision().publish()
    agreed(consent, "page", key_of(made.page))
    lists = ["/ru/", "/ru/news/", "/ru/news/feed.json", "/sitemap.xml"]
    assert client.get(page.get_url()).status_code == 404
    assert not [one for one in lists if page.get_url() in client.get(one).content.decode()]
    other = consent_asked()
    agreed(other, "page", key_of(page))
    words = client.get(page.get_url()).content.decode()
    assert made.page.get_url() in words
    assert page.get_url() in client.get("/ru/news/").content.decode()
    withdraw_all(consent)
    words = client.get(page.get_url()).content.decode()
    assert "Russianpage" in words
    assert made.page.get_url() not in words


def _locale(code: str):
    from wagtail.models import Locale

    return Locale.objects.get(language_code=code)


def test_links_to_it_lose_their_address_and_it_cannot_be_copied(client, made, newsroom):
    pk = made.page.pk
    text = f'<p>Read <a linktype="page" id="{pk}">here</a></p>'
    call = {"text": "", "words": "Openhere", "page": pk, "address": ""}
    body = [{"type": "text", "value": text}, {"type": "call", "value": call}]
    linking = news_page("Linking", body=json.dumps(body)).get_url()
    consent = consent_asked()
    agreed(consent, "page", key_of(made.page))
    assert client.get(linking).content.decode().count("marigoldslug") == 2
    pages = NewsPage.objects.count()
    posted = {"new_title": "A", "new_slug": "a", "new_parent_page": made.page.get_parent().pk, "alias": ""}
    newsroom.post(f"/cms/pages/{pk}/copy/", posted)
    assert NewsPage.objects.count() == pages
    withdraw_all(consent)
    words = client.get(linking).content.decode()
    assert "here</a>" in words
    assert "marigoldslug" not in words
    assert "Openhere" not in words


def test_picture_is_simply_not_there_after(client, made):
    consent = consent_asked()
    agreed(consent, "image", str(made.image.pk))
    page, _pass_on = address_of(made.page)
    own = {"Cornfloweralt", "Cornflowercredit"}  # what she agreed to; the other words are of the page
    assert {word for _place, word in places_with(visible_text(client, page), IMAGE_WORDS)} == own
    assert "/media/shown/image/" in client.get(page).content.decode()
    withdraw_all(consent)
    answers = visible_text(client, page)
    # The video's first picture has the same words; it is another item.
    assert places_with(answers, ["Cornflowercover", "Cornflowercaption", "shown/image"]) == set()
    assert 'property="og:image"' not in answers[page]
    assert '"image"' not in answers[page].partition("NewsArticle")[2].partition("</script>")[0]
    assert "Marigoldbody" in answers[page]
    assert "Foxglovetranscript" in answers[page]
    assert '<img src=""' not in answers[page]


def test_video_is_simply_not_there_after_and_its_first_picture_neither(client, made):
    consent = consent_asked()
    agreed(consent, "video", str(made.video.pk))
    page, _pass_on = address_of(made.page)
    own = set(VIDEO_WORDS) - {"Foxglovecaption"}  # words of the page
    assert {word for _place, word in places_with(visible_text(client, page), VIDEO_WORDS)} == own
    NewsPage.objects.filter(pk=made.page.pk).update(cover=made.poster)
    withdraw_all(consent)
    answers = visible_text(client, page)
    assert places_with(answers, [*VIDEO_WORDS, "shown/", ".vtt", "<video"]) == set()
    assert places_with(answers, ["Cornflowercover"]) == set()


def test_changed_words_of_a_video_close_it(client, made):
    agreed(consent_asked(), "video", str(made.video.pk))
    PublicVideo.objects.update(transcript_en="Foxglove other words")
    assert "<video" not in client.get(made.page.get_url()).content.decode()


def test_mirror_has_nothing_under_consent_even_while_it_is_allowed(client, made, tmp_path, settings):
    settings.SITE_URL = "https://coalition.example"
    consent = consent_asked()
    for kind, key in (("image", made.image.pk), ("video", made.video.pk)):
        agreed(consent, kind, str(key))
    write_mirror(tmp_path / "first")
    words = b"".join(path.read_bytes() for path in (tmp_path / "first").rglob("*") if path.is_file())
    assert b"Marigoldbody" in words
    assert not [word for word in (*VIDEO_WORDS, "Cornflowercover", "shown/") if word.encode() in words]
    agreed(consent, "page", key_of(made.page))
    assert client.get(made.page.get_url()).status_code == 200
    result = write_mirror(tmp_path / "second")
    words = b"".join(path.read_bytes() for path in (tmp_path / "second").rglob("*") if path.is_file())
    assert not [word for word in PAGE_WORDS if word.encode() in words]
    assert not [name for name in result.files if "marigold" in name or "consented" in name]


def test_page_under_consent_has_no_share_card_and_goes_by_no_mail(
    client, made, django_capture_on_commit_callbacks
):
    scheduler.run_due(worker="test")
    card = NewsPage.objects.get(pk=made.page.pk).share_card.name
    assert storages["public"].exists(card)
    with django_capture_on_commit_callbacks(execute=True):
        agreed(consent_asked(), "page", key_of(made.page))
    assert not storages["public"].exists(card)
    NewsPage.objects.get(pk=made.page.pk).save_revision().publish()
    scheduler.run_due(worker="test")
    assert not NewsPage.objects.get(pk=made.page.pk).share_card
    NewsByMail.objects.create(
        address="a@b.example", language="en", state="confirmed", day=localdate(now()), written_at=now()
    )
    send_news_due(str(made.page.pk), {})
    from coalition.mail.models import OutboxMail

    assert not OutboxMail.objects.filter(key__contains="news:").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_gate_costs_one_query_whatever_the_number_of_items(client, made, count):
    page = made.page.get_url()
    consent = consent_asked()
    for number in range(count):
        agreed(consent, "image", str(picture(f"More {number}").pk))
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    asked = [one for one in queries if 'FROM "consent_consentitem"' in one["sql"]]
    assert len(asked) == 1


def test_backup_has_nothing_of_it_among_public_files(made, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        agreed(consent_asked(), "image", str(made.image.pk))
        agreed(consent_asked(), "video", str(made.video.pk))
    image, video = PublicImage.objects.get(pk=made.image.pk), PublicVideo.objects.get(pk=made.video.pk)
    names = [image.file.name, video.file.name, video.captions_en.name, video.poster.file.name]
    stored = list_stored_files()
    assert {f"private/{name}" for name in names} <= stored
    public = [name for name in stored if name.startswith("public/")]
    assert not [name for name in public if "consented" in name or "cornflower" in name]
    assert not {f"public/{one}" for one in (made.video.file.name, made.video.captions_en.name)} & stored
    assert list(verify_site([])) == []
