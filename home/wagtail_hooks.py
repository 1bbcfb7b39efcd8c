"""What the newsroom's admin refuses, and what it does not show.

Words that organisations approved come by publication, change by correction and go by withdrawal, all of
them in the workspace. Here they cannot be taken off, moved, copied or renamed, whoever asks.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from home.cms_dashboard import FactsOnPages, HelplinesOnPages
from home.queries import holds_publications
from home.views import translations

HIDDEN_MENU_ITEMS = frozenset({"reports", "help", "settings", "documents"})
REFUSED_BULK_ACTIONS = frozenset({"delete", "move", "unpublish"})


@hooks.register("construct_main_menu")
def tidy_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_MENU_ITEMS]


@hooks.register("construct_homepage_panels")
def add_dashboard_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(FactsOnPages())
    panels.append(HelplinesOnPages())


@hooks.register("register_admin_urls")
def register_own_urls() -> list[URLPattern]:
    return [
        path("translations/", translations.translations, name="newsroom_translations"),
        path("translations/<uuid:key>/", translations.side_by_side, name="newsroom_side_by_side"),
        path(
            "translations/make/<int:pk>/<str:language>/",
            translations.translation_create,
            name="newsroom_make",
        ),
    ]


@hooks.register("register_admin_menu_item")
def register_translations_item() -> MenuItem:
    address = reverse_lazy("newsroom_translations")
    return MenuItem(gettext_lazy("Languages"), address, name="languages", icon_name="site", order=150)


def _refuse_publication_pages(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Back to where the pages are listed, with the reason, if approved words are among them."""
    held = [page for page in pages if holds_publications(page)]
    if not held:
        return None
    messages.error(
        request,
        _(
            "“%(title)s” holds words that organisations approved. They are corrected or withdrawn in "
            "their workspace, not here."
        )
        % {"title": held[0].get_admin_display_title()},
    )
    parent = held[0].get_parent()
    return redirect("wagtailadmin_explore", parent.pk if parent else held[0].pk)


@hooks.register("before_unpublish_page")
@hooks.register("before_delete_page")
@hooks.register("before_convert_alias_page")
def refuse_publication_change(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse_publication_pages(request, [page])


@hooks.register("before_copy_page")
def refuse_publication_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse_publication_pages(request, [page])


@hooks.register("before_move_page")
def refuse_publication_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return _refuse_publication_pages(request, [page])


@hooks.register("before_bulk_action")
def refuse_publication_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    if action_type not in REFUSED_BULK_ACTIONS:
        return None
    return _refuse_publication_pages(request, [thing for thing in objects if isinstance(thing, Page)])
