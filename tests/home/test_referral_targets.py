"""Codes lead to the page of help and to pages of campaigns, in the reader's language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.referrals.actions import make_referral_code
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.models import ReferralDay
from coalition.campaigns.referrals.targets import CAMPAIGN_PAGE, HELP_PAGE, targets_in
from home.frontend_cache import HELP
from home.models import CampaignPage, HomePage
from home.translations import create_translation
from tests.events.planning.builders import stage
from tests.factories import UserFactory
from tests.home.test_sections import campaign

pytestmark = pytest.mark.django_db


def code_for(action, target):
    here = stage()
    return make_referral_code(
        access=here.access("contributor"), action=action, target=target, medium=Medium.TABLE
    ).code


def asked(client, code, language):
    return client.get(f"/q/{code}", headers={"accept-language": language})


def test_a_code_leads_to_help_and_the_page_is_not_told_by_which(site, client) -> None:
    code = code_for(HELP_PAGE, HELP)
    assert asked(client, code, "kk").url == "/kk/help/"
    assert asked(client, code, "ru").url == "/ru/help/"
    assert ReferralDay.objects.get().opened == 2


def test_a_code_leads_to_a_page_in_the_readers_language_or_the_one_it_has(site, client) -> None:
    page = campaign(language="kk")
    code = code_for(CAMPAIGN_PAGE, page.translation_key)
    assert asked(client, code, "en").url == "/kk/week/"
    copy = create_translation(page, language="en", by=UserFactory(is_superuser=True)).specific
    copy.save_revision().publish()
    assert asked(client, code, "en").url == copy.get_url()
    assert asked(client, code, "kk").url == "/kk/week/"


def test_a_page_that_was_taken_down_leads_to_the_first_page(site, client) -> None:
    page = campaign()
    code = code_for(CAMPAIGN_PAGE, page.translation_key)
    page.unpublish()
    assert asked(client, code, "en").url == "/en/"


def test_only_live_pages_are_offered_and_each_once(site) -> None:
    here = stage()
    page = campaign(language="kk")
    copy = create_translation(page, language="en", by=UserFactory(is_superuser=True)).specific
    copy.title = "In English"
    copy.save_revision().publish()
    found = [one for one in targets_in(here.workspace, "en") if one.action == CAMPAIGN_PAGE]
    assert [(one.uuid, one.title) for one in found] == [(page.translation_key, "In English")]
    for one in CampaignPage.objects.all():
        one.unpublish()
    assert [one.action for one in targets_in(here.workspace, "en")] == [HELP_PAGE]


def test_following_a_code_to_a_page_costs_few_queries(site, client) -> None:
    code = code_for(CAMPAIGN_PAGE, campaign().translation_key)
    asked(client, code, "en")
    with CaptureQueriesContext(connection) as counted:
        asked(client, code, "en")
    assert len(counted) <= 5


def test_choosing_among_pages_costs_the_same_for_one_as_for_three(site) -> None:
    here = stage()
    home = HomePage.objects.get(locale__language_code="en")
    counts = []
    for number in (1, 2):
        for one in range(number):
            name = f"page-{number}-{one}"
            page = CampaignPage(title=name, slug=name, lead="All of it.", locale=home.locale)
            home.add_child(instance=page)
            page.save_revision().publish()
        with CaptureQueriesContext(connection) as counted:
            found = targets_in(here.workspace, "en")
        counts.append((len(counted), len(found)))
    assert counts == [(counts[0][0], 2), (counts[0][0], 4)]
