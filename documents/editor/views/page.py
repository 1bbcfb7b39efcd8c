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
from documents.capability import Panel, text_panels
from documents.drafts.access import to_text
from documents.drafts.actions.manage import mark_up_to_date
from documents.drafts.enums import Handling, RoundState
from documents.drafts.forms import VersionForm
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_edit_text, may_name_version, may_put_to_approval, may_tend
from documents.drafts.presenters import language_tabs
from documents.drafts.queries import texts_of
from documents.editor.views.script_data import Pane, beside, pane_of, script_context
from documents.facts.views import changed_facts


@dataclass(frozen=True)
class Shown:
    """A tab with the words of its panel."""

    panel: Panel
    count: int | None
    is_open: bool
    words: SafeString


def shown_panels(request: HttpRequest, text: DraftText, page: dict[str, Any]) -> list[Shown]:
    """All tabs, one of them open: the first, unless the address names another. `page` is what the page of the
    text has."""
    wanted, panels = request.GET.get("side", ""), text_panels()
    key = wanted if wanted in {panel.key for panel in panels} else panels[0].key
    return [_shown(panel, request, text, page, is_open=panel.key == key) for panel in panels]


def one_panel(request: HttpRequest, text: DraftText, page: dict[str, Any]) -> HttpResponse:
    """The words of the panel that the address names. Raises Http404 for one that does not exist."""
    for panel in text_panels():
        if panel.key == request.GET.get("side"):
            return HttpResponse(_shown(panel, request, text, page, is_open=True).words)
    raise Http404


def _shown(
    panel: Panel, request: HttpRequest, text: DraftText, page: dict[str, Any], *, is_open: bool
) -> Shown:
    context = {**page, **import_string(panel.context)(request, text)}
    words = render_to_string(panel.template, context, request)
    return Shown(panel, context.get("count"), is_open, words)


# --- page ---
# The page of a text in one language: writing it, or reading it.


@member_required
@require_safe
def text(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """The text, written in its live document, read without it; `?beside=`: another language beside it."""
    access, found = to_text(request, draft, language)
    context = _context(access, found)
    if request.headers.get("HX-Request") and "side" in request.GET:
        return one_panel(request, found, context)
    pane, other = pane_of(access, found), _other(access, found, request.GET.get("beside", ""))
    context |= {
        "pane": pane,
        "panes": [pane] if other is None else [pane, other],
        "other": other,
        "alone": other is None,
        "script": script_context(found.draft),
        "changed_facts": changed_facts(found),
        "side_panels": shown_panels(request, found, context),
    }
    return render(request, "documents/editor/text.html", context)


def _context(access: Access, found: DraftText) -> dict[str, Any]:
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
        "may_tend": may_tend(access, found.draft),
        "may_name": may_name_version(access, found.draft),
        "may_put": may_put_to_approval(access, found.draft),
        "round": found.draft.rounds.filter(state=RoundState.OPEN).first(),
        "version_form": VersionForm(auto_id="version_%s"),
        **beside(found),
    }


def _other(access: Access, found: DraftText, wanted: str) -> Pane | None:
    """The language that stands beside the text; None where none is asked for, or there is no such one."""
    other = texts_of(found.draft).filter(language=wanted).exclude(pk=found.pk).first() if wanted else None
    if other is None:
        return None
    other.draft = found.draft
    return pane_of(access, other)


@member_required
@require_POST
def up_to_date(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Say that this translation holds everything that the text it is based on says."""
    access, found = to_text(request, draft, language)
    seen = request.POST.get("seen_revision", "")
    if seen.isdecimal() and len(seen) < 10:
        mark_up_to_date(access=access, text=found, seen_revision=int(seen))
        messages.success(request, _("This text counts as up to date."))
    return redirect(found)
