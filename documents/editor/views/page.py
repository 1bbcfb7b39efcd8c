"""The page of a text in one language: writing it, or reading it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.workspaces import access as door
from coalition.workspaces.rules import Access
from documents.approval.views.phases import timeline
from documents.drafts.access import to_text
from documents.drafts.actions.settings import mark_up_to_date
from documents.drafts.enums import Handling, RoundState
from documents.drafts.forms import VersionForm
from documents.drafts.models.draft import DraftText
from documents.drafts.permissions import may_edit_text, may_name_version, may_put_to_approval, may_tend
from documents.drafts.queries.drafts import texts_of
from documents.editor.views.overview import beside, language_tabs
from documents.editor.views.script_data import Pane, pane_of, script_context
from documents.editor.views.side_panel import one_panel, shown_panels
from documents.facts.views.in_text import changed_facts


@door.members_only
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


@door.members_only
@require_POST
def up_to_date(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Say that this translation holds everything that the text it is based on says."""
    access, found = to_text(request, draft, language)
    seen = request.POST.get("seen_revision", "")
    if seen.isdecimal() and len(seen) < 10:
        mark_up_to_date(access=access, text=found, seen_revision=int(seen))
        messages.success(request, _("This text counts as up to date."))
    return redirect(found)
