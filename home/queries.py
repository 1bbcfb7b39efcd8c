"""Lists of the public site: the only place where they come from. Everything here is public."""

from collections.abc import Collection, Sequence

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Substr
from wagtail.models import Locale, Page

from coalition.partners.enums import Listing
from coalition.partners.models import Organisation
from documents.models import Publication, PublicationName
from home.models import HomePage, NewsIndexPage, NewsPage, Placement, PublicImage, Topic
from home.under import Under


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


def news_index(language: str) -> NewsIndexPage | None:
    """The news index of one language."""
    return NewsIndexPage.objects.live().filter(locale__language_code=language).first()


def topics_of(language: str) -> QuerySet[Topic]:
    """Topics that have live news in the language."""
    used = NewsPage.topics.through.objects.filter(newspage__live=True).values("topic")
    return Topic.objects.filter(locale__language_code=language, pk__in=used)


def news_page(language: str, slug: str) -> NewsPage | None:
    """News by its address: live, or withdrawn with its note."""
    page = (
        NewsPage.objects.filter(locale__language_code=language, slug=slug)
        .select_related("locale", "cover", "publication__replaces")
        .prefetch_related("cover__renditions")
        .first()
    )
    return page if page is not None and (page.live or page.is_withdrawn()) else None


def holds_publications(page: Page) -> bool:
    """Whether the page, or one below it, shows the words of a publication."""
    return NewsPage.objects.descendant_of(page, inclusive=True).filter(publication__isnull=False).exists()


def lead_news(language: str) -> NewsPage | None:
    """The newest news that the newsroom put on top."""
    return public_news(language).filter(placement=Placement.LEAD).first()


def site_languages() -> list[str]:
    """Languages of the site in their order: Kazakh first."""
    codes = set(Locale.objects.values_list("language_code", flat=True))
    return [code for code in ("kk", "ru", "en") if code in codes]


def frame_pages(current: Page | None) -> tuple[dict[str, list[Page]], dict[str, Page]]:
    """What stands around a page: language code → the pages directly below its home page, in their order;
    and language code → the current page in that language, where it is public. One query for both."""
    homes = HomePage.objects.live().values("path")
    in_menus = Q(depth=3, show_in_menus=True, parent__in=homes)
    here = Q(translation_key=current.translation_key) if current is not None else Q(pk__in=[])
    pages = (
        Page.objects.live()
        .annotate(parent=Substr("path", 1, 2 * Page.steplen))
        .filter(in_menus | here)
        .annotate(in_menus=ExpressionWrapper(in_menus, output_field=BooleanField()))
        .select_related("locale")
        .order_by("path")
    )
    menus: dict[str, list[Page]] = {}
    translations: dict[str, Page] = {}
    for page in pages:
        if page.in_menus:
            menus.setdefault(page.locale.language_code, []).append(page)
        if current is not None and page.translation_key == current.translation_key:
            translations[page.locale.language_code] = page
    return menus, translations


def names_under(publications: Sequence[Publication]) -> dict[int, Under]:
    """Publication → who stands under it. One query for all."""
    names = PublicationName.objects.filter(publication__in=publications, taken_off_at=None)
    found: dict[int, list[PublicationName]] = {}
    for name in names.select_related("organisation").order_by("pk"):
        found.setdefault(name.publication_id, []).append(name)
    return {publication: Under(rows) for publication, rows in found.items()}


def public_images(hashes: Collection[str]) -> QuerySet[PublicImage]:
    """Public copies of pictures, by the hashes of their bytes; with their renditions."""
    return PublicImage.objects.filter(sha256__in=hashes).prefetch_related("renditions")


def news_of(organisation: Organisation, language: str) -> QuerySet[NewsPage]:
    """Live news with a publication under which the organisation is publicly named."""
    named = PublicationName.objects.filter(
        organisation=organisation, listing=Listing.PUBLIC, taken_off_at=None
    ).values("publication")
    return public_news(language).filter(publication__in=named)
