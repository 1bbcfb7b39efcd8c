"""Querysets of the public site. Everything here is public."""

import datetime
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    FETCH_PEERS,
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Cast, ExtractYear, Substr
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from wagtail.models import Locale, Page, PageQuerySet

from coalition.accounts.models import REGIONS, Language, Listing, Organisation
from coalition.accounts.naming import PUBLIC, OrganisationMark, display_mark_for, may_see_name
from coalition.accounts.queries import public_organisations
from coalition.campaigns.media_package.queries import public_packages
from coalition.consent.site import hidden_pages, may_show_page, without_hidden
from coalition.core.clock import now
from coalition.prepared import Prepared
from documents.drafts.models import PublicationState, Way
from documents.models import Publication, PublicationName
from home.models import (
    FilmPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    PublicImage,
    PublicRendition,
    StoryPage,
    Topic,
)
from home.models.record import allowed_by_record
from home.page_paths import page_path_at

_SLUG = re.compile(r"[-\w]{1,80}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class NewsFilter:
    """Slugs of a topic and an organisation, a region (ISO 3166-2), a year; 0 and "" for any."""

    topic: str = ""
    region: str = ""
    organisation: str = ""
    year: int = 0

    @property
    def is_narrower(self) -> bool:
        """Whether a filter other than the topic is set."""
        return bool(self.region or self.organisation or self.year)

    @property
    def query(self) -> str:
        """Return the filters as the start of a query string, for pagination links."""
        given = {name: value for name, value in asdict(self).items() if value}
        return f"{urlencode(given)}&" if given else ""


def news_filter_from(query: QueryDict) -> NewsFilter:
    """Parse the query. Values that no news can have are ignored, so that an old link still shows news."""
    year = query.get("year", "")
    region = query.get("region", "")
    return NewsFilter(
        topic=_valid_slug(query.get("topic", "")),
        region=region if region in REGIONS else "",
        organisation=_valid_slug(query.get("organisation", "")),
        year=int(year) if _YEAR.fullmatch(year) else 0,
    )


def _valid_slug(words: str) -> str:
    return words if _SLUG.fullmatch(words) else ""


class Signatories:
    """Who stands under a published text, as the public may read it."""

    def __init__(self, names: list[PublicationName]) -> None:
        self.names = names

    @cached_property
    def marks(self) -> list[OrganisationMark]:
        told = [name for name in self.names if may_see_name(PUBLIC, name.organisation, name.listing)]
        return [display_mark_for(PUBLIC, name.organisation, listing=name.listing) for name in told]

    @cached_property
    def withheld(self) -> int:
        return len(self.names) - len(self.marks)

    @property
    def count(self) -> int:
        return len(self.names)

    @cached_property
    def words(self) -> str:
        """Return a sentence with the number of approvals; and of those who did not object, which
        is no approval."""
        silent = sum(name.way == Way.NO_OBJECTION for name in self.names)
        approved = self.count - silent
        said = ngettext(
            "%(count)s organisation approved this text word for word.",
            "%(count)s organisations approved this text word for word.",
            approved,
        ) % {"count": approved}
        if not silent:
            return said
        quiet = ngettext(
            "%(count)s organisation did not object.", "%(count)s organisations did not object.", silent
        ) % {"count": silent}
        return f"{said} {quiet}" if approved else quiet


RELATED = 3
INDEX_DEPTH = 3  # depth of a news index in Wagtail's tree: below the root and a home page


def live_news() -> Any:
    """Return live news that may be shown."""
    return without_hidden(NewsPage.objects.live())


def public_news(language: str, topic: str | None = None) -> QuerySet[NewsPage]:
    """Live news of one language, newest first, with cover and topics."""
    pages = (
        live_news()
        .public()
        .filter(locale__language_code=language)
        .select_related("cover", "publication", "locale")
        .prefetch_related("topics", "cover__renditions")
        .order_by("-published_on", "-pk")
    )
    return pages.filter(topics__slug=topic) if topic else pages


def filtered_news(language: str, narrowing: NewsFilter) -> QuerySet[NewsPage]:
    """Return live news of one language by a visitor's filters. A withheld organisation gives none."""
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
    """Return pages that the newsroom marked with this region (ISO 3166-2)."""
    return pages.annotate(places=Cast("regions", TextField())).filter(places__contains=f'"{region}"')


def _current_public_names() -> QuerySet[PublicationName]:
    """Return the currently public names of signatories."""
    return PublicationName.objects.filter(listing=Listing.PUBLIC, taken_off_at=None)


def organisations_with_news(language: str) -> QuerySet[Organisation]:
    """Return listed organisations that are named signatories of live news in the language. One query."""
    live = live_news().filter(locale__language_code=language, publication__isnull=False)
    under = _current_public_names().filter(publication__in=live.values("publication")).values("organisation")
    return public_organisations().filter(pk__in=under)


def years_and_regions(language: str) -> tuple[list[int], list[str]]:
    """Return the years of live news of the language, latest first, and their regions. One query."""
    rows = live_news().filter(locale__language_code=language).order_by()
    found = rows.annotate(year=ExtractYear("published_on"), places=Cast("regions", TextField()))
    pairs = list(found.values_list("year", "places").distinct())
    used = {code for _year, places in pairs for code in json.loads(places)}
    return sorted({year for year, _places in pairs}, reverse=True), [code for code in REGIONS if code in used]


def topics_on(page: NewsPage) -> list[Topic]:
    """Return the stored topics of a page. One query."""
    return _TOPICS_ON(page=page.pk)


_TOPICS_ON = Prepared(lambda page: Topic.objects.filter(newspage=page))


def related_news(page: NewsPage, topics: Iterable[Topic]) -> list[dict[str, object]]:
    """Return other live news of the language on one of these topics, newest first. One query."""
    topics_of_it = [topic.pk for topic in topics]
    language = page.locale.language_code
    hidden = sorted(hidden_pages().get(language, ()))
    rows = _related(page=page.pk, locale=page.locale_id, topics=topics_of_it, hidden=hidden)
    return [
        {"title": title, "url": page_path_at(language, url_path), "published_on": published_on}
        for _pk, title, url_path, published_on in rows
    ]


@Prepared
def _related(page: int, locale: int, topics: list[int], hidden: list[UUID]) -> QuerySet[NewsPage, Any]:
    others = NewsPage.objects.live().filter(locale=locale, topics__in=topics).exclude(pk=page)
    others = others.exclude(translation_key__in=hidden)
    rows = others.order_by("-published_on", "-pk").distinct()
    return rows.values_list("pk", "title", "url_path", "published_on")[:RELATED]


def home_page(language: str) -> HomePage | None:
    """Return the first page of one language."""
    return HomePage.objects.live().filter(language=language).select_related("locale").first()


def news_index(language: str) -> NewsIndexPage | None:
    """Return the news index of one language."""
    pages = NewsIndexPage.objects.live().filter(language=language)
    return pages.select_related("locale").first()


def topics_of(language: str) -> QuerySet[Topic]:
    """Return topics with live news in the language."""
    # EXISTS per topic: a list of all used topics would read every page of news.
    used = live_news().filter(topics=OuterRef("pk"))
    return Topic.objects.filter(Exists(used), locale__language_code=language)


def all_topics(language: str) -> QuerySet[Topic]:
    """Return all topics of the language, including those without news."""
    return Topic.objects.filter(locale__language_code=language)


def news_page(language: str, slug: str) -> NewsPage | None:
    """Return news by slug, under the language's news index: public, or withdrawn with its note. None if it
    may not be shown."""
    page = _news_page.first(language=language, slug=slug)
    return page if page is not None and may_show_page(page) else None


@Prepared
def _news_page(language: str, slug: str) -> QuerySet[NewsPage]:
    news = NewsPage.objects.annotate(parent=Substr("path", 1, INDEX_DEPTH * Page.steplen))
    below = news.filter(parent__in=NewsIndexPage.objects.filter(language=language).values("path"))
    withdrawn = Q(publication__state=PublicationState.WITHDRAWN)
    found = below.filter(news.live_q() | withdrawn, locale__language_code=language, slug=slug)
    found = found.select_related("locale", "cover", "publication__replaces").only(*_ARTICLE_FIELDS)
    return found.order_by("pk")[:1]


# What an article's page reads: half of the columns of its five tables.
_ARTICLE_FIELDS = (
    *("title", "slug", "path", "url_path", "translation_key", "locale__language_code", "live"),
    *("search_description", "last_published_at", "published_on", "kind_label", "lead", "body"),
    *("share_card", "cover_alt", "safe_exit", "light"),
    *[f"cover__{name}" for name in ("file", "width", "height", "title", "alt", "credit")],
    *("cover__sha256", "cover__bytes_sha256"),
    *[f"cover__focal_point_{name}" for name in ("x", "y", "width", "height")],
    *[f"publication__{name}" for name in ("uuid", "draft", "state", "published_at", "awaiting_since")],
    *[f"publication__{name}" for name in ("correction_note", "withdrawn_at", "withdrawal_note")],
    "publication__replaces__uuid",
)


def public_pages() -> PageQuerySet:
    """Return live pages of every kind that may be shown; a publication's only if it is public by the
    record. Without films and stories: consent decides on these (`home.models.films`)."""
    return without_hidden(_public_pages())


def recorded_pages() -> PageQuerySet:
    """Return live pages of every kind, whatever consent says; a publication's only if it is public by the
    record. For people who keep the content of pages right."""
    news = NewsPage.objects.filter(pk=OuterRef("pk"), publication__isnull=False)
    return Page.objects.live().exclude(Exists(news.filter(~allowed_by_record())))


def _public_pages() -> PageQuerySet:
    pages = recorded_pages()
    for model in (FilmPage, StoryPage):
        pages = pages.exclude(Exists(model.objects.filter(pk=OuterRef("pk"))))
    return pages


def holds_publications(page: Page) -> bool:
    """Whether the page, or one below it, shows a publication."""
    return NewsPage.objects.descendant_of(page, inclusive=True).filter(publication__isnull=False).exists()


def news_on_topics(pages: QuerySet[NewsPage], keys: Collection[str]) -> QuerySet[NewsPage]:
    """Return pages on one of these topics, given by translation key; no key: all."""
    if not keys:
        return pages
    on_them = NewsPage.topics.through.objects.filter(topic__translation_key__in=keys).values("newspage")
    return pages.filter(pk__in=on_them)


def pages_in_language(pages: Sequence[Page], language: str) -> dict[int, Page]:
    """Map the primary key of a page to its public translation in the language, or to itself if
    public. Other pages are omitted. One query for all, none for none."""
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
    """Return the languages of the site in order: Kazakh first."""
    codes = set(Locale.objects.values_list("language_code", flat=True))
    return [code for code in ("kk", "ru", "en") if code in codes]


class FramePage(NamedTuple):
    """A page in the frame of other pages."""

    pk: int
    path: str
    title: str
    url: str
    language: str
    in_menus: bool
    is_here: bool


class Frame(NamedTuple):
    """What surrounds a page, by language code: `menus`, the pages directly below a home page, in order;
    `translations`, the public ones of the current page. `has_packages`: whether there is a public media
    package."""

    menus: dict[str, list[FramePage]]
    translations: dict[str, FramePage]
    has_packages: bool


def frame_pages(current: Page | None) -> Frame:
    """Return what surrounds a page. One query."""
    moment = now()
    rows = (
        _FRAME(key=current.translation_key, moment=moment)
        if current is not None
        else _FRAME_ALONE(moment=moment)
    )
    hidden = hidden_pages()
    menus: dict[str, list[FramePage]] = {}
    translations: dict[str, FramePage] = {}
    for pk, path, title, url_path, language, in_menus, is_here, key, _has_packages in rows:
        if key in hidden.get(language, ()):
            continue
        page = FramePage(pk, path, title, page_path_at(language, url_path), language, in_menus, is_here)
        if in_menus:
            menus.setdefault(language, []).append(page)
        if is_here:
            translations[language] = page
    return Frame(menus, translations, bool(rows) and rows[0][-1])


def _frame(
    here: Q, moment: datetime.datetime
) -> QuerySet[Page, tuple[int, str, str, str, str, bool, bool, UUID, bool]]:
    homes = HomePage.objects.live().exclude(language=None).values("path")
    # Filtered by kind, which has an index: filtering by depth alone would read every page of news.
    models = [name.rpartition(".")[2].lower() for name in HomePage.subpage_types]
    kinds = ContentType.objects.filter(app_label="home", model__in=models)
    in_menus = Q(depth=3, show_in_menus=True, content_type__in=kinds.values("pk"), parent__in=homes)
    pages = _public_pages().annotate(parent=Substr("path", 1, 2 * Page.steplen)).filter(in_menus | here)
    pages = pages.annotate(
        in_menus=ExpressionWrapper(in_menus, output_field=BooleanField()),
        is_here=ExpressionWrapper(here, output_field=BooleanField()),
        has_packages=Exists(public_packages(moment)),
    )
    return pages.order_by("path").values_list(
        *("pk", "path", "title", "url_path", "locale__language_code"),
        *("in_menus", "is_here", "translation_key", "has_packages"),
    )


_FRAME = Prepared(lambda key, moment: _frame(Q(translation_key=key), moment))
_FRAME_ALONE = Prepared(lambda moment: _frame(Q(pk__in=[]), moment))


def signatories_by_publication(publications: Sequence[Publication]) -> dict[int, Signatories]:
    """Map publications to their signatories, named in the active language. One query."""
    found: dict[int, list[PublicationName]] = {}
    names_under = _NAMES_UNDER[Language(get_language() or Language.KK)]
    for name in names_under(publications=[publication.pk for publication in publications]):
        found.setdefault(name.publication_id, []).append(name)
    return {publication: Signatories(rows) for publication, rows in found.items()}


def _names_under(language: str, publications: list[int]) -> QuerySet[PublicationName]:
    names = PublicationName.objects.filter(publication__in=publications, taken_off_at=None)
    # Each encrypted text that is loaded is decrypted.
    read = ("listing", "code", "initials", "hue", f"name_{language}")
    names = names.select_related("organisation").fetch_mode(FETCH_PEERS)
    return names.only("publication", "listing", "way", *[f"organisation__{name}" for name in read]).order_by(
        "pk"
    )


_NAMES_UNDER = {language: Prepared(partial(_names_under, language)) for language in Language}


def public_images(hashes: Collection[str]) -> QuerySet[PublicImage]:
    """Return public copies of pictures, by the hashes of their files; with their renditions."""
    return PublicImage.objects.filter(sha256__in=hashes).prefetch_related("renditions")


def renditions_for(page: NewsPage, hashes: Collection[str]) -> list[PublicRendition]:
    """Return stored renditions of the page's cover and of public copies (by hashes). One query."""
    return _DRAWN_FOR(cover=page.cover_id, hashes=sorted(hashes))


_DRAWN_FOR = Prepared(
    lambda cover, hashes: PublicRendition.objects.filter(
        Q(image=cover) | Q(image__sha256__in=hashes)
    ).annotate(sha256=F("image__sha256"))
)


def news_of(organisation: Organisation, language: str) -> QuerySet[NewsPage]:
    """Return live news whose publication names the organisation as a public signatory."""
    named = _current_public_names().filter(organisation=organisation).values("publication")
    return public_news(language).filter(publication__in=named)
