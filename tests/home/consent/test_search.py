"""The search says nothing of a page that is hidden by the gate alone, before the index is built anew."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Membership
from home.models import SearchItem
from tests.consent.builders import caseworker_of, consent_asked
from tests.home.conftest import news_page
from tests.home.consent.canaries import agreed, key_of, story

pytestmark = pytest.mark.django_db


def hide(page, consent) -> None:
    """The caseworker's membership ends: nothing tells the index."""
    agreed(consent, "page", key_of(page))
    assert SearchItem.objects.filter(key=page.pk).exists()
    person = caseworker_of(consent.organisation)
    Membership.objects.filter(person=person, organisation=consent.organisation).delete()
    assert SearchItem.objects.filter(key=page.pk).exists()


def test_hits_counts_and_corrections_leave_out_hidden_pages(client, site):
    page, consent = news_page("Marigoldpage sharedword"), consent_asked()
    news_page("Otherpage sharedword")
    nothing = client.get("/en/search/?q=Zinniapage").content.decode()
    assert "Marigoldpage" in client.get("/en/search/?q=Marigoldpage").content.decode()
    hide(page, consent)
    assert client.get(page.get_url()).status_code == 404
    for words in ("Marigoldpage", "Marigoldpqge"):
        found = client.get(f"/en/search/?q={words}").content.decode()
        assert found.replace(words, "Zinniapage") == nothing
    assert "Marigoldpage" not in client.get("/en/search/?q=Marigoldpqge+sharedword").content.decode()
    shared = client.get("/en/search/?q=sharedword").content.decode()
    assert "Otherpage" in shared
    assert "Marigoldpage" not in shared
    assert "sharedword" in client.get("/en/search/?q=sharedwerd").content.decode()
    in_kazakh = client.get("/kk/search/?q=Marigoldpage").content.decode()
    assert "/en/search/" not in in_kazakh.partition("<main")[2]


def test_search_costs_no_query_more_while_no_page_is_hidden(client, site):
    page = news_page("Marigoldpage")
    client.get("/en/search/?q=Marigoldpage")
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/search/?q=Marigoldpage")
    assert len([one for one in queries if 'FROM "consent_consentitem"' in one["sql"]]) == 1
    assert page.live


def test_words_of_pictures_and_videos_under_consent_are_in_no_index(client, site):
    made, consent = story(), consent_asked()
    assert "Marigoldpage" in client.get("/en/search/?q=Cornflowercaption").content.decode()
    agreed(consent, "image", str(made.image.pk))
    agreed(consent, "video", str(made.video.pk))
    assert "Cornfloweralt" in client.get(made.page.get_url()).content.decode()
    for word in ("Cornflowercaption", "Foxglovecaption"):
        assert "Marigoldpage" not in client.get(f"/en/search/?q={word}").content.decode()
    assert "Marigoldpage" in client.get("/en/search/?q=Marigoldbody").content.decode()
