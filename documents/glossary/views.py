"""Views of the glossary: list, search, edit with history, and data for the editor."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from documents.drafts.access import access_to_drafts
from documents.drafts.enums import GlossaryAct, GlossaryField
from documents.drafts.models import DraftText
from documents.drafts.permissions import require_that
from documents.glossary.actions import add_term, change_term, remove_term, restore_term
from documents.glossary.forms import TermForm
from documents.glossary.matching import FIELDS, editor_hints, term_fields
from documents.glossary.models import GlossaryChange, GlossaryTerm
from documents.glossary.queries import (
    all_terms_for,
    changes_of,
    editing_seat,
    glossary_version,
    may_read_glossary,
    search_terms,
    terms_for,
)

ON_A_PAGE = 50


@dataclass(frozen=True)
class TermChangeRow:
    """One change of a term, with the names that the viewer may see."""

    change: GlossaryChange
    act: str
    by: str
    organisation: str
    differences: list[tuple[str, str, str]]

    @property
    def can_restore(self) -> bool:
        return bool(self.change.before)


@member_required
@require_safe
def glossary_page(request: HttpRequest) -> HttpResponse:
    """List terms, sorted in the reader's language; `?q=`, `?field=`; `?removed=1`: removed ones."""
    _require_reader(request)
    query, field = request.GET.get("q", "")[:100], request.GET.get("field", "")
    removed = request.GET.get("removed") == "1"
    found = search_terms(
        terms_for(request.user, removed=removed), words=query, field=field, language=get_language() or "kk"
    )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "query": query,
        "field": field if field in GlossaryField.values else "",
        "fields": GlossaryField.choices,
        "removed": removed,
        "page_query": _filter_query(query, field, removed=removed),
        "may_edit": editing_seat(get_person(request)) is not None,
        "nav_current": "glossary",
    }
    return render(request, "documents/glossary/list.html", context)


@member_required
@require_safe
def show_term(request: HttpRequest, term: UUID) -> HttpResponse:
    """Render one term with its history."""
    found = _term_or_404(request, term)
    viewer = get_viewer(request)
    history = Paginator(changes_of(found), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "term": found,
        "languages": [
            (language, getattr(found, language), *_avoid_and_note(found, language)) for language in Language
        ],
        "history": [_term_change_row(viewer, change) for change in history.object_list],
        "page": history,
        "may_edit": editing_seat(get_person(request)) is not None,
        "nav_current": "glossary",
    }
    return render(request, "documents/glossary/term.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_glossary_term(request: HttpRequest) -> HttpResponse:
    """Add a term."""
    _require_editor(request)
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_term(person=get_person(request), said=_term_from_form(form))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The term is in the glossary."))
            return redirect(made)
    return form_page(request, "documents/glossary/edit.html", {"form": form, "nav_current": "glossary"})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_glossary_term(request: HttpRequest, term: UUID) -> HttpResponse:
    """Change a term."""
    found = _term_or_404(request, term)
    _require_editor(request)
    newest = changes_of(found).values_list("pk", flat=True).first() or 0
    form = TermForm(request.POST or None, initial={**term_fields(found), "seen": newest})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            change_term(person=get_person(request), term=found, said=_term_from_form(form), seen=seen)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {"form": form, "term": found, "nav_current": "glossary"}
    return form_page(request, "documents/glossary/edit.html", context)


@member_required
@require_POST
def remove_glossary_term(request: HttpRequest, term: UUID) -> HttpResponse:
    """Remove a term; its page explains how to restore it."""
    found = _term_or_404(request, term)
    remove_term(person=get_person(request), term=found)
    messages.success(request, _("The term is taken out. Its history can bring it back."))
    return redirect(found)


@member_required
@require_POST
def restore_glossary_term(request: HttpRequest, term: UUID, change: int) -> HttpResponse:
    """Reset a term to its words before a change."""
    found = _term_or_404(request, term)
    earlier = get_object_or_404(changes_of(found), pk=change)
    with flash_result(request, _("The term says again what it said before.")):
        restore_term(person=get_person(request), change=earlier)
    return redirect(found)


@member_required
@require_safe
def editor_hints_json(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Return the data for hints to people who read drafts here.
    An unchanged repeat request gets 304."""
    access_to_drafts(request, workspace)
    etag = f'"{hashlib.sha256(glossary_version().encode()).hexdigest()[:20]}"'
    answer: HttpResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponseNotModified()
    else:
        answer = JsonResponse(editor_hints(terms_for(request.user).order_by("id")))
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _filter_query(query: str, field: str, *, removed: bool) -> str:
    """Return the query string for links to other pages of the list."""
    kept = {"q": query, "field": field, "removed": "1" if removed else ""}
    said = urlencode({name: value for name, value in kept.items() if value})
    return f"{said}&" if said else ""


def _require_reader(request: HttpRequest) -> None:
    if not may_read_glossary(request.user):
        raise Http404


def _require_editor(request: HttpRequest) -> None:
    _require_reader(request)
    require_that(editing_seat(get_person(request)) is not None, _("Coordinators edit the glossary."))


def _term_or_404(request: HttpRequest, uuid: UUID) -> GlossaryTerm:
    return get_object_or_404(all_terms_for(request.user), uuid=uuid)


def _term_from_form(form: TermForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in FIELDS}


def _avoid_and_note(term: GlossaryTerm, language: str) -> tuple[str, str]:
    return getattr(term, f"avoid_{language}"), getattr(term, f"note_{language}")


def _term_change_row(viewer: Viewer, change: GlossaryChange) -> TermChangeRow:
    by = (
        person_name(viewer, change.person, change.organisation)
        if change.person
        else _("Someone who has left")
    )
    return TermChangeRow(
        change=change,
        act=str(GlossaryAct(change.act).label),
        by=by,
        organisation=display_name_for(viewer, change.organisation),
        differences=_differences(change),
    )


def _differences(change: GlossaryChange) -> list[tuple[str, str, str]]:
    """Return the differences: name, old value, new value. Empty for an added or removed term."""
    if not change.before or not change.after:
        return []
    labels = dict(GlossaryField.choices)

    def shown(state: dict[str, Any], name: str) -> str:
        value = str(state.get(name, ""))
        return str(labels.get(value, value)) if name == "field" else value

    return [
        (_field_label(name), shown(change.before, name), shown(change.after, name))
        for name in FIELDS
        if change.before.get(name, "") != change.after.get(name, "")
    ]


def _field_label(name: str) -> str:
    what, _underscore, code = name.rpartition("_")
    if name == "field":
        return _("Field")
    language = Language(code or name).label
    if what == "avoid":
        return _("Avoid (%(language)s)") % {"language": language}
    return _("Note (%(language)s)") % {"language": language} if what == "note" else str(language)


# --- panel ---
# Tab of glossary terms in a text: filled by the editor from the text's words.


def glossary_panel_context(_request: HttpRequest, _text: DraftText) -> dict[str, Any]:
    """Return the context of the tab."""
    return {"count": 0}
