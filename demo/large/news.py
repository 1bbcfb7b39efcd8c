"""Articles of the large demo: Wagtail pages in three languages, written in bulk.

A page is one row of Wagtail's and one of ours; topics, the revision, the CMS search index and the reference
index are written with it. Pictures are those of the small demo. Share pictures are not drawn: six thousand
would take longer than all the rest.
"""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Cast
from treebeard.numconv import NumConv
from uuid_utils.compat import uuid7
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend

from coalition.accounts.models import User
from demo.large.wording import html, lead, region_of, title
from home.models import NewsIndexPage, NewsPage, PublicImage, Topic
from home.models.pages import Placement

BATCH = 500
STEPS = NumConv(Page.alphabet)


@dataclass(frozen=True)
class Shelf:
    """The parent page, topics and pictures for the articles of one language."""

    index: NewsIndexPage
    topics: list[Topic]
    covers: list[PublicImage]
    owner: User

    @property
    def language(self) -> str:
        return str(self.index.locale.language_code)


def publish_articles(number: int, until: datetime.datetime) -> Iterator[list[NewsPage]]:
    """Publish so many articles, and yield the pages in batches of one language each."""
    keys: list[UUID] = [uuid7() for _one in range(number)]
    owner = User.objects.get(email="newsroom@demo.example")
    covers = list(PublicImage.objects.order_by("pk"))
    for index in NewsIndexPage.objects.select_related("locale").order_by("pk"):
        shelf = Shelf(index, list(Topic.objects.filter(locale=index.locale).order_by("pk")), covers, owner)
        for batch in itertools.batched(enumerate(keys), BATCH, strict=False):
            pages = [_page(one, key, shelf, until) for one, key in batch]
            _write(pages, shelf)
            yield pages


def _page(number: int, key: UUID, shelf: Shelf, until: datetime.datetime) -> NewsPage:
    language = shelf.language
    at = until - datetime.timedelta(days=4 + number * 7 % 1500, minutes=number % 700)
    slug = f"article-{number}"
    return NewsPage(
        title=title(number, language),
        draft_title=title(number, language),
        slug=slug,
        url_path=f"{shelf.index.url_path}{slug}/",
        depth=shelf.index.depth + 1,
        numchild=0,
        locale=shelf.index.locale,
        translation_key=key,
        owner=shelf.owner,
        lead=lead(number, language),
        body=[("text", html(number, language))],
        cover=shelf.covers[number % len(shelf.covers)] if shelf.covers else None,
        regions=[region_of(number)] if number % 3 == 0 else [],
        placement=Placement.INDEX,
        published_on=at,
        first_published_at=at,
        last_published_at=at,
        latest_revision_created_at=at,
        content_type=ContentType.objects.get_for_model(NewsPage),
    )


def _write(pages: list[NewsPage], shelf: Shelf) -> None:
    _place(pages, shelf.index)
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    rows = Page.objects.bulk_create(
        [Page(**{name: getattr(page, name) for name in columns}) for page in pages]
    )
    for page, row in zip(pages, rows, strict=True):
        page.pk, page.id = row.pk, row.pk
        page.page_ptr = row
        page.save_base(raw=True, force_insert=True)  # our row alone: Wagtail's is there
    _dress(pages, shelf)
    _revise(pages, shelf.owner)
    get_search_backend().add_bulk(NewsPage, pages)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)


def _place(pages: list[NewsPage], index: NewsIndexPage) -> None:
    """Give the pages tree paths below the list of news, after the existing children."""
    last = Page.objects.filter(path__startswith=index.path, depth=index.depth + 1).order_by("path").last()
    step = STEPS.str2int(last.path[-Page.steplen :]) if last is not None else 0
    for place, page in enumerate(pages, start=step + 1):
        page.path = index.path + STEPS.int2str(place).rjust(Page.steplen, Page.alphabet[0])
    Page.objects.filter(pk=index.pk).update(numchild=F("numchild") + len(pages))


def _dress(pages: list[NewsPage], shelf: Shelf) -> None:
    """Give each page one topic in its own language."""
    if shelf.topics:
        through = NewsPage.topics.through
        through.objects.bulk_create(
            through(newspage_id=page.pk, topic_id=shelf.topics[place % len(shelf.topics)].pk)
            for place, page in enumerate(pages)
        )


def _revise(pages: list[NewsPage], owner: User) -> None:
    """Write the published revision and the two log entries about it."""
    kind, base = (ContentType.objects.get_for_model(model) for model in (NewsPage, Page))
    Revision.objects.bulk_create(
        [
            Revision(
                content_type=kind,
                base_content_type=base,
                object_id=str(page.pk),
                created_at=page.published_on,
                user=owner,
                object_str=str(page),
                content=page.serializable_data(),
            )
            for page in pages
        ],
        batch_size=BATCH // 5,
    )
    own = Revision.objects.filter(base_content_type=base, object_id=Cast(OuterRef("pk"), CharField()))
    newest = Subquery(own.order_by("-pk").values("pk")[:1])
    keys = [page.pk for page in pages]
    Page.objects.filter(pk__in=keys).update(latest_revision=newest, live_revision=newest)
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page=page.page_ptr,
            content_type=kind,
            label=str(page),
            action=action,
            user=owner,
            timestamp=page.published_on,
        )
        for page in pages
        for action in ("wagtail.create", "wagtail.publish")
    )
