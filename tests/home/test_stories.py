"""Stories: public only under a consent that allows them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.consent.models import ConsentRecord
from coalition.core.clock import now
from tests.consent.builders import consent_asked, put_under_consent, shown_under_consent
from tests.home.filmed import campaign_page, public_image, public_video, story_page
from tests.home.test_film_page import read, words

pytestmark = pytest.mark.django_db
LIST = "/en/stories/"


def key_of(page) -> str:
    return f"{page.translation_key}.{page.locale.language_code}"


def consented_story(title: str = "Aru", **given: object):
    """A story that may be shown."""
    page = story_page(title, **given)
    shown_under_consent(consent_asked(), "page", key_of(page))
    return page


def test_without_a_consent_a_story_is_not_there(site, client) -> None:
    page = story_page("Aru")
    assert client.get(page.get_url()).status_code == 404
    text = client.get(LIST).content.decode()
    assert "Aru" not in text
    assert "There is no story here now" in text
    assert page.get_url() not in client.get("/sitemap.xml").content.decode()
    put_under_consent(consent_asked(), "page", key_of(page))  # she was not asked yet
    assert client.get(page.get_url()).status_code == 404


def test_with_her_consent_it_is_there_until_she_takes_it_back(site, client) -> None:
    page = consented_story()
    campaign_page(("stories", {"heading": "", "most": 3}))
    tree = read(client, page.get_url())
    assert "Lead of Aru" in words(tree)
    assert not tree.xpath("//meta[@property='og:image']")
    assert tree.xpath("//meta[@name='robots'][contains(@content, 'noindex')]")
    assert "light.css" in client.get(page.get_url()).content.decode()
    assert "Aru" in words(read(client, LIST))
    assert "Aru" in words(read(client, "/en/week/"))
    ConsentRecord.objects.update(withdrawn_at=now())
    assert client.get(page.get_url()).status_code == 404
    assert "Aru" not in client.get(LIST).content.decode()
    assert "Stories" not in words(read(client, "/en/week/"))


def test_list_and_story_are_left_safely(site, client) -> None:
    page = consented_story()
    for address in (LIST, page.get_url()):
        assert len(read(client, address).xpath("//a[@data-safe-exit]")) == 2


def test_a_recording_and_a_picture_go_with_their_own_consent(site, client) -> None:
    video, image = public_video("Her voice"), public_image("Her hands")
    page = consented_story(recording=video, picture=image, light=False)
    tree = read(client, page.get_url())
    assert tree.xpath("//video")
    assert tree.xpath("//figure/img[@alt='A red field']")
    consent = consent_asked()
    put_under_consent(consent, "video", str(video.pk))
    put_under_consent(consent, "image", str(image.pk))
    tree = read(client, page.get_url())
    assert not tree.xpath("//video")
    assert not tree.xpath("//figure/img[@alt='A red field']")


def queries(client, address: str) -> int:
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_lists_cost_the_same_with_one_and_three(site, client) -> None:
    consented_story("First")
    campaign_page(("stories", {"heading": "", "most": 3}))
    one = [queries(client, address) for address in (LIST, "/en/week/")]
    consented_story("Second"), consented_story("Third")
    assert [queries(client, address) for address in (LIST, "/en/week/")] == one
