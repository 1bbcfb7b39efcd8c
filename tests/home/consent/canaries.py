"""A story of the newsroom with a picture and a video, all of it recognisable by words nobody else uses."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image
from wagtail.models import Locale

from coalition.accounts.models import Language
from coalition.consent.items import item_kind, notify_changes
from coalition.consent.models import ConsentItem, ConsentRecord
from coalition.consent.site import page_key
from home.models import NewsPage, PublicImage, PublicVideo, Topic
from tests.consent.builders import agree_to, put_under_consent
from tests.documents.files.metadata import media_samples
from tests.home.conftest import news_page
from tests.recording import recorded

PAGE_WORDS = ("Marigoldpage", "Marigoldlead", "Marigoldbody", "marigoldslug")
IMAGE_WORDS = ("Cornfloweralt", "Cornflowercredit", "Cornflowercaption", "Cornflowercover")
VIDEO_WORDS = ("Foxglovetitle", "Foxglovecredit", "Foxglovetranscript", "Foxglovecaption")


def picture(title: str = "Cornflowertitle", colour: str = "red", **given: str) -> PublicImage:
    content = io.BytesIO()
    Image.new("RGB", (160, 90), colour).save(content, "PNG")
    file = ContentFile(content.getvalue(), f"{title.lower()}.png")
    return PublicImage.objects.create(
        title=title, alt="Cornfloweralt", credit="Cornflowercredit", file=file, **given
    )


def film(poster: PublicImage) -> PublicVideo:
    words = SimpleUploadedFile("w.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.500\nFoxglovespoken\n")
    file = SimpleUploadedFile("film.mp4", media_samples.mp4(), "video/mp4")
    video = PublicVideo(title="Foxglovetitle", poster=poster, credit="Foxglovecredit", file=file)
    video.captions_en, video.transcript_en = words, "Foxglovetranscript"
    video.save()
    return video


@dataclass
class Story:
    """The page, its picture (cover, and in the text), the video, and the video's first picture."""

    page: NewsPage
    image: PublicImage
    video: PublicVideo
    poster: PublicImage


@recorded
def story() -> Story:
    image, poster = picture(), picture("Postertitle", "blue")
    video = film(poster)
    body = [
        {"type": "text", "value": "<p>Marigoldbody neutralword</p>"},
        {
            "type": "picture",
            "value": {
                "image": {"image": image.pk, "decorative": False, "alt_text": "Cornfloweralt"},
                "caption": "Cornflowercaption",
                "credit": "Cornflowercredit",
            },
        },
        {"type": "video", "value": {"video": video.pk, "caption": "Foxglovecaption"}},
    ]
    page = news_page(
        "Marigoldpage",
        slug="marigoldslug",
        cover=image,
        cover_alt="Cornflowercover",
        body=json.dumps(body),
        placement="lead",
    )
    topic = Topic.objects.create(name="Court", slug="court", locale=Locale.objects.get(language_code="en"))
    other = news_page("Otherpage")
    for one in (page, other):
        one.topics = [topic]
        one.save_revision().publish()
    page = NewsPage.objects.get(pk=page.pk)
    NewsPage.objects.filter(pk=page.pk).update(lead="Marigoldlead")
    page.refresh_from_db()
    return Story(page, image, video, poster)


def agreed(consent: ConsentRecord, kind: str, key: str) -> ConsentItem:
    """The item comes under consent, as by its form, and she agrees."""
    with transaction.atomic():
        item = put_under_consent(consent, kind, key, places=["site"])
        item_kind(kind).changed(key)
        notify_changes([(kind, key, item.sha256)])
    with transaction.atomic():
        agree_to(item)
        notify_changes([(kind, key, item.sha256)])
    return item


def key_of(page: NewsPage) -> str:
    return page_key(NewsPage.objects.select_related("locale").get(pk=page.pk))


SURFACES = (
    "/en/",
    "/en/news/",
    "/en/news/?topic=court",
    "/en/news/rss.xml",
    "/en/news/atom.xml",
    "/en/news/feed.json",
    "/en/news/topics/court/feed.json",
    "/en/search/?q=neutralword",
    "/en/search/?q=neutralwerd",  # a word to correct
    "/en/news/otherpage/",
    "/sitemap.xml",
    "/kk/",
)


def visible_text(client: Client, *more: str) -> dict[str, str]:
    """What the surfaces say, by address: only answers with 200."""
    found = {}
    for address in (*SURFACES, *more):
        answer = client.get(address)
        if answer.status_code == 200:
            found[address] = answer.content.decode()
    return found


def places_with(answers: dict[str, str], words: Iterable[str]) -> set[tuple[str, str]]:
    """Where which of the words stand."""
    return {(address, word) for address, text in answers.items() for word in words if word in text}


LANGUAGES = tuple(Language)
