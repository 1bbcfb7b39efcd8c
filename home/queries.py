"""Lists of the public site: the only place where they come from. Everything here is public."""

import datetime
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, ExtractYear, Substr
from wagtail.models import Locale, Page, PageQuerySet

from coalition.accounts.enums import Language, Listing
from coalition.accounts.models import Organisation
from coalition.accounts.queries import public_organisations
from coalition.accounts.regions import REGIONS
from coalition.prepared import Prepared
from documents.drafts.enums import PublicationState
from documents.models import Publication, PublicationName
from home.models import (
    HomePage,
    NewsByMail,
    NewsIndexPage,
    NewsPage,
    PublicImage,
    PublicRendition,
    Topic,
)
from home.models.record import allowed_by_record
from home.news_filter import NewsFilter
from home.page_paths import page_path_at
from home.signatories import Signatories

RELATED = 3
INDEX_DEPTH = 3  # of a list of news in Wagtail's tree: below the root and a home page


def public_news(language: str, topic: str | None = None) -> QuerySet[NewsPage]:
    """Live news of one language, newest first, with cover and topics."""
    pages = (
        NewsPage.objects.live()
        .public()
        .filter(locale__language_code=language)
        .select_related("cover", "publication", "locale")
        .prefetch_related("topics", "cover__renditions")
        .order_by("-published_on", "-pk")
    )
    return pages.filter(topics__slug=topic) if topic else pages


def filtered_news(language: str, narrowing: NewsFilter) -> QuerySet[NewsPage]:
    """Live news of one language that a visitor asked for. A withheld organisation narrows to nothing."""
    pages = public_news(language, narrowing.topic or None)
    if narrowing.year:
        pages = pages.filter(published_on__year=narrowing.year)
    if narrowing.region:
        pages = in_region(pages, narrowing.region)
    if narrowing.organisation:
        listed = public_organisations().filter(slug=narrowing.organisation)
        pages = pages.filter(
            publication__in=_current_public_names().filter(organisation__in=listed).values("publication")
        )
    return pages


def in_region(pages: QuerySet[NewsPage], region: str) -> QuerySet[NewsPage]:
    """Those of which the newsroom says that they matter in this region (ISO 3166-2)."""
    return pages.annotate(places=Cast("regions", TextField())).filter(places__contains=f'"{region}"')


def _current_public_names() -> QuerySet[PublicationName]:
    """Names that publications tell now."""
    return PublicationName.objects.filter(listing=Listing.PUBLIC, taken_off_at=None)


def organisations_with_news(language: str) -> QuerySet[Organisation]:
    """Listed organisations that stand by name under live news of the language. One query."""
    live = NewsPage.objects.live().filter(locale__language_code=language, publication__isnull=False)
    under = _current_public_names().filter(publication__in=live.values("publication")).values("organisation")
    return public_organisations().filter(pk__in=under)


def years_and_regions(language: str) -> tuple[list[int], list[str]]:
    """Years of live news of the language, the last one first, and the regions that it names. One query."""
    rows = NewsPage.objects.live().filter(locale__language_code=language).order_by()
    found = rows.annotate(year=ExtractYear("published_on"), places=Cast("regions", TextField()))
    pairs = list(found.values_list("year", "places").distinct())
    used = {code for _year, places in pairs for code in json.loads(places)}
    return sorted({year for year, _places in pairs}, reverse=True), [code for code in REGIONS if code in used]


def topics_on(page: NewsPage) -> list[Topic]:
    """The topics of a page as they are kept. One query."""
    return _TOPICS_ON(page=page.pk)


_TOPICS_ON = Prepared(lambda page: Topic.objects.filter(newspage=page))


class RelatedNews(NamedTuple):
    """Another piece of news, as a list of links shows it."""

    title: str
    url: str
    published_on: datetime.datetime


def related_news(page: NewsPage, topics: Iterable[Topic]) -> list[RelatedNews]:
    """Other live news of the language on one of these topics, the newest first. One query."""
    topics_of_it = [topic.pk for topic in topics]
    rows = _RELATED(page=page.pk, locale=page.locale_id, topics=topics_of_it)
    language = page.locale.language_code
    return [RelatedNews(title, page_path_at(language, url_path), on) for _pk, title, url_path, on in rows]


