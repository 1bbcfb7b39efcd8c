"""What search engines read: the sitemap with languages, and NewsArticle of schema.org."""

import datetime
import json
import re

import pytest
from defusedxml import ElementTree
from django.core.files.base import ContentFile

from home.models import NewsPage
from tests.documents.approval.builders import stage
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
HEADLINE = 110  # characters that are read of a headline


def test_the_sitemap_follows_its_schema_and_every_language_names_all(site, client, news):
    stage(2).publish("kk", "ru")
    news("Own")
    OrganisationFactory(slug="named")
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert root.tag == f"{MAP}urlset"
    alternates = {}
    for url in root:
        assert [child.tag for child in url if child.tag != LINK] in (
            [f"{MAP}loc"],
            [f"{MAP}loc", f"{MAP}lastmod"],
        )
        address = url.find(f"{MAP}loc").text
        assert address.startswith("http://")
        assert len(address) < 2048
        changed = url.find(f"{MAP}lastmod")
        assert changed is None or datetime.datetime.fromisoformat(changed.text).tzinfo
        links = [(link.get("hreflang"), link.get("href")) for link in url.findall(LINK)]
        assert {link.get("rel") for link in url.findall(LINK)} == {"alternate"}
        alternates[address] = dict(links)
        assert len(dict(links)) == len(links)
    assert len(alternates) == len(root)
    for address, others in alternates.items():
        assert address in others.values()
        assert others["x-default"] == next(others[code] for code in ("kk", "ru", "en") if code in others)
        assert all(alternates[other] == others for other in others.values())


def test_a_page_names_the_language_for_who_reads_none(site, client, news):
    page = news("Own")
    own, about = (client.get(path).content.decode() for path in (page.get_url(), "/en/about/"))
    assert f'hreflang="x-default" href="http://localhost:8000{page.get_url()}"' in own
    assert 'hreflang="x-default" href="http://localhost:8000/kk/about/"' in about


def article(client, page):
    words = client.get(page.get_url()).content.decode()
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', words)
    return json.loads(found)


def test_an_article_of_schema_org_has_what_is_asked_of_it(site, client, news):
    page = news("A very long title that says everything at once, " * 5, language="ru")
    page.share_card.save("card.png", ContentFile(b"drawn"), save=False)
    NewsPage.objects.filter(pk=page.pk).update(share_card=page.share_card.name)
    said = article(client, page)
    assert said["@type"] == "NewsArticle"
    assert 0 < len(said["headline"]) <= HEADLINE
    assert said["inLanguage"] == "ru"
    for name in ("datePublished", "dateModified"):
        assert datetime.datetime.fromisoformat(said[name]).tzinfo
    for name in ("author", "publisher"):
        assert said[name]["@type"] == "Organization"
        assert said[name]["name"]
        assert said[name]["url"].startswith("http")
    assert all(image.startswith("http") for image in said["image"])
    assert len(said["image"]) == 1
    assert said["mainEntityOfPage"].endswith(page.get_url())


def test_an_approved_article_names_nobody(site, client):
    """Names can be taken off; what was copied from a page cannot."""
    made = stage(2)
    page = NewsPage.objects.get(publication=made.publish("kk"))
    said = json.dumps(article(client, page), ensure_ascii=False)
    assert all(one.name_en not in said and one.name_kk not in said for one in made.organisations)
