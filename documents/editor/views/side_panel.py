"""What stands beside a text: the tabs of its side panel, each a template with a context of its own.

A part of the system adds its tab with one line in `PANELS`: a word for the address (`?side=`), a label, a
template and a function `(request, text) -> dict`. The template also has what the page of a text has
(`text`, `draft`, `workspace`, `access`); `count` in the function's answer is shown on the tab. All panels
are on the page, one of them open; a request of htmx with `?side=` gets that panel's words alone, anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from documents.checklist import presenters as checklist_presenters
from documents.comments.views import panel as comments_panel_views
from documents.drafts.models.draft import DraftText
from documents.editor.views import changes
from documents.glossary.views import panel as glossary_panel_views
from documents.history.views import history

type PanelContext = Callable[[HttpRequest, DraftText], dict[str, Any]]


@dataclass(frozen=True)
class Panel:
    """One tab. `fresh`: what it shows follows the text, so that opening it asks for it anew."""

    key: str
    label: str | Promise
    template: str
    context: PanelContext
    fresh: bool = False


@dataclass(frozen=True)
class Shown:
    """A tab with the words of its panel."""

    panel: Panel
    count: int | None
    is_open: bool
    words: SafeString


# In the order of the tabs; the first is open unless the address names another.
PANELS = (
    Panel("changes", _("Changes"), "documents/changes/_panel.html", changes.panel_context),
    Panel("comments", _("Comments"), "documents/comments/_panel.html", comments_panel_views.panel_context),
    Panel("history", _("History"), "documents/history/_panel.html", history.panel_context, fresh=True),
    Panel(
        "check", _("Check"), "documents/checklist/_panel.html", checklist_presenters.panel_context, fresh=True
    ),
    Panel("terms", _("Terms"), "documents/terms/_panel.html", glossary_panel_views.panel_context),
)


def shown_panels(request: HttpRequest, text: DraftText, page: dict[str, Any]) -> list[Shown]:
    """All tabs, one of them open. `page` is what the page of the text has."""
    wanted = request.GET.get("side", "")
    key = wanted if wanted in {panel.key for panel in PANELS} else PANELS[0].key
    return [_shown(panel, request, text, page, is_open=panel.key == key) for panel in PANELS]


def one_panel(request: HttpRequest, text: DraftText, page: dict[str, Any]) -> HttpResponse:
    """The words of the panel that the address names. Raises Http404 for one that does not exist."""
    for panel in PANELS:
        if panel.key == request.GET.get("side"):
            return HttpResponse(_shown(panel, request, text, page, is_open=True).words)
    raise Http404


def _shown(
    panel: Panel, request: HttpRequest, text: DraftText, page: dict[str, Any], *, is_open: bool
) -> Shown:
    context = {**page, **panel.context(request, text)}
    words = render_to_string(panel.template, context, request)
    return Shown(panel, context.get("count"), is_open, words)
