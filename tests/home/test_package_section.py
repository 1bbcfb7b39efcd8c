"""A media package on a page of a campaign, and the link to all of them in the frame of the site."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.media_package.actions.items import remove_item
from coalition.campaigns.media_package.actions.packages import publish_package, set_access, unpublish_package
from coalition.campaigns.media_package.enums import ItemKind, PackageAudience
from coalition.campaigns.media_package.models import MediaPackage
from coalition.campaigns.media_package.public_list import packages_to_choose
from coalition.campaigns.postcards.public_presenters import PAGE_SECONDS
from coalition.core.clock import freeze_clock_at, now
from coalition.http.responses import get_proxy_max_age
from home.models.section_blocks import CampaignSectionsBlock, SectionsBlock
from tests.campaigns.media_package.builders import Press, press
from tests.home.test_sections import campaign, compose, headings, read

pytestmark = pytest.mark.django_db
ADDRESS = "/en/week/"
EMPTY = {"heading": "", "text": "", "package": ""}
LIST = "/en/media/"
MOST_BYTES = 80_000


@pytest.fixture
def here(site) -> Press:
    return press(published=True)


def section(package: MediaPackage, **given: str) -> tuple[str, dict[str, str]]:
    return ("package", EMPTY | {"package": str(package.uuid)} | given)


def words(tree) -> str:
    return " ".join(tree.xpath("//main")[0].text_content().split())


def footer_links(client: Client, address: str = "/en/") -> list[str]:
    return read(client, address).xpath("//footer//a/@href")


def test_it_shows_title_kinds_and_a_link(here: Press, client: Client) -> None:
    poster = here.item("poster", ItemKind.POSTER)
    here.approve(poster)
    here.item("waiting", ItemKind.AUDIO)
    campaign(section(here.package, text="Print them."))
    tree = read(client, ADDRESS)
    assert headings(tree) == ["Tulipweek", "Package"]
    shown = words(tree)
    assert "Print them." in shown
    assert tree.xpath("//main//section//p[@class='meta']/span/text()") == ["Video", "Poster"]
    [button] = tree.xpath("//main//a[@href='/en/media/package/']")
    assert " ".join(button.text_content().split()) == "Take posters, films and texts: Package"
    answer = client.get(ADDRESS)
    assert (get_proxy_max_age(answer) or 0) <= PAGE_SECONDS
    assert len(answer.content) <= MOST_BYTES


@pytest.mark.parametrize(
    ("language", "words_of_link"),
    [("kk", "/kk/media/package/"), ("ru", "/ru/media/package/")],
)
def test_it_leads_to_the_package_in_the_language_of_the_page(
    here: Press, client: Client, language: str, words_of_link: str
) -> None:
    campaign(section(here.package), language=language)
    assert read(client, f"/{language}/week/").xpath(f"//main//a[@href='{words_of_link}']")


def test_a_heading_of_the_editor_leaves_the_title_of_the_package(here: Press, client: Client) -> None:
    compose(section(here.package, heading="Take it"))
    tree = read(client)
    assert "Take it" in headings(tree)
    assert tree.xpath("//main//section//b/text()") == ["Package"]


def test_what_is_not_public_or_empty_is_gone_from_the_page(here: Press, client: Client) -> None:
    campaign(section(here.package))
    assert headings(read(client, ADDRESS)) == ["Tulipweek", "Package"]
    assert packages_to_choose("en") == [(str(here.package.uuid), "Package")]
    set_access(access=here.access, package=here.package, audience=PackageAudience.OUTLETS, opens_at=None)
    assert headings(read(client, ADDRESS)) == ["Tulipweek"]
    assert packages_to_choose("en") == []
    set_access(access=here.access, package=here.package, audience=PackageAudience.PUBLIC, opens_at=None)
    assert headings(read(client, ADDRESS)) == ["Tulipweek", "Package"]
    remove_item(access=here.access, item=here.items[0])
    assert headings(read(client, ADDRESS)) == ["Tulipweek"]


@pytest.mark.parametrize("chosen", ["", "nothing", "00000000-0000-7000-8000-000000000000"])
def test_a_draft_without_a_package_shows_nothing(site, client: Client, chosen: str) -> None:
    campaign(("package", EMPTY | {"package": chosen}))
    assert headings(read(client, ADDRESS)) == ["Tulipweek"]


def test_the_section_can_be_chosen() -> None:
    assert "package" in CampaignSectionsBlock().child_blocks
    assert "package" in SectionsBlock().child_blocks


def test_the_foot_of_each_page_leads_to_packages_while_there_is_one(site, client: Client) -> None:
    made = press()
    assert LIST not in footer_links(client)
    item = made.item()
    made.approve(item)
    assert LIST not in footer_links(client)
    publish_package(access=made.access, package=made.package)
    assert LIST in footer_links(client)
    assert LIST in footer_links(client, LIST)
    until = now() + datetime.timedelta(days=1)
    set_access(access=made.access, package=made.package, audience=PackageAudience.PUBLIC, opens_at=until)
    assert LIST not in footer_links(client)
    with freeze_clock_at(until + datetime.timedelta(minutes=1)):
        assert LIST in footer_links(client)
    set_access(access=made.access, package=made.package, audience=PackageAudience.PUBLIC, opens_at=None)
    unpublish_package(access=made.access, package=made.package)
    assert LIST not in footer_links(client)


def test_the_frame_takes_no_more_queries_with_a_package(here: Press, client: Client) -> None:
    counts = []
    for audience in (PackageAudience.PUBLIC, PackageAudience.OUTLETS):
        MediaPackage.objects.update(audience=audience)
        client.get("/en/events/")  # whatever is cached is there
        with CaptureQueriesContext(connection) as found:
            client.get("/en/events/")
        counts.append(len(found))
    assert counts[0] == counts[1]
