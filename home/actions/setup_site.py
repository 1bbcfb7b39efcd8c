"""Making the public site's trees: one per language, with the pages that every site has."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override
from uuid_utils.compat import uuid7
from wagtail.models import Locale, Page, Site

from coalition.accounts.enums import Language
from home.actions.newsroom import newsroom_group
from home.models import HomePage, NewsIndexPage, PartnersPage, StandardPage
from home.models.public import PublicPage


@dataclass(frozen=True)
class PlannedPage:
    """A page below the home page: its model, slug, title and lead (English message ids)."""

    model: type[PublicPage]
    slug: str
    title: str
    lead: str = ""


# What a new site says of the coalition until the newsroom writes its own words.
FOUNDING_WORDS = gettext_noop("Organisations that speak together, each having approved the very words.")
PLANNED_PAGES = (
    PlannedPage(NewsIndexPage, "news", gettext_noop("News")),
    PlannedPage(PartnersPage, "partners", gettext_noop("Organisations")),
    PlannedPage(StandardPage, "about", gettext_noop("About the coalition"), FOUNDING_WORDS),
)


@transaction.atomic
def setup_site(*, hostname: str = "localhost", port: int = 80) -> HomePage:
    """Create what is missing of the site: languages, home pages, their children, the newsroom's group.

    Idempotent; what an editor changed stays. Returns the Kazakh home page, the site's root.
    """
    root = Page.objects.get(depth=1)
    _remove_welcome(root)
    key = _common_key(HomePage)
    homes = {code: _create_home(root, code, key) for code in Language.values}
    for planned in PLANNED_PAGES:
        key = _common_key(planned.model)
        for code, home in homes.items():
            _create_child(home, planned, code, key)
    first = homes[Language.KK]
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": hostname,
            "port": port,
            "root_page": first,
            "site_name": settings.SITE_NAME,
        },
    )
    newsroom_group()
    return first


def _remove_welcome(root: Page) -> None:
    """Wagtail's first migration leaves a welcome page; its site goes with it."""
    for page in root.get_children().filter(slug="home").exclude(pk__in=HomePage.objects.values("pk")):
        Site.objects.filter(root_page=page).delete()
        page.delete()


def _common_key(model: type[Page]):  # type: ignore[no-untyped-def]  # a UUID, whichever library made it
    found = model.objects.values_list("translation_key", flat=True).first()
    return found or uuid7()


def _get_locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=code)[0]


def _create_home(root: Page, code: str, key) -> HomePage:  # type: ignore[no-untyped-def]  # as above
    found = HomePage.objects.filter(language=code).first()
    if found is not None:
        return found
    root.refresh_from_db()
    with override(code):
        home = HomePage(
            title=settings.SITE_NAME,
            slug=f"home-{code}",
            locale=_get_locale(code),
            translation_key=key,
            sections=first_sections(),
        )
    root.add_child(instance=home)
    home.save_revision().publish()
    return HomePage.objects.get(pk=home.pk)


def first_sections() -> list[tuple[str, dict[str, Any]]]:
    """What a new home page says until the newsroom writes its own."""
    poster = {
        "first": gettext("One voice,"),
        "second": gettext("word for word."),
        "lead": gettext(FOUNDING_WORDS),
    }
    return [
        ("poster", poster),
        ("news", {"heading": "", "most": 4, "topics": []}),
        ("events", {"heading": "", "most": 3, "kind": "", "region": "", "organisation": ""}),
        ("organisations", {"heading": "", "organisations": []}),
    ]


def _create_child(home: HomePage, planned: PlannedPage, code: str, key) -> None:  # type: ignore[no-untyped-def]  # as above
    found = planned.model.objects.child_of(home).first()
    if found is not None:
        _translate_title(found, planned, code)
        return
    home.refresh_from_db()
    with override(code):
        page = planned.model(
            title=gettext(planned.title),
            slug=planned.slug,
            locale=_get_locale(code),
            translation_key=key,
            show_in_menus=True,
            **({"lead": gettext(planned.lead)} if planned.lead else {}),
        )
    home.add_child(instance=page)
    page.save_revision().publish()


def _translate_title(page: PublicPage, planned: PlannedPage, code: str) -> None:
    """Translate a planned title that an earlier release wrote in English on a page in another language."""
    if code == Language.EN or page.title != planned.title:
        return
    with override(code):
        page.title = gettext(planned.title)
    if page.live and not page.has_unpublished_changes:
        page.save_revision().publish()
    else:
        page.save_revision()
