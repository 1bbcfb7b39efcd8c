"""Creating the public site's trees, and the newsroom's group."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override
from uuid_utils.compat import uuid7
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from coalition.accounts.models import Language
from home.models import HomePage, NewsIndexPage, PartnersPage, StandardPage
from home.models.pages import PublicPage

NEWSROOM = "Newsroom"

_PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
_COLLECTION_RIGHTS = ("add_image", "change_image", "choose_image")
_OWN_RIGHTS = (
    *("add_topic", "change_topic", "view_topic"),
    *("add_publicvideo", "change_publicvideo", "view_publicvideo"),
)


def newsroom_group() -> Group:
    """Return the group with its permissions: pages, pictures and videos of the public site, topics, only.

    No right to delete, to lock or to bulk-delete: published words leave the site only by withdrawal.
    """
    group, _made = Group.objects.get_or_create(name=NEWSROOM)
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="home", codename__in=_OWN_RIGHTS),
    )
    root = Page.objects.get(depth=1)
    for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=_PAGE_RIGHTS):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)
    everything = Collection.get_first_root_node()
    for right in Permission.objects.filter(
        content_type__app_label="wagtailimages", codename__in=_COLLECTION_RIGHTS
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=everything, permission=right)
    return group


@dataclass(frozen=True)
class PlannedPage:
    """A page below the home page: its model, slug, title and lead (English message ids)."""

    model: type[PublicPage]
    slug: str
    title: str
    lead: str = ""


# A new site's description of the coalition until the newsroom writes its own.
FOUNDING_WORDS = gettext_noop("Organisations that speak together, each having approved the very words.")
PLANNED_PAGES = (
    PlannedPage(NewsIndexPage, "news", gettext_noop("News")),
    PlannedPage(PartnersPage, "partners", gettext_noop("Organisations")),
    PlannedPage(StandardPage, "about", gettext_noop("About the coalition"), FOUNDING_WORDS),
)


@transaction.atomic
def setup_site(*, hostname: str = "localhost", port: int = 80) -> HomePage:
    """Create what the site lacks: languages, home pages, their children, the newsroom's group.

    Idempotent; editors' changes stay. Return the Kazakh home page, the site's root.
    """
    root = Page.objects.get(depth=1)
    # The welcome page of Wagtail's first migration goes, together with its site.
    for page in root.get_children().filter(slug="home").exclude(pk__in=HomePage.objects.values("pk")):
        Site.objects.filter(root_page=page).delete()
        page.delete()
    key = _common_key(HomePage)
    homes = {code: _create_home(root, code, key) for code in Language.values}
    for planned in PLANNED_PAGES:
        key = _common_key(planned.model)
        for code, home in homes.items():
            _create_child(home, planned, code, key)
    first = homes[Language.KK]
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": hostname, "port": port, "root_page": first, "site_name": settings.SITE_NAME},
    )
    newsroom_group()
    return first


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
    """Return the sections of a new home page until the newsroom writes its own."""
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
