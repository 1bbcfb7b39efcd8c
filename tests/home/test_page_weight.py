"""What a first view of a page of a campaign weighs on the line, without photographs."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.staticfiles import finders
from lxml import html

from tests.campaigns.counters.pretend_appeal import pretend_appeal
from tests.campaigns.factories import HelplineEntryFactory
from tests.home.test_campaign_sections import HELP, NUMBERS, OPEN, SUPPORT
from tests.home.test_sections import CALL, EVERYBODY, NEWS, POSTER, campaign

pytestmark = pytest.mark.django_db

HEAVIEST = 120_000  # bytes
HEAVIEST_LIGHT = 60_000
PACKED_ALREADY = (".woff2", ".png", ".jpg", ".webp", ".avif")


def weight(content: bytes) -> int:
    """Bytes of the page and of all that it loads before anybody scrolls or presses, packed as nginx does."""
    tree = html.document_fromstring(content)
    links = tree.xpath("//link[@rel='stylesheet' or @rel='preload' or @rel='icon']/@href")
    uses = [one.partition("#")[0] for one in tree.xpath("//*[local-name()='use']/@href")]
    names = {*links, *tree.xpath("//script/@src"), *uses, *tree.xpath("//img[not(@loading='lazy')]/@src")}
    return _packed(content) + sum(_static(urlsplit(name).path) for name in names)


def _static(path: str) -> int:
    found = finders.find(path.removeprefix("/static/"))
    if found is None:
        pytest.skip("needs the built styles and scripts (node assets/build.mjs)")
    content = Path(str(found)).read_bytes()
    return len(content) if path.endswith(PACKED_ALREADY) else _packed(content)


def _packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@time_machine.travel(OPEN, tick=False)
@pytest.mark.parametrize(("light", "most"), [(False, HEAVIEST), (True, HEAVIEST_LIGHT)])
def test_a_page_of_a_campaign_with_everything(site, client, news, light, most) -> None:
    for number in range(4):
        HelplineEntryFactory()
        news(f"Жаңалық {number}", "kk")
    with pretend_appeal():
        campaign(
            *(("poster", POSTER), ("help", HELP), ("appeal", SUPPORT), ("counters", NUMBERS)),
            *(("news", NEWS), ("calls", {"heading": "Әрекет", "calls": [CALL] * 3})),
            *(("organisations", EVERYBODY), ("text", "<p>" + "Зорлықсыз өмір. " * 400 + "</p>")),
            language="kk",
            light=light,
        )
        answer = client.get("/kk/week/")
    assert ("light.css" in answer.content.decode()) is light
    assert weight(answer.content) <= most
