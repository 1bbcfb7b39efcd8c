"""The newsroom's admin: restrictions, dashboard, answers to bad requests.

Approved words are published, corrected and withdrawn in the workspace only. In the admin nobody can
unpublish, move, copy or rename them.

Wagtail does not validate some values: the count of a StreamField's blocks (wagtail/wagtail#11920),
the id of a chosen object (wagtail/wagtail#4380), a form where JSON came, a missing list of files
(both not reported there by November 2026). Each is listed here by exception and by the module that
raised it; every other exception stays a 500, and so does one that passed through our own code.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import NoReverseMatch, URLPattern, path, reverse, reverse_lazy
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.deprecation import MiddlewareMixin
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from coalition.accounts.models import User
from coalition.consent.site import PAGE, VIDEO, is_hidden, page_key
from home.models import PublicVideo
from home.newsroom_access import is_copy_refused, refuse_closed_form, refuse_closed_video
from home.queries import holds_publications
from home.sections import facts_needing_attention, helplines_needing_attention
from home.views import newsroom
from home.views.root import not_found


class RowsPanel(Component):
    def rows(self) -> Iterable[Any]:
        raise NotImplementedError

    def render_html(self, parent_context: Any = None) -> SafeString:
        rows = list(self.rows())
        return super().render_html({"rows": rows}) if rows else SafeString()

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return dict(parent_context)


class FactsOnPages(RowsPanel):
    """Facts on live pages that are out of use, wait for a check, or changed recently."""

    name = "facts_on_pages"
    template_name = "home/cms/facts_on_pages.html"
    order = 150
    rows = staticmethod(facts_needing_attention)


class HelplinesOnPages(RowsPanel):
    """Helplines on live pages that have a problem."""

    name = "helplines_on_pages"
    template_name = "home/cms/helplines_on_pages.html"
    order = 140
    rows = staticmethod(helplines_needing_attention)


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
        path("translations/", newsroom.translations, name="newsroom_translations"),
        path("translations/<uuid:key>/", newsroom.side_by_side, name="newsroom_side_by_side"),
        path(
            "translations/make/<int:pk>/<str:language>/",
            newsroom.translation_create,
            name="newsroom_make",
        ),
    ]


@hooks.register("register_admin_menu_item")
def register_translations_item() -> MenuItem:
    address = reverse_lazy("newsroom_translations")
    return MenuItem(gettext_lazy("Languages"), address, name="languages", icon_name="site", order=150)


def _refuse_publication_pages(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Redirect to the page list with the reason, if approved words are among the pages."""
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
    if is_copy_refused(page):
        messages.error(request, _("This page cannot be copied."))
        return redirect("wagtailadmin_explore", page.pk)
    return _refuse_publication_pages(request, [page])


@hooks.register("before_edit_snippet")
def refuse_closed_snippet(request: HttpRequest, snippet: Any) -> HttpResponse | None:
    return refuse_closed_video(request, snippet) if isinstance(snippet, PublicVideo) else None


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


class OpenPageLinkHandler(PageLinkHandler):
    """A link in a text to a page that may not be shown has no address: that would hold its title."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Page | None]:
        found = super().get_many(attrs_list)
        return [None if page is None or is_hidden(page) else page for page in found]


@hooks.register("register_rich_text_features", order=1)  # after Wagtail's own
def hide_links_to_hidden_pages(features: Any) -> None:
    features.register_link_type(OpenPageLinkHandler)


@hooks.register("register_page_header_buttons")
def add_people_of_page(page: Page, user: User, **_given: Any) -> list[Button]:
    """Link to the people whom a page shows."""
    there = page.permissions_for_user(user).can_edit() and page.depth > 1
    return [_people_button(PAGE, page_key(page))] if there else []


@hooks.register("register_snippet_listing_buttons")
def add_people_of_video(snippet: Any, user: User, *_given: Any, **_named: Any) -> list[Button]:
    return [_people_button(VIDEO, str(snippet.pk))] if isinstance(snippet, PublicVideo) else []


def _people_button(kind: str, key: str) -> Button:
    return Button(
        _("People shown here"), reverse("consent:item", args=[kind, key]), icon_name="group", priority=90
    )


OWN: Final = frozenset({"coalition", "documents", "events", "home"})
# Raised for an id that is no number or is out of range: OverflowError by SQLite's driver, DataError
# by PostgreSQL's.
_BAD_ID: Final = (ValueError, OverflowError, DataError)
_KNOWN: Final[dict[str, tuple[type[Exception], ...]]] = {
    "wagtail.blocks.stream_block": (MultiValueDictKeyError, ValueError),
    "wagtail.admin.forms.choosers": (AttributeError,),
    "wagtail.admin.modal_workflow": (NoReverseMatch,),
    "wagtail.admin.views.bulk_action.base_bulk_action": _BAD_ID,
    "wagtail.admin.views.chooser": _BAD_ID,
    "wagtail.admin.views.editing_sessions": _BAD_ID,
    "wagtail.admin.views.generic.base": _BAD_ID,
    "wagtail.admin.views.generic.chooser": (*_BAD_ID, AttributeError),
    "wagtail.admin.views.generic.multiple_upload": (MultiValueDictKeyError,),
    "wagtail.admin.views.pages.bulk_actions.page_bulk_action": (*_BAD_ID, ObjectDoesNotExist),
    "wagtail.admin.views.pages.copy": (*_BAD_ID, ObjectDoesNotExist, MultiValueDictKeyError),
    "wagtail.admin.views.pages.ordering": (*_BAD_ID, IntegrityError),
    "wagtail.admin.widgets.chooser": _BAD_ID,
    "wagtail.documents.views.chooser": _BAD_ID,
    "wagtail.images.views.chooser": _BAD_ID,
    "wagtail.images.views.multiple": (MultiValueDictKeyError,),
}


class CmsBadRequestMiddleware(MiddlewareMixin):
    """Turn the known exceptions under `/cms/` into 404 for reads, 400 for writes; refuse forms of items that
    members may no longer open."""

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        return refuse_closed_form(request) if request.path_info.startswith("/cms/") else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not request.path_info.startswith("/cms/") or not _is_known(exception):
            return None
        if request.method in {"GET", "HEAD"}:
            return not_found(request, exception)
        words = _("The newsroom's forms send no such request. Go back, load the page anew and try again.")
        return HttpResponseBadRequest(words, content_type="text/plain; charset=utf-8")


def _is_known(exception: Exception) -> bool:
    """Whether Wagtail's innermost frame is listed with this exception, and none of our code was called."""
    modules = _modules(exception.__traceback__)
    if any(module.partition(".")[0] in OWN for module in modules):
        return False
    innermost = next((one for one in reversed(modules) if one.partition(".")[0] == "wagtail"), "")
    return isinstance(exception, _KNOWN.get(innermost, ()))


def _modules(traceback: TracebackType | None) -> list[str]:
    found = []
    while traceback is not None:
        found.append(str(traceback.tb_frame.f_globals.get("__name__", "")))
        traceback = traceback.tb_next
    return found