def _related(page: int, locale: int, topics: list[int]) -> QuerySet[NewsPage, Any]:
    others = NewsPage.objects.live().filter(locale=locale, topics__in=topics).exclude(pk=page)
    rows = others.order_by("-published_on", "-pk").distinct()
    return rows.values_list("pk", "title", "url_path", "published_on")[:RELATED]


_RELATED = Prepared(_related)


def home_page(language: str) -> HomePage | None:
    """The first page of one language."""
    return HomePage.objects.live().filter(language=language).select_related("locale").first()


def news_index(language: str) -> NewsIndexPage | None:
    """The news index of one language."""
    pages = NewsIndexPage.objects.live().filter(language=language)
    return pages.select_related("locale").first()


def topics_of(language: str) -> QuerySet[Topic]:
    """Topics that have live news in the language."""
    # Each topic is asked for its first live page: a list of all that are used reads every page of news.
    used = NewsPage.objects.live().filter(topics=OuterRef("pk"))
    return Topic.objects.filter(Exists(used), locale__language_code=language)


def all_topics(language: str) -> QuerySet[Topic]:
    """Topics of the language, also those on which nothing was said yet."""
    return Topic.objects.filter(locale__language_code=language)


def news_page(language: str, slug: str) -> NewsPage | None:
    """News by its address, below the list of news of the language: public, or withdrawn with its note."""
    return _NEWS_PAGE.first(language=language, slug=slug)


def _news_page(language: str, slug: str) -> QuerySet[NewsPage]:
    news = NewsPage.objects.annotate(parent=Substr("path", 1, INDEX_DEPTH * Page.steplen))
    below = news.filter(parent__in=NewsIndexPage.objects.filter(language=language).values("path"))
    withdrawn = Q(publication__state=PublicationState.WITHDRAWN)
    found = below.filter(news.live_q() | withdrawn, locale__language_code=language, slug=slug)
    return found.select_related("locale", "cover", "publication__replaces").order_by("pk")[:1]


_NEWS_PAGE = Prepared(_news_page)


def public_pages() -> PageQuerySet:
    """Live pages of every kind; a page of a publication only if the record says that it is public."""
    news = NewsPage.objects.filter(pk=OuterRef("pk"), publication__isnull=False)
    return Page.objects.live().exclude(Exists(news.filter(~allowed_by_record())))


def holds_publications(page: Page) -> bool:
    """Whether the page, or one below it, shows the words of a publication."""
    return NewsPage.objects.descendant_of(page, inclusive=True).filter(publication__isnull=False).exists()


def news_on_topics(pages: QuerySet[NewsPage], keys: Collection[str]) -> QuerySet[NewsPage]:
    """Those on one of these topics, told by the key that is the same in every language; no key: all."""
    if not keys:
        return pages
    on_them = NewsPage.topics.through.objects.filter(topic__translation_key__in=keys).values("newspage")
    return pages.filter(pk__in=on_them)


def pages_in_language(pages: Sequence[Page], language: str) -> dict[int, Page]:
    """Primary key of a page → the public page that a reader of the language is led to: the same in that
    language, or itself. Pages that are neither are left out. One query for all, none for none."""
    if not pages:
        return {}
    keys = {page.translation_key for page in pages}
    own = Q(translation_key__in=keys, locale__language_code=language) | Q(pk__in=[page.pk for page in pages])
    rows = list(public_pages().filter(own).select_related("locale", "content_type"))
    itself = {page.pk: page for page in rows}
    there = {page.translation_key: page for page in rows if page.locale.language_code == language}
    found = {page.pk: there.get(page.translation_key) or itself.get(page.pk) for page in pages}
    return {pk: page for pk, page in found.items() if page is not None}


def site_languages() -> list[str]:
    """Languages of the site in their order: Kazakh first."""
    codes = set(Locale.objects.values_list("language_code", flat=True))
    return [code for code in ("kk", "ru", "en") if code in codes]


class FramePage(NamedTuple):
    """A page as the frame of others shows it."""

    pk: int
    path: str
    title: str
    url: str
    language: str
    in_menus: bool
    is_here: bool


