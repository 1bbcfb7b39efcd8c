"""The numbers of postcards on a page of a campaign."""

import pytest

from coalition.campaigns.postcards.actions import publish_design, unpublish_design
from coalition.campaigns.postcards.public_presenters import PAGE_SECONDS
from coalition.http.responses import get_proxy_max_age
from home.models.section_blocks import CampaignSectionsBlock
from tests.campaigns.postcards.builders import cards
from tests.campaigns.postcards.ledger_entries import ledger_says
from tests.home.test_sections import campaign, headings, read

pytestmark = pytest.mark.django_db


def test_the_line_of_a_design_stands_on_the_page_once_it_is_public(site, client) -> None:
    here = cards()
    here.batches()
    campaign(("postcards", {"heading": "", "design": str(here.design.uuid)}))
    campaign_address = "/en/week/"
    assert headings(read(client, campaign_address)) == ["Tulipweek"]
    publish_design(access=here.access, design=here.design)
    with ledger_says():
        tree = read(client, campaign_address)
        assert headings(tree) == ["Tulipweek", "Postcards"]
        assert "1\u00a0240 counted by two" in tree.text_content()
        links = tree.xpath("//main//a/@href")
        assert f"/en/postcards/{here.design.slug}/" in links
        assert f"/en/support/{here.appeal.slug}/" in links
        assert (get_proxy_max_age(client.get(campaign_address)) or 0) <= PAGE_SECONDS
    unpublish_design(access=here.access, design=here.design)
    assert headings(read(client, campaign_address)) == ["Tulipweek"]


def test_an_empty_field_of_a_draft_shows_nothing(site, client) -> None:
    campaign(("postcards", {"heading": "", "design": ""}))
    assert headings(read(client, "/en/week/")) == ["Tulipweek"]


def test_the_section_can_be_chosen() -> None:
    assert "postcards" in CampaignSectionsBlock().child_blocks
