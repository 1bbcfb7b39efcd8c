"""What stands beside a text: the tabs of its side panel, each a template with a context of its own.

A capability adds its tab with one `Panel`: a word for the address (`?side=`), a label, a template and a
function `(request, text) -> dict`. The template also has what the page of a text has (`text`, `draft`,
`workspace`, `access`); `count` in the function's answer is shown on the tab. All panels are on the page, one
of them open; a request of htmx with `?side=` gets that panel's words alone, anew.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.approval.views.rounds import timeline
from documents.capability import SidePanel, text_panels
from documents.drafts.access import to_text
from documents.drafts.actions.manage import mark_up_to_date
from documents.drafts.enums import Handling, RoundState
from documents.drafts.forms import VersionForm
from documents.drafts.models import DraftText
from documents.drafts.permissions import (
    may_edit_draft_settings,
    may_edit_text,
    may_name_version,
    may_submit_for_approval,
)
from documents.drafts.presenters import language_tabs
from documents.drafts.queries import texts_of
from documents.editor.views.script_data import TextPane, script_context, text_pane, translation_status
from documents.facts.views import changed_facts


@dataclass(frozen=True)
class PanelTab:
    """A tab with its rendered panel."""

    panel: SidePanel
    count: int | None
    is_open: bool
    words: SafeString


def panel_tabs(request: HttpRequest, text: DraftText, page: dict[str, Any]) -> list[PanelTab]:
    """All tabs, one of them open: the first, unless the address names another. `page` is what the page of the
    text has."""
    wanted, panels = request.GET.get("side", ""), text_panels()
    key = wanted if wanted in {panel.key for panel in panels} else panels[0].key
    return [_panel_tab(panel, request, text, page, is_open=panel.key == key) for panel in panels]


def single_panel_response(request: HttpRequest, text: DraftText, page: dict[str, Any]) -> HttpResponse:
    """Render the panel named in the URL. Raises Http404 if it does not exist."""
    for panel in text_panels():
        if panel.key == request.GET.get("side"):
            return HttpResponse(_panel_tab(panel, request, text, page, is_open=True).words)
    raise Http404


def _panel_tab(
    panel: SidePanel, request: HttpRequest, text: DraftText, page: dict[str, Any], *, is_open: bool
) -> PanelTab:
    context = {**page, **import_string(panel.context)(request, text)}
    words = render_to_string(panel.template, context, request)
    return PanelTab(panel, context.get("count"), is_open, words)


# --- page ---
# Page of a text in one language: for writing or reading.


@member_required
@require_safe
def edit_text_page(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Render the text: live for writing, static for reading; `?beside=`: a second language."""
    access, found = to_text(request, draft, language)
    context = _page_context(access, found)
    if request.headers.get("HX-Request") and "side" in request.GET:
        return single_panel_response(request, found, context)
    pane, other = text_pane(access, found), _pane_beside(access, found, request.GET.get("beside", ""))
    context |= {
        "pane": pane,
        "panes": [pane] if other is None else [pane, other],
        "other": other,
        "alone": other is None,
        "script": script_context(found.draft),
        "changed_facts": changed_facts(found),
        "side_panels": panel_tabs(request, found, context),
    }
    return render(request, "documents/editor/text.html", context)


def _page_context(access: Access, found: DraftText) -> dict[str, Any]:
    tabs = language_tabs(found)
    return {
        "access": access,
        "workspace": access.workspace,
        "draft": found.draft,
        "text": found,
        "handling": Handling(found.draft.handling),
        "tabs": tabs,
        "languages_beside": [tab for tab in tabs if not tab.current],
        "may_edit": may_edit_text(access, found.draft),
        "steps": timeline(found.draft),
        "may_tend": may_edit_draft_settings(access, found.draft),
        "may_name": may_name_version(access, found.draft),
        "may_put": may_submit_for_approval(access, found.draft),
        "round": found.draft.rounds.filter(state=RoundState.OPEN).first(),
        "version_form": VersionForm(auto_id="version_%s"),
        **translation_status(found),
    }


def _pane_beside(access: Access, found: DraftText, wanted: str) -> TextPane | None:
    """Return the second language beside the text; None if not requested or missing."""
    other = texts_of(found.draft).filter(language=wanted).exclude(pk=found.pk).first() if wanted else None
    if other is None:
        return None
    other.draft = found.draft
    return text_pane(access, other)


@member_required
@require_POST
def confirm_up_to_date(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Mark this translation as up to date with its source."""
    access, found = to_text(request, draft, language)
    seen = request.POST.get("seen_revision", "")
    if seen.isdecimal() and len(seen) < 10:
        mark_up_to_date(access=access, text=found, seen_revision=int(seen))
        messages.success(request, _("This text counts as up to date."))
    return redirect(found)
