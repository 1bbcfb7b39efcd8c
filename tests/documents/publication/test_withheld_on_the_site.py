"""The site with a published text whose picture is withheld: its page, feeds, search and verification."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.consent.actions.withdraw import withdraw_consent
from documents.models import StoredFile, TakenOff
from documents.publication.actions import publish_approved
from documents.publication.verification.record import findings_of
from home.models import NewsPage, SearchItem
from tests.consent.builders import caseworker_of, consent_asked, shown_under_consent
from tests.documents.approval.builders import stage
from tests.home.conftest import site_of_three_languages
from tests.home.pictured import round_with_picture

pytestmark = pytest.mark.django_db
ALT = "A red field"


def test_page_has_a_sentence_and_stays_on_the_site() -> None:
    site_of_three_languages()
    made = stage(2)
    publication = publish_approved(access=made.access, round_=round_with_picture(made))
    consent = consent_asked()
    shown_under_consent(consent, "file", str(StoredFile.objects.get().uuid))
    page = NewsPage.objects.get(publication=publication)
    with CaptureQueriesContext(connection) as queries:
        assert ALT in Client().get(page.get_url()).content.decode()
    assert sum("consent_consentitem" in one["sql"] for one in queries) == 1
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    feed = f"{page.get_parent().get_url()}feed.json"
    for address in (page.get_url(), feed):
        assert ALT not in Client().get(address).content.decode()
    assert ALT not in str(SearchItem.objects.values_list("text", "title"))
    assert findings_of([publication.pk]) == {publication.pk: []}
    call_command("verify_publication", "--due")
    assert not TakenOff.objects.exists()