def frame_pages(current: Page | None) -> tuple[dict[str, list[FramePage]], dict[str, FramePage]]:
    """What stands around a page: language code → the pages directly below its home page, in their order;
    and language code → the current page in that language, where it is public. One query for both."""
    rows = _FRAME(key=current.translation_key) if current is not None else _FRAME_ALONE()
    menus: dict[str, list[FramePage]] = {}
    translations: dict[str, FramePage] = {}
    for pk, path, title, url_path, language, in_menus, is_here in rows:
        page = FramePage(pk, path, title, page_path_at(language, url_path), language, in_menus, is_here)
        if in_menus:
            menus.setdefault(language, []).append(page)
        if is_here:
            translations[language] = page
    return menus, translations


def _frame(here: Q) -> QuerySet[Page, tuple[int, str, str, str, str, bool, bool]]:
    homes = HomePage.objects.live().exclude(language=None).values("path")
    # By kind, which has an index: by place alone every page of news would be read for each page of the site.
    models = [name.rpartition(".")[2].lower() for name in HomePage.subpage_types]
    kinds = ContentType.objects.filter(app_label="home", model__in=models)
    in_menus = Q(depth=3, show_in_menus=True, content_type__in=kinds.values("pk"), parent__in=homes)
    pages = public_pages().annotate(parent=Substr("path", 1, 2 * Page.steplen)).filter(in_menus | here)
    pages = pages.annotate(
        in_menus=ExpressionWrapper(in_menus, output_field=BooleanField()),
        is_here=ExpressionWrapper(here, output_field=BooleanField()),
    )
    return pages.order_by("path").values_list(
        "pk", "path", "title", "url_path", "locale__language_code", "in_menus", "is_here"
    )


_FRAME = Prepared(lambda key: _frame(Q(translation_key=key)))
_FRAME_ALONE = Prepared(lambda: _frame(Q(pk__in=[])))


def signatories_by_publication(publications: Sequence[Publication]) -> dict[int, Signatories]:
    """Publication → who stands under it. One query for all."""
    found: dict[int, list[PublicationName]] = {}
    for name in _NAMES_UNDER(publications=[publication.pk for publication in publications]):
        found.setdefault(name.publication_id, []).append(name)
    return {publication: Signatories(rows) for publication, rows in found.items()}


_NAMES_UNDER = Prepared(
    lambda publications: (
        PublicationName.objects.filter(publication__in=publications, taken_off_at=None)
        .select_related("organisation")
        # Long, or sealed: each is unsealed when it is read.
        .defer("salt", "decisions", *[f"organisation__description_{code}" for code in Language.values])
        .order_by("pk")
    )
)


def public_images(hashes: Collection[str]) -> QuerySet[PublicImage]:
    """Public copies of pictures, by the hashes of their bytes; with their renditions."""
    return PublicImage.objects.filter(sha256__in=hashes).prefetch_related("renditions")


def renditions_for(page: NewsPage, hashes: Collection[str]) -> list[PublicRendition]:
    """What the page's cover and public copies of pictures (by hashes) were drawn as before. One query."""
    return _DRAWN_FOR(cover=page.cover_id, hashes=sorted(hashes))


_DRAWN_FOR = Prepared(
    lambda cover, hashes: PublicRendition.objects.filter(
        Q(image=cover) | Q(image__sha256__in=hashes)
    ).select_related("image")
)


def news_of(organisation: Organisation, language: str) -> QuerySet[NewsPage]:
    """Live news with a publication under which the organisation is publicly named."""
    named = _current_public_names().filter(organisation=organisation).values("publication")
    return public_news(language).filter(publication__in=named)


def readers_of(page: NewsPage, *, after: int) -> QuerySet[NewsByMail]:
    """Confirmed addresses for news in the page's language, in the order of their rows, after this one."""
    rows = NewsByMail.objects.filter(language=page.locale.language_code, pk__gt=after)
    return rows.exclude(confirmed_at=None).order_by("pk")


def topic_keys(page: NewsPage) -> set[str]:
    """The page's topics by the keys that are the same in every language."""
    return {str(topic.translation_key) for topic in page.topics.all()}


def news_by_mail(token_hash: str) -> NewsByMail | None:
    """Whose page this token opens."""
    return NewsByMail.objects.filter(token_hash=token_hash).first()
