"""How many queries a visitor's page costs when nothing is kept in any cache."""

import io
import json

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.models import Locale

from documents.publication.actions import publish_approved
from home.models import NewsPage, PublicImage, Topic
from tests.documents.approval.builders import stage
from tests.home.pictured import round_with_picture

pytestmark = pytest.mark.django_db
ARTICLE = 9
INDEX = 13


def cold(client, address):
    """Queries of the second visit, with empty caches: the first draws pictures."""
    assert client.get(address).status_code == 200
    cache.clear()
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def on_topic(page, language):
    locale = Locale.objects.get(language_code=language)
    page.topics = [Topic.objects.get_or_create(name="Court", slug="court", locale=locale)[0]]
    page.save_revision().publish()
    return page


def public_image(number):
    content = io.BytesIO()
    Image.new("RGB", (40, 30), (number, 0, 0)).save(content, "PNG")
    return PublicImage.objects.create(
        title="Red", alt="A red field", file=ContentFile(content.getvalue(), "red.png")
    )


def test_an_approved_article_with_everything(site, client, news):
    """Pictures, a topic with other news, and a text before it that it corrects."""
    made = stage(12)
    publish_approved(access=made.access, round_=round_with_picture(made))
    publication = publish_approved(access=made.access, round_=round_with_picture(made))
    assert publication.replaces_id
    page = on_topic(NewsPage.objects.get(publication=publication, locale__language_code="kk"), "kk")
    on_topic(news("Басқа", "kk"), "kk")
    assert cold(client, page.get_url()) <= ARTICLE


@pytest.mark.parametrize("pictures", [1, 3])
def test_own_news_with_pictures(site, client, news, pictures):
    images = [public_image(number) for number in range(pictures)]
    shown = [
        {"image": {"image": one.pk, "decorative": False, "alt_text": "A"}, "caption": "", "credit": "B"}
        for one in images
    ]
    body = json.dumps([{"type": "picture", "value": value} for value in shown])
    page = on_topic(news("Own", cover=images[0], body=body), "en")
    on_topic(news("Other"), "en")
    assert cold(client, page.get_url()) <= ARTICLE


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_of_news(site, client, news, items):
    stage(3).publish("en")
    for number in range(items):
        on_topic(news(f"Own {number}", cover=public_image(number)), "en")
    assert cold(client, "/en/news/") <= INDEX
